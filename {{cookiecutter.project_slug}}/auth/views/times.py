"""Times as people read them: in words, and exactly where they are."""

from datetime import datetime
from html import escape

from auth import clock, texts

from auth.views import time_zone
from auth.views.tables import Html


def ago(time: datetime) -> Html:
    """Return how long ago a time was, with the exact time on it."""
    here = time.astimezone(time_zone.current())
    exact, words = f"{here:%Y-%m-%d %H:%M:%S %Z}", escape(in_words(time))
    return Html(f'<time datetime="{time.isoformat()}" title="{escape(exact)}">{words}</time>')


def in_words(time: datetime) -> str:
    """Return how long ago a time was, in words."""
    say = texts.current()
    seconds = (clock.now() - time).total_seconds()
    for one, many, length in (
        (say.day_ago, say.days_ago, 86400),
        (say.hour_ago, say.hours_ago, 3600),
        (say.minute_ago, say.minutes_ago, 60),
    ):
        if seconds >= length:
            number = int(seconds // length)
            return (one if number == 1 else many).format(number=number)
    return say.just_now
