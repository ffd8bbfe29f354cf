"""Challenges: what a passkey has to sign, random, for one connection, once and for a while.

They stay on the server. A connection has one for each kind of request at most, and they go with it:
so whoever opens connections fills no more memory than the connections themselves.
"""

from datetime import datetime, timedelta
from enum import Enum
from threading import Lock
from typing import Any, Final, NamedTuple
from weakref import WeakKeyDictionary

from auth import clock
from auth.login.second_factor.places import Place
from auth.visitor.connections import Connection

LIFETIME: Final = timedelta(minutes=10)
_RENEWED: Final = timedelta(minutes=1)  # before the end


class Kind(Enum):
    """What a browser is asked for: a new passkey, or the use of one."""

    ADD = "create"
    USE = "get"


class Challenge(NamedTuple):
    """A request to a browser, which it answers once.

    Attributes:
        kind: What it asks for.
        user_id: Whose passkey it has to be, or None if anybody's is fine.
        place: Where the app is open.
        options: The request, as browsers read it from JSON.
        state: What fido2 checks the response by.
        expires_at: Until when, UTC.
    """

    kind: Kind
    user_id: str | None
    place: Place
    options: dict[str, Any]
    state: dict[str, Any]
    expires_at: datetime

    @property
    def seconds(self) -> int:
        """After how many seconds the browser should ask for another one."""
        return max(1, int((self.expires_at - _RENEWED - clock.now()).total_seconds()) + 1)


_lock = Lock()
_open: WeakKeyDictionary[Connection, dict[Kind, Challenge]] = WeakKeyDictionary()


def find(connection: Connection, kind: Kind, user_id: str | None, place: Place) -> Challenge | None:
    """Return a challenge that a connection has and can still use for a while, or None."""
    with _lock:
        challenge = _open.get(connection, {}).get(kind)
    if challenge is None or (challenge.user_id, challenge.place) != (user_id, place):
        return None
    return challenge if clock.now() + _RENEWED < challenge.expires_at else None


def keep(connection: Connection, challenge: Challenge) -> None:
    """Keep a challenge of a connection, in place of any other of its kind."""
    with _lock:
        _open.setdefault(connection, {})[challenge.kind] = challenge


def take(connection: Connection, kind: Kind, user_id: str | None) -> Challenge | None:
    """Return the challenge that a connection has, which is used up, or None."""
    with _lock:
        challenge = _open.get(connection, {}).pop(kind, None)
    if challenge is None or challenge.user_id != user_id or challenge.expires_at <= clock.now():
        return None
    return challenge
