"""Commands about second factors."""

import click

from auth.commands.printing import echo
from auth.users import directory
from auth.users.factors import kept


@click.command()
@click.argument("username")
def reset_second_factor(username: str) -> None:
    """Remove a user's second factor and recovery codes, and end their sessions.

    Know first that it is they who ask: the password alone lets them in then, until they set up
    another one.
    """
    user = directory.get(username)
    kept.remove_all(user)
    echo(f"Reset the second factor of {user.username} and ended their sessions.")


@click.command()
def rotate_keys() -> None:
    """Encrypt what is kept of second factors by the first of SECRET_KEYS.

    Put a new key before the earlier ones, start every server with both, run this, and take
    the earlier ones away.
    """
    number = kept.rotate_keys()
    echo(f"Encrypted {number} {'key' if number == 1 else 'keys'} of authenticator apps again.")


COMMANDS = [reset_second_factor, rotate_keys]
