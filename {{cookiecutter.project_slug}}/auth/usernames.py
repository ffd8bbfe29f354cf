"""What users are called: their names and addresses, which there can be, and how they are stored."""

import re
import unicodedata
from typing import Final

from auth import texts
from auth.records import NotAcceptableError

MAX_EMAIL: Final = 254  # of what can be sent to (RFC 5321, 4.5.3.1.3)
_MAX_DISPLAY_NAME = 64
_USERNAME = re.compile(r"[a-z0-9._@-]{1,64}")
# As browsers check a field for one (HTML, 4.10.5.1.5), in lowercase.
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@" + rf"{_LABEL}(?:\.{_LABEL})*")
# Without these, some languages cannot be written.
_JOINERS = dict.fromkeys(map(ord, "\u200c\u200d"))


def stored_form(text: str) -> str:
    """Return a name or an address as it is stored: case does not count, nor do spaces around it.

    >>> stored_form(" Ann "), stored_form("\\u212a")
    ('ann', '\\u212a')

    Args:
        text: What was typed. Only A to Z change: the sign for kelvin is no K.
    """
    stripped = text.strip()
    return stripped.lower() if stripped.isascii() else "".join(map(_lower, stripped))


def is_username(text: str) -> bool:
    """Tell whether a text is a name that a user can have, as it is stored."""
    return _USERNAME.fullmatch(text) is not None


def is_email(text: str) -> bool:
    """Tell whether a text is an address that a user can have, as it is stored."""
    return len(text) <= MAX_EMAIL and _EMAIL.fullmatch(text) is not None


def is_display_name(text: str) -> bool:
    """Tell whether a text is a display name that a user can have, as it is stored."""
    return 0 < len(text) <= _MAX_DISPLAY_NAME and text == _tidy(text) and is_printable(text)


def is_printable(text: str) -> bool:
    """Tell whether a text has no character that moves others, or that no store could look for."""
    return text.translate(_JOINERS).isprintable()


def acceptable_name(text: str) -> str:
    """Return the name of a new user as it is stored.

    Raises:
        NotAcceptableError: It is not acceptable; the message says why.
    """
    name = stored_form(text)
    if not is_username(name):
        raise NotAcceptableError(texts.current().username_rule)
    return name


def acceptable_email(text: str) -> str | None:
    """Return an address as it is stored, or None if there is nothing but spaces.

    Raises:
        NotAcceptableError: As `acceptable_name`.
    """
    email = stored_form(text)
    if email and not is_email(email):
        raise NotAcceptableError(texts.current().email_rule)
    return email or None


def acceptable_display_name(text: str) -> str | None:
    """Return a display name as it is stored, or None if there is nothing but spaces.

    Raises:
        NotAcceptableError: As `acceptable_name`.
    """
    name = _tidy(text)
    if name and not is_display_name(name):
        raise NotAcceptableError(texts.current().display_name_rule.format(most=_MAX_DISPLAY_NAME))
    return name or None


def searched_form(text: str) -> str:
    """Return what is called the same, whatever its case.

    >>> searched_form(" M\u00dcLLER ") == searched_form("mu\u0308ller")
    True
    """
    return _tidy(text).casefold()


def _tidy(text: str) -> str:
    """Return a text with one space between words, however its characters were typed."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _lower(character: str) -> str:
    return character.lower() if character.isascii() else character
