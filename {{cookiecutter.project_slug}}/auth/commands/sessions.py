"""Commands about the sessions in the database."""

import click

from auth import sessions, tokens, users
from auth.stores.base import Session

_HEADER = ["SESSION", "USER", "LOGGED IN", "LAST USED", "ENDS", "ADDRESS", "BROWSER"]


@click.command()
@click.argument("username", required=False)
def list_sessions(username: str | None) -> None:
    """Print the sessions of one user or of all, the newest first. Times are UTC."""
    found = _find(username)
    if not found:
        click.echo(f"{username} is not logged in." if username else "Nobody is logged in.")
        return
    rows = [_HEADER, *map(_row, found)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        click.echo("  ".join(cells).rstrip())


@click.command()
@click.argument("username", required=False)
@click.option("--all", "all_users", is_flag=True, help="End the sessions of all users.")
def end_sessions(username: str | None, all_users: bool) -> None:
    """Log a user out everywhere, or all users."""
    if bool(username) == all_users:
        raise click.UsageError("Give either a username or --all.")
    count = len(_find(username))
    users.end_sessions(username)
    click.echo(f"Ended {count} {'session' if count == 1 else 'sessions'}.")


def _find(username: str | None) -> list[Session]:
    if username:
        users.get(username)
    return sessions.list_sessions(username)


def _row(session: Session) -> list[str]:
    times = [session.created_at, session.last_seen_at, sessions.session_end(session)]
    return [
        tokens.session_label(session.token_hash),
        session.username,
        *(f"{time:%Y-%m-%d %H:%M}" for time in times),
        session.address,
        session.browser,
    ]


COMMANDS = [list_sessions, end_sessions]
