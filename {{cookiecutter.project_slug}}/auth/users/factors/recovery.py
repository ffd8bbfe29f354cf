"""Recovery codes: each lets a user in once who does not have their second factor at hand."""

import hashlib
import re
import secrets
from typing import Final

from auth.events import Event, record
from auth.records import User
from auth.stores import factors

_COUNT: Final = 10
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # without those that look like 1 and 0
_LENGTH: Final = 25  # 114 bits, so that a hash of it needs no work to guess (ASVS 5.0, 6.5.2)
_GROUP: Final = 5


def make_codes(user: User) -> list[str]:
    """Return new recovery codes of a user, which replace those that they had.

    Raises:
        UnknownUserError: The user was removed meanwhile.
    """
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(_COUNT)]
    factors.current().set_codes(user, [_hash(user, code) for code in codes])
    record(Event.RECOVERY_CODES_MADE, user=user)
    return ["-".join(re.findall("." * _GROUP, code)) for code in codes]


def use_code(user: User, text: str) -> bool:
    """Use up a recovery code, and tell whether the user had it: of many who ask at once, one does.

    Args:
        user: Who wants to log in.
        text: What they typed. Case does not matter, nor what stands between the letters.
    """
    code = re.sub("[^A-Z]", "", text.upper())
    is_used = len(code) == _LENGTH and factors.current().use_code(user, _hash(user, code))
    if is_used:
        record(Event.RECOVERY_CODE_USED, user=user)
    return is_used


def codes_left(user: User) -> int:
    """Return how many recovery codes a user has left."""
    return factors.current().count_codes(user)


def _hash(user: User, code: str) -> str:
    return hashlib.sha256(f"{user.id}:{code}".encode()).hexdigest()
