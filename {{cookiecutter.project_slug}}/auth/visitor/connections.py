"""What the server keeps of each open connection, out of a page's reach."""

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Final, NamedTuple

from auth.records import Found

_MAX_KEPT: Final = 10_000  # where no wall closes them; the oldest have to show their cookie again


class LookUp(NamedTuple):
    """What the store said, when it was asked (UTC), and of which login."""

    asked_at: datetime
    login: str
    found: Found


class PendingCookie(NamedTuple):
    """A login cookie that a browser has yet to get, or to forget.

    Attributes:
        login: The hash of its token; "" if the browser is to forget the one that it has.
        secret: What the browser gets it by, as the cookie's transport has it.
        name: What the login is called in the page.
        since: From when on, UTC.
    """

    login: str
    secret: str
    name: str
    since: datetime


@dataclass(eq=False, slots=True, weakref_slot=True)
class Connection:
    """A connection of a browser's, from its handshake until it is closed.

    Attributes:
        name: What it is called in the page: random, and worth nothing.
        login: The hash of the token of the login that the gate has admitted it with, or None.
        username: Whose login that is, for the log, or None if it is not known yet.
        found: What the wall was told of the login for the last message that has the script run;
            None once the gate has taken it.
        sees_public: Whether the gate has let somebody without a login see a page: its fragments
            are for them.
        cookie: What the browser has yet to do about its login cookie, or None.
    """

    name: str = field(default_factory=lambda: secrets.token_hex(8))
    login: str | None = None
    username: str | None = None
    found: LookUp | None = None
    sees_public: bool = False
    cookie: PendingCookie | None = None

    def release(self) -> None:
        """Forget the login."""
        self.login = self.username = self.found = self.cookie = None
        self.sees_public = False


_lock = Lock()
_open: OrderedDict[str, Connection] = OrderedDict()
_has_wall = False


def leave_to_wall() -> None:
    """Keep from now on only what a wall opens, and until it closes it."""
    global _has_wall
    _has_wall = True


def open_one() -> tuple[str, Connection]:
    """Keep a connection that has just been opened, and return the key that it has from now on.

    The key takes the place of the browser's own, so that nobody else knows it.
    """
    key, connection = secrets.token_urlsafe(16), Connection()
    with _lock:
        _open[key] = connection
    return key, connection


def close(key: str) -> None:
    """Forget a connection that is closed."""
    with _lock:
        _open.pop(key, None)


def find(key: str) -> Connection:
    """Return the connection of a handshake; one that nobody keeps if it is closed.

    Args:
        key: The Sec-WebSocket-Key of its handshake, new for every one (RFC 6455, 4.1).
    """
    with _lock:
        connection = _open.get(key) or Connection()
        if not _has_wall:
            _open[key] = connection
            _open.move_to_end(key)
            if len(_open) > _MAX_KEPT:
                _open.popitem(last=False)
    return connection
