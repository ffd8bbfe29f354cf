"""The names of users: which there can be, and how they are stored."""

import re

from auth import texts
from auth.records import NotAcceptableError

_USERNAME = re.compile(r"[a-z0-9._@-]{1,64}")


def stored_form(text: str) -> str:
    """Return a name as it is stored: case does not count, nor do spaces around it.

    >>> stored_form(" Ann "), stored_form("\\u212a")
    ('ann', '\\u212a')

    Args:
        text: What was typed. Only A to Z change: the sign for kelvin is no K.
    """
    return "".join(map(_lower, text.strip()))


def is_username(text: str) -> bool:
    """Tell whether a text is a name that a user can have, as it is stored."""
    return _USERNAME.fullmatch(text) is not None


def acceptable_name(text: str) -> str:
    """Return the name of a new user as it is stored.

    Raises:
        NotAcceptableError: It is not acceptable; the message says why.
    """
    name = stored_form(text)
    if not is_username(name):
        raise NotAcceptableError(texts.current().username_rule)
    return name


def _lower(character: str) -> str:
    return character.lower() if character.isascii() else character
