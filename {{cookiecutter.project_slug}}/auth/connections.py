"""What the gate has admitted each connection to, for what Streamlit does without a script run."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

_MAX_CONNECTIONS = 100_000


@dataclass
class _Connection:
    token_hash: str | None = None
    own_fragments: set[str] = field(default_factory=set)


_lock = Lock()
_connections: OrderedDict[str, _Connection] = OrderedDict()


def name(websocket_key: str) -> str:
    """Return what a connection is called here: the hash of its key, which may be in a page.

    Args:
        websocket_key: The Sec-WebSocket-Key of its handshake, new for every one
            (RFC 6455, 4.1) and known to this browser and this server only.
    """
    return hashlib.sha256(websocket_key.encode()).hexdigest()


def admit(connection: str, token_hash: str | None) -> None:
    """Keep which login the gate admitted a connection with; None if with none."""
    with _lock:
        _get(connection).token_hash = token_hash


def admitted_with(connection: str) -> str | None:
    """Return the token's hash of the login that the gate admitted a connection with, or None."""
    found = _connections.get(connection)
    return found.token_hash if found else None


def allow_fragment(connection: str, fragment_id: str) -> None:
    """Let a connection run a fragment of the login itself, logged in or not."""
    with _lock:
        _get(connection).own_fragments.add(fragment_id)


def may_run_fragment(connection: str, fragment_id: str) -> bool:
    """Tell whether a fragment is one of the login itself."""
    found = _connections.get(connection)
    return found is not None and fragment_id in found.own_fragments


def forget(connection: str) -> None:
    """Forget a connection that is closed."""
    with _lock:
        _connections.pop(connection, None)


def _get(connection: str) -> _Connection:
    if connection not in _connections and len(_connections) >= _MAX_CONNECTIONS:
        _connections.popitem(last=False)
    return _connections.setdefault(connection, _Connection())
