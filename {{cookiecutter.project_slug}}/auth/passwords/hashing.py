"""Password hashes: argon2id.

A password is what a person types, and one keyboard sends `é` as one character and another
as two: what is hashed is its normal form NFC (NIST SP 800-63B-4, 3.1.1.2).
"""

import os
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from typing import Any, NamedTuple

MIN_LENGTH = 8  # ASVS 5.0, 6.2.1
MAX_LENGTH = 1024
_MAX_PARTS = 4  # that one character of a normal form can be typed as

# Of OWASP's password storage cheat sheet. More memory at once would slow down everybody else
# while many log in.
_MEBIBYTES = 19
_PASSES = 2

# A thread keeps some of the memory of a hash for good: so few, and always the same.
_workers = ThreadPoolExecutor(min(4, os.cpu_count() or 1), thread_name_prefix="password")

# What is checked for a user who does not exist: every login takes as long as one with this hash.
_NOBODYS_HASH = f"$argon2id$v=19$m={_MEBIBYTES * 1024},t={_PASSES},p=1$" + "A" * 22 + "$" + "A" * 43

# What passlib raises for a hash that cannot be one: TypeError is about its base64.
_DAMAGED = (TypeError, ValueError)


class PasswordCheck(NamedTuple):
    """What a check found.

    Attributes:
        correct: Whether the password is the one that was hashed.
        better_hash: A stronger hash of it to keep from now on, or None.
    """

    correct: bool
    better_hash: str | None


def get_ready() -> None:
    """Have a thread load what the first password would wait for."""
    _workers.submit(lambda: _context().handler("argon2").get_backend())


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password, in PHC string format."""
    return str(_workers.submit(lambda: _context().hash(normal_form(password))).result())


def check_password(password: str, password_hash: str | None) -> PasswordCheck:
    """Check a password against a hash, or against none, in the same time.

    What is typed in another than the normal form may have been hashed so elsewhere: then,
    and only then, both are tried, whatever the hash and whether there is one.

    Args:
        password: What was typed.
        password_hash: The hash to check against; None if there is no such user.
    """
    if not is_possible(password):
        password, password_hash = "", None
    return _workers.submit(_check, password, password_hash).result()


def is_possible(password: str) -> bool:
    """Tell whether a text can be a password, whatever its strength."""
    if len(password) > _MAX_PARTS * MAX_LENGTH or "\0" in password or not _encodes(password):
        return False
    return len(normal_form(password)) <= MAX_LENGTH


def normal_form(password: str) -> str:
    """Return a password as it is hashed, however its characters were typed.

    >>> normal_form("cre\u0300me") == "cr\u00e8me"
    True
    """
    return unicodedata.normalize("NFC", password)


def is_usable(password_hash: str) -> bool:
    """Tell whether a password can be checked against a hash."""
    scheme = _context().identify(password_hash)
    if scheme is None:
        return False
    try:
        parsed = _context().handler(scheme).from_string(password_hash)
    except _DAMAGED:
        return False
    return bool(parsed.checksum)  # A hash that was cut short may have none.


@cache
def _context() -> Any:
    from passlib.context import CryptContext  # only now: no page before the first login needs it

    return CryptContext(
        schemes=["argon2"],
        argon2__memory_cost=_MEBIBYTES * 1024,
        argon2__time_cost=_PASSES,
        argon2__parallelism=1,
    )


def _check(password: str, password_hash: str | None) -> PasswordCheck:
    if password_hash and not is_usable(password_hash):
        password_hash = None
    normal = normal_form(password)
    for form in dict.fromkeys([normal, password]):
        correct, better_hash = _compare(form, password_hash)
        if correct:
            return PasswordCheck(
                correct, better_hash if form == normal else _context().hash(normal)
            )
    return PasswordCheck(correct=False, better_hash=None)


def _compare(form: str, password_hash: str | None) -> tuple[bool, str | None]:
    if password_hash:
        with suppress(*_DAMAGED):  # a damaged hash fits no password
            correct, better_hash = _context().verify_and_update(form, password_hash)
            return correct, better_hash
    _context().verify("", _NOBODYS_HASH)
    return False, None


def _encodes(text: str) -> bool:
    """Tell whether a text is one that UTF-8 has bytes for: half a surrogate pair is not."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
