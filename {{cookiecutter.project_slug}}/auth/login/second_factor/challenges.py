"""Challenges: what a passkey has to sign, random, for one connection, once and for a while.

They stay on the server. A connection has one at most, and it goes with the connection: so whoever
opens connections fills no more memory than the connections themselves.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final, Literal, NamedTuple
from weakref import WeakKeyDictionary

from auth import clock
from auth.login.second_factor.places import Place
from auth.records import User
from auth.visitor.connections import Connection

LIFETIME: Final = timedelta(minutes=10)
_RENEWED: Final = timedelta(minutes=1)  # before the end

Kind = Literal["create", "get"]  # a new passkey, or the use of one, as browsers call it


class Challenge(NamedTuple):
    """A request to a browser, which it answers once.

    Attributes:
        kind: What it asks for.
        user_id: Whose passkey it has to be, or None if anybody's is fine.
        place: Where the app is open.
        options: The request, as browsers read it from JSON.
        expires_at: Until when, UTC.
    """

    kind: Kind
    user_id: str | None
    place: Place
    options: Mapping[str, Any]
    expires_at: datetime

    @property
    def seconds(self) -> int:
        """After how many seconds the browser should ask for another one."""
        return max(1, int((self.expires_at - _RENEWED - clock.now()).total_seconds()) + 1)


_lock = Lock()
_open: WeakKeyDictionary[Connection, Challenge] = WeakKeyDictionary()


def find(
    connection: Connection,
    kind: Kind,
    user: User | None,
    place: Place,
    make: Callable[[], Mapping[str, Any]],
) -> Challenge:
    """Return the challenge of a connection, a new one in place of any that is for something else.

    Args:
        connection: The connection.
        kind, place: As of `Challenge`.
        user: Whose passkey it has to be, or None.
        make: Returns the options of a new one.
    """
    user_id, now = user.id if user else None, clock.now()
    challenge = _open.get(connection)
    is_the_same = challenge is not None and challenge[:3] == (kind, user_id, place)
    if challenge and is_the_same and now + _RENEWED < challenge.expires_at:
        return challenge
    challenge = Challenge(kind, user_id, place, make(), now + LIFETIME)
    with _lock:
        _open[connection] = challenge
    return challenge


def take(connection: Connection, kind: Kind, user: User | None) -> Challenge | None:
    """Return the challenge that a connection has, which is used up, or None."""
    with _lock:
        challenge = _open.pop(connection, None)
    if challenge is None or clock.now() >= challenge.expires_at:
        return None
    return challenge if challenge[:2] == (kind, user.id if user else None) else None
