"""Who has given a right password and no second factor yet: in between, there is no session.

That is kept in this process, by connection. No browser has anything of it, so a reload asks for
the password again, and no other tab or browser can go on in its place. A page that lost its
connection goes on by its next one: a phone that shows an authenticator app closes the browser's.
"""

from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from weakref import WeakKeyDictionary

from auth import clock
from auth.records import User
from auth.sessions import tokens
from auth.users import directory
from auth.users.factors import Factor
from auth.visitor.connections import Connection

LIFETIME: Final = timedelta(minutes=10)
TRIES: Final = 5
_MAX_PAGES: Final = 10_000  # the oldest are forgotten first: they are asked for the password again


@dataclass(eq=False, slots=True)
class Between:
    """A login that waits for a second factor.

    Attributes:
        user: Whose it is, as they were when the password was checked.
        kinds: The kinds of their factors.
        old: The hash of the token of the session that a new one replaces, or None.
        is_again: Whether that is their own session, which goes on with the same page.
        wants_recovery: Whether they have chosen to use a recovery code.
        tries: How many codes may still be wrong; 0 if it is over.
        expires_at: Until when, UTC.
        page: The hash of what its page proves itself by to go on, or "".
    """

    user: User
    kinds: Collection[str]
    old: str | None
    is_again: bool = False
    wants_recovery: bool = False
    tries: int = TRIES
    expires_at: datetime = field(default_factory=lambda: clock.now() + LIFETIME)
    page: str = ""


_waiting: WeakKeyDictionary[Connection, Between] = WeakKeyDictionary()
# By the hash of a page: the connection that it has, or had until it was closed.
_pages: OrderedDict[str, Connection] = OrderedDict()


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
    if waiting and (waiting.tries <= 0 or clock.now() >= waiting.expires_at):
        end(waiting)
        _waiting.pop(connection, None)
        return None
    return waiting


def end(waiting: Between) -> None:
    """Have a login wait no more, on whichever connection it is by now."""
    waiting.tries = 0
    _pages.pop(waiting.page, None)


def keep_for_page(connection: Connection, session_id: str | None, device: str | None) -> None:
    """Keep in which page of which browser a login waits, by what only these two know.

    Args:
        connection: The connection that the page has.
        session_id: Streamlit's id of its session.
        device: The secret in the cookie that tells browsers apart. Without one it is not kept.
    """
    waiting = _waiting.get(connection)
    if waiting and session_id and device:
        _pages.pop(waiting.page, None)
        waiting.page = _hash(session_id, device)
        _pages[waiting.page] = connection
        if len(_pages) > _MAX_PAGES:
            _pages.popitem(last=False)


def go_on(connection: Connection, session_id: str, device: str) -> None:
    """Have a login go on with its page, which has a new connection: the old one has it no more.

    Args:
        connection: The new one.
        session_id: The id of the Streamlit session that the page asks for.
        device: The secret that its browser presents.
    """
    page = _hash(session_id, device)
    old = _pages.get(page)
    # A page may lose this connection as well, before it knows the id of its new session.
    if old and (waiting := _waiting.pop(old, None)):
        _waiting[connection], _pages[page] = waiting, connection


def _hash(session_id: str, device: str) -> str:
    return tokens.hash_token(f"{session_id}\0{device}")


def count_wrong(waiting: Between) -> bool:
    """Count a wrong code, and tell whether there may be another one."""
    waiting.tries -= 1
    if waiting.tries <= 0:
        end(waiting)
    return waiting.tries > 0


def is_current(waiting: Between) -> bool:
    """Tell whether the password that was given still counts: not after a new one."""
    user = directory.find(waiting.user.username)
    if user is None or user.disabled:
        return False
    return (user.id, user.epoch) == (waiting.user.id, waiting.user.epoch)
