"""Which login each Streamlit session belongs to, kept out of a page's reach."""

from collections import OrderedDict
from threading import Lock
from typing import Final

_MAX_KEPT: Final = 100_000  # the oldest are forgotten first: then nobody may resume them

_lock = Lock()
_owners: OrderedDict[str, str] = OrderedDict()


def own(session_id: str, token_hash: str | None) -> None:
    """Keep which login a Streamlit session belongs to.

    Args:
        session_id: Streamlit's id of the session.
        token_hash: The hash of the login's token, or None: then nobody may resume the session.
    """
    with _lock:
        _owners.pop(session_id, None)
        if token_hash:
            _owners[session_id] = token_hash
        if len(_owners) > _MAX_KEPT:
            _owners.popitem(last=False)


def owner_of(session_id: str) -> str | None:
    """Return the hash of the token of the login that a Streamlit session belongs to, or None."""
    return _owners.get(session_id)
