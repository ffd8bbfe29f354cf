"""Commands by which users move: out of this app, and in from wherever they are."""

import csv
import os
from collections.abc import Sized
from datetime import timedelta
from pathlib import Path
from typing import TextIO

import click

from auth.commands.printing import echo, problem
from auth.records import NotAcceptableError, User
from auth.users import transfer

_file = click.argument("file", type=click.Path(path_type=Path))


@click.command()
@_file
def export_users(file: Path) -> None:
    """Write all users into a new file, with all that is known of them and their password hashes."""
    exported = transfer.export_users()
    with _new_file(file) as stream:
        stream.write(exported)
    echo(f"Wrote all users to {file}. Keep the file to yourself.")


@click.command()
@_file
@click.option("--dry-run", is_flag=True, help="Say what would happen, and change nothing.")
@click.option(
    "--passwords",
    "passwords_file",
    type=click.Path(path_type=Path),
    help="A new file for the one-time passwords of those who have none; beside FILE by default.",
)
@click.option(
    "--days",
    type=click.IntRange(1, 30),
    default=7,
    show_default=True,
    help="How long these can be used, once.",
)
@click.option("--force", is_flag=True, help="Do it even if there is no other administrator.")
def import_users(
    file: Path, dry_run: bool, passwords_file: Path | None, days: int, force: bool
) -> None:
    """Take over the users of a file, with their passwords: all of them or none.

    FILE is one that export-users wrote (.json), a list of people (.csv) with the columns username,
    email, name, roles and password_hash, or the config.yaml of streamlit-authenticator.

    Users who are known by their id are replaced. All others stay.
    """
    try:
        planned = transfer.prepare(file, timedelta(days=days), force=force)
    except FileNotFoundError:
        raise problem(f"There is no file {file}.") from None
    except NotAcceptableError as error:
        raise problem(f"Nothing was imported.\n{error}") from None
    kept_in = passwords_file or file.with_name(f"{file.stem}_passwords.csv")
    if dry_run:
        echo(f"Would import {_number(planned.users)}: {', '.join(_names(planned.users))}.")
    else:
        _carry_out(planned, kept_in)
        echo(f"Imported {_number(planned.users)}.")
    if planned.passwords:
        echo(
            f"{'Would write' if dry_run else 'Wrote'} a one-time password for "
            f"{_number(planned.passwords)} to {kept_in}, each valid for one login within {days} "
            "days. Hand them over, and remove the file."
        )
    if planned.others:
        echo(f"Already here, not in the file: {', '.join(planned.others)}.")


def _carry_out(planned: transfer.Import, passwords_file: Path) -> None:
    if not planned.passwords:
        transfer.carry_out(planned)
        return
    with _new_file(passwords_file) as stream:
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(["username", "one_time_password"])
        rows.writerows(planned.passwords.items())
    try:
        transfer.carry_out(planned)
    except BaseException:
        passwords_file.unlink()
        raise


def _new_file(file: Path) -> TextIO:
    """Open a new file, for its owner's eyes only from the first moment on."""
    try:
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        raise problem(f"{file} already exists: remove it or choose another name.") from None
    except OSError as error:
        raise problem(f"{file} cannot be written ({type(error).__name__}).") from None
    return open(descriptor, "w", encoding="utf-8", newline="\n")


def _number(users: Sized) -> str:
    return f"{len(users)} {'user' if len(users) == 1 else 'users'}"


def _names(users: list[User]) -> list[str]:
    return [user.username for user in users]


COMMANDS = [export_users, import_users]
