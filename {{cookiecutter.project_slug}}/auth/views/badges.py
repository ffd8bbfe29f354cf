"""Badges that say what is special about a user's login."""

from auth import texts
from auth.login import one_time
from auth.records import User

from auth.views import tables


def of(user: User) -> tables.Html:
    """Return the badges of a user."""
    say, badges = texts.current(), list[tables.Html]()
    if user.disabled:
        badges.append(tables.badge(say.disabled, "bad"))
    if user.is_demo:
        badges.append(tables.badge(say.demo_user, "open"))
    if one_time.is_over(user):
        badges.append(tables.badge(say.one_time_expired, "bad"))
    elif user.has_one_time_password:
        badges.append(tables.badge(say.one_time, "open"))
    return tables.join(*badges)
