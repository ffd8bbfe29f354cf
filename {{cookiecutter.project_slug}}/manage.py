"""Look after the users: python manage.py --help."""

import sys

import click

from auth import users
from auth.{{ cookiecutter.store_backend }}_store import open_store
from auth.settings import SettingsError
from auth.store import StoreUnavailableError, UnknownUserError, UserExistsError


class _Commands(click.Group):
    """A group whose commands report what went wrong in one sentence."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except UserExistsError as error:
            raise click.ClickException(f"There is a user {error} already.") from None
        except UnknownUserError as error:
            raise click.ClickException(f"There is no user {error}.") from None
        except (SettingsError, StoreUnavailableError, ValueError) as error:
            raise click.ClickException(str(error)) from None


@click.group(cls=_Commands)
def main() -> None:
    """Look after the users of this app. A running app sees every change at once."""


_password_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input."
)


@main.command()
@click.argument("username")
@_password_stdin
def add_user(username: str, password_stdin: bool) -> None:
    """Let a new user in."""
    users.add_user(username, _ask_password(password_stdin))
    click.echo(f"Added {username}.")


@main.command()
@click.argument("username")
@_password_stdin
def set_password(username: str, password_stdin: bool) -> None:
    """Change a password and end the user's sessions."""
    users.set_password(username, _ask_password(password_stdin))
    click.echo(f"Changed the password of {username} and ended their sessions.")


@main.command()
@click.argument("username")
def remove_user(username: str) -> None:
    """Remove a user and end their sessions."""
    open_store().remove_user(username)
    click.echo(f"Removed {username} and ended their sessions.")


@main.command()
def list_users() -> None:
    """Print the names of all users, one on each line."""
    for user in open_store().list_users():
        click.echo(f"{user.username} (disabled)" if user.disabled else user.username)


def _ask_password(from_stdin: bool) -> str:
    """Return a password that is typed unseen, twice, or the first line of standard input."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


if __name__ == "__main__":
    main()
