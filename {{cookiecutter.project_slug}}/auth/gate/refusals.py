"""Why somebody was not let in, as a sentence for the form."""

import math

from auth import texts
from auth.events import Event, record
from auth.login.by_password import WrongPasswordError
from auth.login.throttle import ThrottledError
from auth.records import StoreReadOnlyError, UnavailableError
from auth.settings import load_settings

# What a login may raise.
REFUSALS = (WrongPasswordError, ThrottledError, UnavailableError)


def explain(error: Exception, wrong: str | None = None, outage: str | None = None) -> str:
    """Return why a login was refused, and record it if the app is to blame.

    Args:
        error: One of REFUSALS.
        wrong: What to say of a wrong password; as the login form says it if None.
        outage: What to say if the store cannot be reached, or a setting is wrong; likewise.
            Of a store that cannot be written, nobody is told to try again.
    """
    say = texts.current()
    if isinstance(error, WrongPasswordError):
        return wrong or say.wrong_login
    if isinstance(error, ThrottledError):
        return say.too_many_failures.format(wait=_in_words(error.seconds))
    record(Event.STORE_UNAVAILABLE, reason=error)
    return say.not_saved if isinstance(error, StoreReadOnlyError) else outage or say.outage


def explain_idle() -> str:
    """Return why a login ended that was not used for too long."""
    return texts.current().was_idle.format(
        time=_in_words(load_settings().session_idle_hours * 3600)
    )


def _in_words(seconds: float) -> str:
    """Return a time in whole hours if that is what it is or it is long, or else in minutes."""
    say = texts.current()
    minutes = max(1, math.ceil(seconds / 60))
    if minutes < 60 or (minutes % 60 and minutes < 24 * 60):
        return (say.minute if minutes == 1 else say.minutes).format(number=minutes)
    hours = math.ceil(minutes / 60)
    return (say.hour if hours == 1 else say.hours).format(number=hours)
