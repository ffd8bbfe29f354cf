"""Random secrets, and what the store and the log know of them."""

import hashlib
import re
import secrets

_SECRET_LENGTH = 43  # characters of URL-safe base64 for 256 bits; ASVS 5.0, 7.2.3 asks for 128
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{86}")


def new_secret() -> str:
    """Return 256 random bits as 43 URL-safe characters."""
    return secrets.token_urlsafe(32)


def new_token() -> str:
    """Return a session's token: two secrets in one, 86 URL-safe characters.

    There are two because a page may be trusted with one of them, and a browser's
    cookie with both: see `halves`.
    """
    return new_secret() + new_secret()


def halves(token: str) -> tuple[str, str]:
    """Return the two secrets of a token."""
    return token[:_SECRET_LENGTH], token[_SECRET_LENGTH:]


def is_secret(text: str) -> bool:
    """Tell whether a text has the form of a secret."""
    return _SECRET.fullmatch(text) is not None


def is_token(text: str) -> bool:
    """Tell whether a text has the form of a session's token."""
    return _TOKEN.fullmatch(text) is not None


def hash_token(text: str) -> str:
    """Return the SHA-256 of a token or a secret in hexadecimal, 64 characters."""
    return hashlib.sha256(text.encode()).hexdigest()


def session_label(token_hash: str) -> str:
    """Return the name of a session in the log: enough to tell it, too little to use."""
    return token_hash[:8]
