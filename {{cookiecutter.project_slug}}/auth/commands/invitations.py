"""The command that invites somebody."""

from datetime import timedelta

import click

from auth.commands.printing import echo
from auth.login import invitations
from auth.usernames import stored_form


@click.command()
@click.argument("username")
@click.option("--email", default="", help="Their address, with which they can log in as well.")
@click.option("--name", "display_name", default="", help="What people call them.")
@click.option("--role", "roles", multiple=True, help="A role; give the option again for more.")
def invite(username: str, email: str, display_name: str, roles: tuple[str, ...]) -> None:
    """Add a user, and print a link with which they choose a password.

    The link begins with APP_URL. Somebody who has not chosen a password yet gets a new one.
    """
    link = invitations.invite(username, roles, email=email, display_name=display_name)
    hours = invitations.LIFETIME // timedelta(hours=1)
    echo(f"Invited {stored_form(username)}.")
    echo(f"The link to choose a password with, once and within {hours} hours: {link}")


COMMANDS = [invite]
