"""Password hashes: argon2id, and those of other programs until their user logs in.

A password is what a person types, and one keyboard sends `é` as one character and another
as two: what is hashed is its normal form NFC (NIST SP 800-63B-4, 3.1.1.2).
"""

import os
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from typing import Any, NamedTuple

from auth.passwords import foreign

MIN_LENGTH = 8  # ASVS 5.0, 6.2.1
MAX_LENGTH = 1024
_MAX_HASH = 255  # characters, for which every store has room
_MAX_PARTS = 4  # that one character of a normal form can be typed as

# Of OWASP's password storage cheat sheet. More memory at once would slow down everybody else
# while many log in.
_MEBIBYTES = 19
_PASSES = 2

_LEAST = {"memory_cost": 8, "time_cost": 1, "parallelism": 1}
_QUICK = "$argon2id$v=19$m=8,t=1,p=1$"

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


def hash_random(password: str) -> str:
    """Return a quick argon2id hash of a password that was made up of random characters.

    A slow hash is for what people choose: nobody tries as many as 99 random bits have.
    """
    return str(_context().handler("argon2").using(**_LEAST).hash(password))


def check_password(password: str, password_hash: str | None) -> PasswordCheck:
    """Check a password against a hash, or against none, in the same time.

    A hash of another program takes the time that it takes there, until it is replaced.

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
    return why_unusable(password_hash) is None


def why_unusable(password_hash: str) -> str | None:
    """Return why no password can be checked against a hash, in a few words, or None."""
    scheme = _context().identify(password_hash)
    if scheme is None:
        return "is of a kind that this app cannot check, or is no hash"
    try:
        parsed = _context().handler(scheme).from_string(password_hash)
    except _DAMAGED:
        return "is damaged"
    if not parsed.checksum:
        return "is cut short"
    if len(password_hash) > _MAX_HASH:
        return "is too long to be kept"
    if foreign.is_too_costly(parsed):
        return "would cost too much time or memory at each login"
    return None


@cache
def _context() -> Any:
    from passlib.context import CryptContext  # only now: no page before the first login needs it

    return CryptContext(
        schemes=["argon2", *foreign.SCHEMES],
        deprecated="auto",  # every one but the first
        argon2__memory_cost=_MEBIBYTES * 1024,
        argon2__time_cost=_PASSES,
        argon2__parallelism=1,
    )


def _check(password: str, password_hash: str | None) -> PasswordCheck:
    if password_hash and not is_usable(password_hash):
        password_hash = None
    normal = normal_form(password)
    for form in dict.fromkeys([normal, password]):
        if _is_of(form, password_hash):
            is_good = form == normal and not _context().needs_update(password_hash)
            is_kept = is_good or _is_cut(form, password_hash)
            return PasswordCheck(True, None if is_kept else _context().hash(normal))
    return PasswordCheck(correct=False, better_hash=None)


def _is_of(form: str, password_hash: str | None) -> bool:
    """Tell whether a hash is that of a text. A check that says no takes as long as with no hash."""
    if password_hash:
        secret = form.encode()
        if _is_cut(form, password_hash):
            secret = secret[: foreign.BCRYPT_BYTES]
        with suppress(*_DAMAGED):  # a damaged hash fits no password
            if _context().verify(secret, password_hash):
                return True
            if not password_hash.startswith(_QUICK):
                return False
    _context().verify("", _NOBODYS_HASH)
    return False


def _is_cut(form: str, password_hash: str | None) -> bool:
    """Tell whether a hash is only of the beginning of a text.

    Then nobody knows whether the rest was typed as it was chosen, and the hash stays.
    """
    is_bcrypt = bool(password_hash) and _context().identify(password_hash) == "bcrypt"
    return is_bcrypt and len(form.encode()) > foreign.BCRYPT_BYTES


def _encodes(text: str) -> bool:
    """Tell whether a text is one that UTF-8 has bytes for: half a surrogate pair is not."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
