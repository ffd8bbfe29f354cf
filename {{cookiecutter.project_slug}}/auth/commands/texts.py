"""The command that prints what people read."""

import click

from auth import texts as app_texts
from auth.commands.printing import echo


@click.command()
def texts() -> None:
    """Print every text of the app as TOML: what texts.toml can replace."""
    for line in app_texts.as_toml().rstrip("\n").split("\n"):
        echo(line)


COMMANDS = [texts]
