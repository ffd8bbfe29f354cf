"""The command that shows what happened to people."""

import click

from auth import events
from auth.commands.printing import echo


@click.command()
@click.argument("username", required=False)
@click.option("--event", type=click.Choice(events.AUDITED), help="Only this event.")
@click.option(
    "--limit",
    type=click.IntRange(1, 10_000),
    default=20,
    show_default=True,
    help="How many to print at most.",
)
def audit(username: str | None, event: str | None, limit: int) -> None:
    """Print what happened to one user or to all, the newest first. Times are UTC."""
    for entry in events.list_audit(username, event, limit):
        fields = {
            "user": entry.username,
            "actor": entry.actor,
            "address": entry.address,
            "session": entry.session,
            "count": entry.count if entry.count > 1 else None,
        }
        told = "".join(f"  {name}={value}" for name, value in fields.items() if value)
        echo(f"{entry.at:%Y-%m-%d %H:%M:%S.%f}  {entry.event}{told}")


COMMANDS = [audit]
