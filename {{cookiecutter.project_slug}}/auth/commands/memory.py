"""The command that ends sessions, which are in the memory of the app."""

import click

from auth.commands.printing import echo
from auth.users import directory


@click.command()
@click.argument("username", required=False)
@click.option("--all", "all_users", is_flag=True, help="End the sessions of all users.")
def end_sessions(username: str | None, all_users: bool) -> None:
    """Log a user out everywhere, or all users."""
    if bool(username) == all_users:
        raise click.UsageError("Give either a username or --all.")
    directory.end_sessions(username)
    echo(f"Ended all sessions of {username or 'all users'}.")


COMMANDS = [end_sessions]
