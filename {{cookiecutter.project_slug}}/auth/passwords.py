"""Password hashes: argon2id for new ones, and the scrypt of the first users."""

import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import NamedTuple

from passlib.context import CryptContext

MIN_LENGTH = 8  # ASVS 5.0, 6.2.1
MAX_LENGTH = 1024

_context = CryptContext(schemes=["argon2", "scrypt"], deprecated="auto")

# Each hash takes 64 MiB for a moment, and a thread keeps some of it for good: so no
# more of them at once than there are cores, and always in the same threads.
_workers = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="password")

_DUMMIES = {
    "argon2": _context.hash(secrets.token_urlsafe()),
    "scrypt": "$scrypt$ln=14,r=8,p=5$" + "A" * 22 + "$" + "A" * 43,
}

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


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password, in PHC string format."""
    return str(_workers.submit(_context.hash, password).result())


def check_password(password: str, password_hash: str | None) -> PasswordCheck:
    """Check a password against a hash, or against none, in the same time.

    One hash of every scheme is computed each time, so that the time tells
    neither whether there is a user nor how old their hash is.

    Args:
        password: What was typed.
        password_hash: The hash to check against; None if there is no such user.
    """
    if not is_possible(password):
        password_hash = None
    return _workers.submit(_check, password, password_hash).result()


def is_possible(password: str) -> bool:
    """Tell whether a text can be a password, whatever its strength."""
    return len(password) <= MAX_LENGTH and "\0" not in password and _encodes(password)


def is_usable(password_hash: str) -> bool:
    """Tell whether a password can be checked against a hash."""
    scheme = _context.identify(password_hash)
    if scheme is None:
        return False
    try:
        parsed = _context.handler(scheme).from_string(password_hash)
    except _DAMAGED:
        return False
    return bool(parsed.checksum)  # A hash that was cut short may have none.


def _check(password: str, password_hash: str | None) -> PasswordCheck:
    check = PasswordCheck(correct=False, better_hash=None)
    scheme_of_hash = _context.identify(password_hash or "")
    for scheme, dummy in _DUMMIES.items():
        if password_hash and scheme == scheme_of_hash:
            with suppress(*_DAMAGED):  # a damaged hash fits no password
                check = PasswordCheck(*_context.verify_and_update(password, password_hash))
        else:
            _context.verify("", dummy)
    return check


def _encodes(text: str) -> bool:
    """Tell whether a text is one that UTF-8 has bytes for: half a surrogate pair is not."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
