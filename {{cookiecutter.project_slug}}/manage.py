"""Look after the {% if cookiecutter.store_backend == "mysql" %}database, the users and their sessions{% else %}users{% endif %}: python manage.py --help."""

import sys
{% if cookiecutter.store_backend == "mysql" %}
from datetime import UTC, datetime
{% endif %}

import click

from auth import users
{% if cookiecutter.store_backend == "mysql" %}
from auth.log import session_label
from auth.mysql_store import create_tables, open_store
from auth.sessions import session_end
{% else %}
from auth.memory_store import open_store
{% endif %}
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
{% if cookiecutter.store_backend == "mysql" %}


@main.command()
def init_db() -> None:
    """Create the tables, with the first users in them, unless they are there.

    The app does so itself when it starts, if its database user may create tables.
    """
    created = create_tables()
    click.echo("Created the tables." if created else "The tables are there already.")
{% endif %}


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
def disable_user(username: str) -> None:
    """Let a user in no more, and end their sessions."""
    users.disable_user(username)
    click.echo(f"Disabled {username} and ended their sessions.")


@main.command()
@click.argument("username")
def enable_user(username: str) -> None:
    """Let a disabled user in again."""
    users.enable_user(username)
    click.echo(f"Enabled {username}.")


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


{% if cookiecutter.store_backend == "mysql" %}
@main.command()
@click.argument("username", required=False)
def list_sessions(username: str | None) -> None:
    """Print the sessions of one user or of all, the newest first. Times are UTC."""
    if username:
        _check_user(username)
    now = datetime.now(UTC)
    for session in open_store().list_sessions(username):
        end = session_end(session)
        if end <= now:
            continue
        times = [session.created_at, session.seen_at, end]
        since, seen, until = (f"{time:%Y-%m-%d %H:%M}" for time in times)
        label = session_label(session.token_hash)
        click.echo(f"{label}  {since} to {until}, last used {seen}  {session.username}")


@main.command()
@click.argument("username", required=False)
@click.option("--all", "everybody", is_flag=True, help="End the sessions of all users.")
def end_sessions(username: str | None, everybody: bool) -> None:
    """Log a user out everywhere, or all users."""
    if bool(username) == everybody:
        raise click.UsageError("Give either a user name or --all.")
    if username:
        _check_user(username)
    click.echo(f"Ended {open_store().end_sessions(username)} sessions.")


@main.command()
def purge() -> None:
    """Remove expired sessions. The app does so too, a few at each login."""
    removed = 0
    while batch := open_store().purge_sessions():
        removed += batch
    click.echo(f"Removed {removed} expired sessions.")


def _check_user(username: str) -> None:
    if open_store().find_user(username) is None:
        raise UnknownUserError(username)
{% else %}
_SESSIONS_ARE_ELSEWHERE = (
    "Sessions live in the memory of the running app, out of reach from here. To end those of "
    "one user, use set-password or disable-user; to end all of them, restart the app."
)


@main.command()
@click.argument("username", required=False)
def list_sessions(username: str | None) -> None:
    """Say why sessions cannot be listed from here."""
    raise click.ClickException(_SESSIONS_ARE_ELSEWHERE)


@main.command()
@click.argument("username", required=False)
@click.option("--all", "everybody", is_flag=True, help="End the sessions of all users.")
def end_sessions(username: str | None, everybody: bool) -> None:
    """Say how sessions are ended instead."""
    raise click.ClickException(_SESSIONS_ARE_ELSEWHERE)


@main.command()
def purge() -> None:
    """Say why there is nothing to purge: expired sessions leave memory by themselves."""
    raise click.ClickException(_SESSIONS_ARE_ELSEWHERE)
{% endif %}


def _ask_password(from_stdin: bool) -> str:
    """Return a password that is typed unseen, twice, or the first line of standard input."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


if __name__ == "__main__":
    main()
