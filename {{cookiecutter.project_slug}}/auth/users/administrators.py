"""Administrators: there always is one, and nobody stops being one by their own doing."""

from typing import Final

from auth.records import User
from auth.visitor import visiting

ROLE: Final = "admin"


class OwnAccountError(Exception):
    """Somebody else has to do this to the account of whoever is acting."""


def is_one(user: User) -> bool:
    """Tell whether a user may log in and manage users."""
    return ROLE in user.roles and not (user.disabled or user.has_one_time_password)


def role_to_keep(user: User, force: bool) -> str | None:
    """Return the role that another user has to have before this one can lose it.

    Args:
        user: Who is to be disabled, removed, or no administrator any more.
        force: Whether nobody else has to be one.

    Raises:
        OwnAccountError: It is whoever is acting.
    """
    check_not_oneself(user)
    return None if force else ROLE


def check_not_oneself(user: User) -> None:
    """Raise OwnAccountError if it is whoever is acting."""
    if visiting.current().actor == user.username:
        raise OwnAccountError(user.username)
