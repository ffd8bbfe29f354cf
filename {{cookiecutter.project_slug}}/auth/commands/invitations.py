"""The command that invites somebody."""

from datetime import timedelta

import click

from auth.commands.printing import echo
from auth.login import invitations
from auth.usernames import stored_form


@click.command()
@click.argument("username")
@click.option("--role", "roles", multiple=True, help="A role for them; may be given repeatedly.")
def invite(username: str, roles: tuple[str, ...]) -> None:
    """Add a user, and print a link with which they choose a password.

    The link begins with APP_URL. Somebody who has not chosen a password yet gets a new one.
    """
    link = invitations.invite(username, roles)
    hours = invitations.LIFETIME // timedelta(hours=1)
    echo(f"Invited {stored_form(username)}.")
    echo(f"The link to choose a password with, once and within {hours} hours: {link}")


COMMANDS = [invite]
