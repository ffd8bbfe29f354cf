"""Commands about the sessions in the database."""

import click

from auth.commands.printing import echo
from auth.events.printable import printable
from auth.records import Session, User
from auth.sessions import sessions, tokens
from auth.users import directory

_HEADER = ["SESSION", "USER", "LOGGED IN", "LAST USED", "ENDS", "ADDRESS", "BROWSER"]


@click.command()
@click.argument("username", required=False)
def list_sessions(username: str | None) -> None:
    """Print the sessions of one user or of all, the newest first. Times are UTC."""
    found = _find(username)
    if not found:
        echo(f"{username} is not logged in." if username else "Nobody is logged in.")
        return
    rows = [_HEADER, *(_row(session, user) for session, user in found)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        echo("  ".join(cells).rstrip())


@click.command()
@click.argument("username", required=False)
@click.option("--all", "all_users", is_flag=True, help="End the sessions of all users.")
def end_sessions(username: str | None, all_users: bool) -> None:
    """Log a user out everywhere, or all users."""
    if bool(username) == all_users:
        raise click.UsageError("Give either a username or --all.")
    count = len(_find(username))
    directory.end_sessions(username)
    echo(f"Ended {count} {'session' if count == 1 else 'sessions'}.")


def _find(username: str | None) -> list[tuple[Session, User]]:
    return sessions.list_sessions(directory.get(username) if username else None)


def _row(session: Session, user: User) -> list[str]:
    times = [session.created_at, session.last_seen_at, sessions.session_end(session)]
    cells = [
        tokens.session_label(session.token_hash),
        user.username,
        *(f"{time:%Y-%m-%d %H:%M}" for time in times),
        session.address,
        session.user_agent,
    ]
    return [*map(printable, cells)]


COMMANDS = [list_sessions, end_sessions]
