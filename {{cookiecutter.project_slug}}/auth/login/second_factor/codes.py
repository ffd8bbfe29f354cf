"""The codes of authenticator apps: six digits every 30 seconds (RFC 6238)."""

from datetime import datetime

import pyotp
from pyotp.exceptions import OTPVerificationError

from auth.records import User
from auth.settings import load_settings


def new_seed() -> str:
    """Return 160 random bits as 32 characters, as people type them into an app."""
    return pyotp.random_base32()


def address_of(user: User, seed: str) -> str:
    """Return what an app reads from a picture: the otpauth address of a user's seed."""
    app = load_settings().app_name
    return pyotp.TOTP(seed).provisioning_uri(name=user.username, issuer_name=app)


def find_step(seed: str, code: str, now: datetime) -> int | None:
    """Return the number of the 30 seconds since 1970 that a code is of, or None if it is wrong.

    Args:
        seed: The seed.
        code: What was typed, with or without spaces.
        now: The time.
    """
    tolerance = load_settings().totp_tolerance
    typed = "".join(code.split())
    if not typed.isascii():
        return None
    try:
        return pyotp.TOTP(seed).verify_and_get_timecode(typed, for_time=now, valid_window=tolerance)
    except OTPVerificationError:
        return None
