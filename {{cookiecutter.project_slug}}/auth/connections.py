"""What the gate has admitted each connection to, for what Streamlit does without a script run."""

import hashlib
from collections import OrderedDict
from threading import Lock

_MAX_CONNECTIONS = 100_000

_lock = Lock()
_connections: OrderedDict[str, str | None] = OrderedDict()


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
        if connection not in _connections and len(_connections) >= _MAX_CONNECTIONS:
            _connections.popitem(last=False)
        _connections[connection] = token_hash


def admitted_with(connection: str) -> str | None:
    """Return the token's hash of the login that the gate admitted a connection with, or None."""
    return _connections.get(connection)


def forget(connection: str) -> None:
    """Forget a connection that is closed."""
    with _lock:
        _connections.pop(connection, None)
