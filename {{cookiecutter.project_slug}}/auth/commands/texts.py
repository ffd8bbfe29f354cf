"""The command that prints what people read."""

import click

from auth import texts as app_texts


@click.command()
def texts() -> None:
    """Print every text of the app as TOML: what texts.toml can replace."""
    click.echo(app_texts.as_toml(), nl=False)


COMMANDS = [texts]
