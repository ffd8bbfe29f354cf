"""Commands that manage users."""

import sys
from datetime import timedelta

import click

from auth import texts
from auth.commands.printing import echo
from auth.events.printable import printable
from auth.login import one_time as one_time_passwords
from auth.passwords import hashing, rules
from auth.records import NotAcceptableError, UserExistsError
from auth.usernames import (
    acceptable_display_name,
    acceptable_email,
    acceptable_name,
    stored_form,
)
from auth.users import demo, directory, profile
from auth.users import roles as user_roles

_password_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input."
)


_force = click.option(
    "--force", is_flag=True, help="Do it even if there is no other administrator."
)


@click.command()
@click.argument("username")
@_password_stdin
@click.option("--one-time", is_flag=True, help="Make up a password for one login, and print it.")
@click.option("--email", default="", help="Their address, with which they can log in as well.")
@click.option("--name", "display_name", default="", help="What people call them.")
@click.option("--role", "roles", multiple=True, help="A role; give the option again for more.")
def add_user(
    username: str,
    password_stdin: bool,
    one_time: bool,
    email: str,
    display_name: str,
    roles: tuple[str, ...],
) -> None:
    """Add a user."""
    name = acceptable_name(username)
    # Before anybody types a password for nothing.
    acceptable_email(email)
    acceptable_display_name(display_name)
    roles = user_roles.checked(role.lower() for role in roles)
    if directory.find(name):
        raise UserExistsError(name)
    if one_time:
        password = one_time_passwords.add_user(
            name, email=email, display_name=display_name, roles=roles
        )
        _print_one_time(f"Added {name}.", password)
        return
    password = _ask_password(name, password_stdin)
    directory.add_user(name, password, email=email, display_name=display_name, roles=roles)
    echo(f"Added {name}.")


@click.command()
@click.argument("username")
@click.option("--email", help="Their address, with which they can log in; '' for none.")
@click.option("--name", "display_name", help="What people call them; '' for the username.")
def edit_user(username: str, email: str | None, display_name: str | None) -> None:
    """Change a user's address or display name."""
    user = directory.get(username)
    if email is not None:
        profile.set_email(user.username, email)
    if display_name is not None:
        profile.set_display_name(user.username, display_name)
    echo(f"Changed {user.username}.")


@click.command()
@click.argument("username")
@_password_stdin
def set_password(username: str, password_stdin: bool) -> None:
    """Change a password and end the user's sessions."""
    user = directory.get(username)
    directory.set_password(user, _ask_password(user.username, password_stdin))
    echo(f"Changed the password of {username} and ended their sessions.")


@click.command()
@click.argument("username")
def reset_password(username: str) -> None:
    """Make up a password for one login, print it, and end the user's sessions."""
    password = one_time_passwords.reset_password(username, force=True)
    _print_one_time(f"Reset the password of {username} and ended their sessions.", password)


@click.command()
@click.argument("username")
@_force
def disable_user(username: str, force: bool) -> None:
    """Disable a user and end their sessions."""
    directory.disable_user(username, force=force)
    echo(f"Disabled {username} and ended their sessions.")


@click.command()
@click.argument("username")
def enable_user(username: str) -> None:
    """Enable a disabled user."""
    directory.enable_user(username)
    echo(f"Enabled {username}.")


@click.command()
@click.argument("username")
def unlock(username: str) -> None:
    """Forget a user's failed logins, so that they need not wait."""
    directory.unlock(username)
    echo(f"Forgot the failed logins of {stored_form(username)}.")


@click.command()
@click.argument("username")
@click.argument("new_name")
def rename_user(username: str, new_name: str) -> None:
    """Give a user another name. They stay logged in, and keep what is theirs."""
    name = directory.rename_user(username, new_name)
    echo(f"Renamed {stored_form(username)} to {name}.")


@click.command()
@click.argument("username")
@click.option("--yes", is_flag=True, help="Do not ask first.")
@_force
def remove_user(username: str, yes: bool, force: bool) -> None:
    """Remove a user and end their sessions."""
    directory.get(username)
    if not yes:
        click.confirm(printable(f"Remove {username} for good?"), abort=True)
    directory.remove_user(username, force=force)
    echo(f"Removed {username} and ended their sessions.")


@click.command("remove-demo-users")
@click.option("--yes", is_flag=True, help="Do not ask first.")
@_force
def remove_demo(yes: bool, force: bool) -> None:
    """Remove the users who still have the password that they came with, their name."""
    found = directory.list_demo()
    if found and not yes:
        names = ", ".join(user.username for user in found)
        click.confirm(printable(f"Remove {names} for good?"), abort=True)
    done = demo.remove_all(force=force)
    echo(done)
    if done.kept:
        echo("Make somebody else an administrator first, or add --force.")


@click.command()
@click.argument("username")
@click.argument("roles", nargs=-1, required=True, metavar="ROLE...")
def grant(username: str, roles: tuple[str, ...]) -> None:
    """Give a user roles."""
    user_roles.grant(username, roles)
    echo(f"{username} has {_named(roles)} now.")


@click.command()
@click.argument("username")
@click.argument("roles", nargs=-1, required=True, metavar="ROLE...")
@_force
def revoke(username: str, roles: tuple[str, ...], force: bool) -> None:
    """Take roles from a user."""
    user_roles.revoke(username, roles, force=force)
    echo(f"{username} has {_named(roles)} no longer.")


@click.command()
def list_users() -> None:
    """Print all users, one on each line, with their roles and what is special about a login."""
    for user in directory.list_users():
        notes = [text for text in (user.display_name, user.email) if text]
        if user.roles:
            notes.append(_named(user.roles))
        if user.is_demo:
            notes.append("demo user: its name is its password")
        if user.disabled:
            notes.append("disabled")
        if state := one_time_passwords.describe(user):
            notes.append(state)
        if not (user.is_demo or user.is_invited or hashing.is_usable(user.password_hash)):
            notes.append("password hash cannot be used: run set-password")
        echo(f"{user.username} ({', '.join(notes)})" if notes else user.username)


def _print_one_time(done: str, password: str) -> None:
    hours = one_time_passwords.LIFETIME // timedelta(hours=1)
    echo(done)
    echo(f"The password for the next login, within {hours} hours: {password}")


def _named(roles: tuple[str, ...]) -> str:
    return f"the {'role' if len(roles) == 1 else 'roles'} {', '.join(roles)}"


def _ask_password(username: str, from_stdin: bool) -> str:
    """Return a password that is typed unseen, twice, or the first line of standard input.

    What cannot be a password is asked for again, with the reason. A script is not asked.
    """
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    while True:
        typed = str(click.prompt("Password", hide_input=True))
        try:
            rules.check(typed, username)
        except NotAcceptableError as error:
            echo(error)
            continue
        if typed == click.prompt("Repeat the password", hide_input=True):
            return typed
        echo(texts.current().passwords_differ)


COMMANDS = [
    *(
        add_user,
        edit_user,
        set_password,
        reset_password,
        disable_user,
        enable_user,
        rename_user,
        remove_user,
    ),
    *(list_users, unlock, grant, revoke, remove_demo),
]
