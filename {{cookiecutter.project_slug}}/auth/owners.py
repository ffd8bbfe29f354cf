"""Whose Streamlit session is whose: who may resume it."""

from collections import OrderedDict
from threading import Lock

_MAX_OWNERS = 100_000

_lock = Lock()
_owners: OrderedDict[str, str] = OrderedDict()


def note(session_id: str, token_hash: str | None) -> None:
    """Keep which login a Streamlit session belongs to.

    Args:
        session_id: Streamlit's id of the session.
        token_hash: The hash of the login's token, or None: then nobody may
            resume the session.
    """
    with _lock:
        _owners.pop(session_id, None)
        if token_hash:
            _owners[session_id] = token_hash
        if len(_owners) > _MAX_OWNERS:
            _owners.popitem(last=False)


def owner_of(session_id: str) -> str | None:
    """Return the hash of the token of the login that a Streamlit session belongs to, or None."""
    return _owners.get(session_id)
