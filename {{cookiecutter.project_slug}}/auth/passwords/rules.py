"""What a new password may be: the same for people, for administrators and for the terminal.

Length is all that is asked for, and that the password is not one of those that are
tried first (ASVS 5.0, 6.2). No character has to be in it: such rules make passwords
worse (NIST SP 800-63B-4, 3.1.1.2).
"""

from functools import cache
from pathlib import Path

from auth import texts
from auth.passwords import hashing
from auth.records import NotAcceptableError
from auth.settings import load_settings

# The 3,000 most common passwords of at least 8 characters, by the list that Django has.
_COMMON = Path(__file__).with_name("common_passwords.txt")


def check(password: str, username: str) -> None:
    """Accept a new password of a user, or say which rule it breaks.

    Raises:
        NotAcceptableError: The password is not acceptable; the message is a sentence for whoever chose it.
    """
    say = texts.current()
    # Each character counts once, however it was typed (NIST SP 800-63B-4, 3.1.1.2).
    typed = hashing.normal_form(password)
    if len(typed) < hashing.MIN_LENGTH or not hashing.is_possible(password):
        raise NotAcceptableError(say.password_length.format(**_limits()))
    plain = _plain(typed)
    if plain in _common():
        raise NotAcceptableError(say.password_common)
    if plain == _plain(username):
        raise NotAcceptableError(say.password_is_username)
    settings = load_settings()
    if plain in map(_plain, [settings.app_name, *settings.password_words.split(",")]):
        raise NotAcceptableError(say.password_is_app)


def in_words() -> str:
    """Return the rules as a line to read before a password is chosen."""
    return texts.current().password_rules.format(**_limits())


def _limits() -> dict[str, str]:
    return {"least": str(hashing.MIN_LENGTH), "most": f"{hashing.MAX_LENGTH:,}"}


def _plain(text: str) -> str:
    """Return a text without what people vary first: upper and lower case, and spaces."""
    return "".join(text.casefold().split())


@cache
def _common() -> frozenset[str]:
    return frozenset(_COMMON.read_text(encoding="utf-8").split())
