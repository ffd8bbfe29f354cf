"""One-time codes, by which a browser fetches its cookie from the server.

A code is worth a token once and for half a minute. The store keeps the code's
hash and the token encrypted with the code: it takes both to have the token.
"""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta

from auth.{{ cookiecutter.store_backend }}_store import open_store
from auth.store import Code

LIFETIME = timedelta(seconds=30)

_CODE = re.compile(r"[A-Za-z0-9_-]{43}")


def mint(token: str) -> str:
    """Return a new code, 43 URL-safe characters of 256 random bits, for a token.

    Args:
        token: A session's token, or "" for a code that clears the cookie.

    Raises:
        StoreUnavailableError: The store cannot be reached.
    """
    code = secrets.token_urlsafe(32)
    sealed = urlsafe_b64encode(_xor(token.encode(), code)).decode()
    open_store().add_code(Code(_hash(code), sealed, datetime.now(UTC) + LIFETIME))
    return code


def redeem(code: str) -> str | None:
    """Return what a code was minted for, once.

    Args:
        code: What the browser sent, however odd.

    Returns:
        The token, or "" to clear the cookie; None if the code is made up, used
        or expired.

    Raises:
        StoreUnavailableError: The store cannot be reached.
    """
    if not _CODE.fullmatch(code):
        return None
    kept = open_store().take_code(_hash(code))
    if kept is None or kept.expires_at <= datetime.now(UTC):
        return None
    return _xor(urlsafe_b64decode(kept.sealed_token), code).decode()


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def _xor(data: bytes, code: str) -> bytes:
    """Encrypt or decrypt with a key as long as a token, made of a code that is used once."""
    pad = hmac.new(code.encode(), b"token", hashlib.sha512).digest()
    return bytes(byte ^ key for byte, key in zip(data, pad, strict=False))
