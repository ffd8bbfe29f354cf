"""Who has given a right password and no second factor yet: in between, there is no session.

That is kept in this process, by connection. No browser has anything of it, so a reload asks for
the password again, and no other tab or browser can go on in its place.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from weakref import WeakKeyDictionary

from auth import clock
from auth.records import User
from auth.users import directory
from auth.users.factors import Factor
from auth.visitor.connections import Connection

LIFETIME: Final = timedelta(minutes=10)
TRIES: Final = 5


@dataclass(eq=False, slots=True)
class Between:
    """A login that waits for a second factor.

    Attributes:
        user: Whose it is, as they were when the password was checked.
        kinds: The kinds of their factors.
        old: The hash of the token of the session that a new one replaces, or None.
        is_again: Whether that is their own session, which goes on with the same page.
        wants_recovery: Whether they have chosen to use a recovery code.
        tries: How many codes may still be wrong.
        expires_at: Until when, UTC.
    """

    user: User
    kinds: Collection[str]
    old: str | None
    is_again: bool = False
    wants_recovery: bool = False
    tries: int = TRIES
    expires_at: datetime = field(default_factory=lambda: clock.now() + LIFETIME)


_waiting: WeakKeyDictionary[Connection, Between] = WeakKeyDictionary()


def start(
    connection: Connection,
    user: User,
    factors: Collection[Factor],
    old: str | None,
    *,
    is_again: bool = False,
) -> None:
    """Have a connection wait for a second factor, in place of any other login there.

    Args:
        connection: Whose form it was.
        user: Who has just given their password.
        factors: What they have.
        old, is_again: As of `Between`.
    """
    kinds = {factor.kind for factor in factors}
    _waiting[connection] = Between(user, kinds, old, is_again)


def find(connection: Connection) -> Between | None:
    """Return the login that waits on a connection, or None. One that is over is forgotten."""
    waiting = _waiting.get(connection)
    if waiting and clock.now() >= waiting.expires_at:
        end(connection)
        return None
    return waiting


def end(connection: Connection) -> None:
    """Forget the login that waits on a connection."""
    _waiting.pop(connection, None)


def count_wrong(connection: Connection, waiting: Between) -> bool:
    """Count a wrong code, and tell whether there may be another one."""
    waiting.tries -= 1
    if waiting.tries <= 0:
        end(connection)
    return waiting.tries > 0


def is_current(waiting: Between) -> bool:
    """Tell whether the password that was given still counts: not after a new one."""
    user = directory.find(waiting.user.username)
    if user is None or user.disabled:
        return False
    return (user.id, user.epoch) == (waiting.user.id, waiting.user.epoch)
