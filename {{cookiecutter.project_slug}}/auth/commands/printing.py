"""What the commands print."""

import click

from auth.events.printable import printable


def echo(line: object) -> None:
    """Print a line. What is in it cannot move the cursor, nor start another line."""
    click.echo(printable(str(line)))


def problem(text: str) -> click.ClickException:
    """Return the error that ends a command with a text, whose lines are as those of `echo`."""
    return click.ClickException("\n".join(map(printable, text.split("\n"))))
