"""Commands for what a database makes possible."""

import click

from auth import events, sessions, throttle, tokens, users
from auth.stores.base import UnknownUserError
from auth.stores.sql.engine import open_database
from auth.stores.sql.schema import create_tables


@click.command()
def init_db() -> None:
    """Create the tables, with the first users in them, unless they already exist.

    The app does so itself when it starts, if its database user may create tables.
    """
    created = create_tables(open_database())
    click.echo("Created the tables." if created else "The tables already exist.")


@click.command()
@click.argument("username", required=False)
def list_sessions(username: str | None) -> None:
    """Print the sessions of one user or of all, the newest first. Times are UTC."""
    if username and users.find(username) is None:
        raise UnknownUserError(username)
    for session in sessions.list_sessions(username):
        times = [session.created_at, session.last_seen_at, sessions.session_end(session)]
        since, seen, until = (f"{time:%Y-%m-%d %H:%M}" for time in times)
        label = tokens.session_label(session.token_hash)
        click.echo(f"{label}  {since} to {until}, last used {seen}  {session.username}")


@click.command()
def purge() -> None:
    """Remove expired sessions and failed logins, and what is too old in the audit.

    The app does so too, a few at each login.
    """
    for what, remove in [
        ("expired sessions", sessions.purge),
        ("expired failed logins", throttle.purge),
        ("old entries of the audit", events.purge_audit),
    ]:
        removed = 0
        while batch := remove():
            removed += batch
        click.echo(f"Removed {removed} {what}.")


COMMANDS = [init_db, list_sessions, purge]
