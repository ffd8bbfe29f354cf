"""Commands for what a database makes possible."""

import click

from auth import events
from auth.commands.printing import echo, problem
from auth.login import throttle
from auth.records import StoreUnavailableError
from auth.sessions import sessions
from auth.stores.sql.engine import open_database


@click.command("migrate")
def migrate_() -> None:
    """Bring the tables up to date: in an empty database, with the first users in them.

    The app does so itself when it starts, if its database user may change tables.
    """
    from auth.stores.sql.schema import database_message, migrate  # only now: it imports Alembic

    try:
        changed = migrate(open_database())
    except StoreUnavailableError as error:
        raise problem(f"{error}{database_message(error)}") from None
    echo("The tables are up to date." if changed else "The tables were up to date.")


@click.command("new-migration")
@click.argument("message")
def new_migration_(message: str) -> None:
    """Write an empty migration for tables of your own. MESSAGE says what it does.

    Fill in its upgrade(). The app runs it at its next start.
    """
    from auth.stores.sql.schema import new_migration  # as above

    echo(f"Wrote {new_migration(message)}")


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
        echo(f"Removed {removed} {what}.")


COMMANDS = [migrate_, new_migration_, purge]
