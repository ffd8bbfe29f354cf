"""Manage this app from a terminal: python manage.py --help."""

import getpass
import logging

import click

from auth.commands import COMMANDS
from auth.commands.printing import problem
from auth.records import (
    EmailTakenError,
    LastUserError,
    NotAcceptableError,
    UnavailableError,
    UnknownUserError,
    UserExistsError,
)
from auth.visitor import visiting


class _Commands(click.Group):
    """A group whose commands report what went wrong in one sentence."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except UserExistsError as error:
            raise problem(f"The user {error} already exists.") from None
        except EmailTakenError as error:
            raise problem(
                f"Another user has the address {error}, or has it as their name."
            ) from None
        except UnknownUserError as error:
            raise problem(f"There is no user {error}.") from None
        except LastUserError as error:
            raise problem(
                f"{error} is the last administrator who can log in. Make somebody else one first, "
                "or add --force."
            ) from None
        except (NotAcceptableError, UnavailableError) as error:
            raise problem(str(error)) from None


@click.group(cls=_Commands)
@click.pass_context
def main(context: click.Context) -> None:
    """Manage the users of this app. A running app sees every change at once."""
    # What a command does is said on the terminal; the log is the app's.
    logging.getLogger("auth").addHandler(logging.NullHandler())
    context.with_resource(visiting.acting_as(_name_actor()))


def _name_actor() -> str:
    """Return who the audit says did it. No user of the app can have a name with a colon."""
    try:
        return f"manage.py:{getpass.getuser()}"
    except (ImportError, KeyError, OSError):
        return "manage.py:unknown"


for command in COMMANDS:
    main.add_command(command)

if __name__ == "__main__":
    main()
