"""The login cookie that a browser has presented."""

from auth.events import Event, record
from auth.visitor import handshake


def read(name: str) -> str | None:
    """Return the value of a cookie, or None: also if there are two, which is recorded."""
    if handshake.is_ambiguous(name):
        record(Event.COOKIE_MISMATCH, reason="two cookies of one name")
    return handshake.cookie(name)
