"""Which login each connection and each Streamlit session belongs to, kept out of a page's reach."""

import hashlib
from collections import OrderedDict
from threading import Lock
from typing import Final

_MAX_KEPT: Final = 100_000  # the oldest are forgotten first, and have to be admitted again


class _Logins:
    """The hash of a login's token for each of many names. Any thread may ask and change it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._logins: OrderedDict[str, str] = OrderedDict()

    def keep(self, name: str, token_hash: str | None) -> None:
        with self._lock:
            self._logins.pop(name, None)
            if token_hash:
                self._logins[name] = token_hash
            if len(self._logins) > _MAX_KEPT:
                self._logins.popitem(last=False)

    def find(self, name: str) -> str | None:
        return self._logins.get(name)


_connections = _Logins()
_sessions = _Logins()


def connection_name(websocket_key: str) -> str:
    """Return what a connection is called here: the hash of its key, which may be in a page.

    Args:
        websocket_key: The Sec-WebSocket-Key of its handshake, new for every one
            (RFC 6455, 4.1) and known to this browser and this server only.
    """
    return hashlib.sha256(websocket_key.encode()).hexdigest()


def admit(connection: str, token_hash: str | None) -> None:
    """Keep which login the gate admitted a connection with; None if with none."""
    _connections.keep(connection, token_hash)


def admitted_with(connection: str) -> str | None:
    """Return the token's hash of the login that the gate admitted a connection with, or None."""
    return _connections.find(connection)


def forget(connection: str) -> None:
    """Forget a connection that is closed."""
    _connections.keep(connection, None)


def own(session_id: str, token_hash: str | None) -> None:
    """Keep which login a Streamlit session belongs to.

    Args:
        session_id: Streamlit's id of the session.
        token_hash: The hash of the login's token, or None: then nobody may resume the session.
    """
    _sessions.keep(session_id, token_hash)


def owner_of(session_id: str) -> str | None:
    """Return the hash of the token of the login that a Streamlit session belongs to, or None."""
    return _sessions.find(session_id)
