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
    if user.has_one_time_password:
        is_over = one_time.is_over(user)
        invited = say.invitation_expired if is_over else say.has_invitation
        one_time_one = say.one_time_expired if is_over else say.one_time
        text = invited if user.is_invited else one_time_one
        badges.append(tables.badge(text, "bad" if is_over else "open"))
    return tables.join(*badges)
