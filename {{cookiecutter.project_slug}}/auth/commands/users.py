"""Commands that manage users."""

import sys

import click

from auth import passwords, users

_password_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input."
)


@click.command()
@click.argument("username")
@_password_stdin
def add_user(username: str, password_stdin: bool) -> None:
    """Add a user."""
    users.add_user(username, _ask_password(password_stdin))
    click.echo(f"Added {username}.")


@click.command()
@click.argument("username")
@_password_stdin
def set_password(username: str, password_stdin: bool) -> None:
    """Change a password and end the user's sessions."""
    users.set_password(username, _ask_password(password_stdin))
    click.echo(f"Changed the password of {username} and ended their sessions.")


@click.command()
@click.argument("username")
def disable_user(username: str) -> None:
    """Disable a user and end their sessions."""
    users.disable_user(username)
    click.echo(f"Disabled {username} and ended their sessions.")


@click.command()
@click.argument("username")
def enable_user(username: str) -> None:
    """Enable a disabled user."""
    users.enable_user(username)
    click.echo(f"Enabled {username}.")


@click.command()
@click.argument("username")
def remove_user(username: str) -> None:
    """Remove a user and end their sessions."""
    users.remove_user(username)
    click.echo(f"Removed {username} and ended their sessions.")


@click.command()
def list_users() -> None:
    """Print the names of all users, one on each line, and what keeps a user out."""
    for user in users.list_users():
        notes = []
        if user.disabled:
            notes.append("disabled")
        if not passwords.is_usable(user.password_hash):
            notes.append("password hash cannot be used: run set-password")
        click.echo(f"{user.username} ({', '.join(notes)})" if notes else user.username)


def _ask_password(from_stdin: bool) -> str:
    """Return a password that is typed unseen, twice, or the first line of standard input."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


COMMANDS = [add_user, set_password, disable_user, enable_user, remove_user, list_users]
