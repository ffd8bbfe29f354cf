"""A login that begins, and one that ends: in the store, in this tab and in the browser."""

from collections.abc import Iterator
from contextlib import contextmanager

from auth import cookies
from auth.events import Event, record
from auth.gate import claims
from auth.records import UnavailableError
from auth.sessions import sessions, tokens
from auth.visitor.connections import Connection


def begin(token: str, connection: Connection, old: str | None) -> None:
    """Have a connection go on with a new session, and its browser keep it.

    Args:
        token: The session's token.
        connection: Whose form it was.
        old: The hash of the token of the session that the new one replaces, or None.
    """
    claims.release()
    claims.hold(tokens.hash_token(token), connection)
    with _outages_recorded():
        cookies.write(token, connection)
    with _outages_recorded():
        if old:
            sessions.log_out(old)


def log_out() -> None:
    """End the session in the store first, then in the browser. Runs as a callback."""
    try:
        login = claims.ask().login
        if login is None:
            return
        sessions.log_out(login)
    except UnavailableError as error:
        record(Event.STORE_UNAVAILABLE, reason=error)
        return
    claims.release()
    with _outages_recorded():
        cookies.clear()


@contextmanager
def _outages_recorded() -> Iterator[None]:
    """Continue if the store fails, and record it: nobody is let in or out by it."""
    try:
        yield
    except UnavailableError as error:
        record(Event.STORE_UNAVAILABLE, reason=error)
