"""All users as a file, and users from files: of this app, or of what people had before."""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final, NamedTuple

from auth import stores
from auth.events import Event, record
from auth.records import LastUserError, NotAcceptableError, User, new_epoch
from auth.stores.uniqueness import check_unique
from auth.stores.users_file import read_users, write_users
from auth.users import administrators, authenticator, csv_list, directory, newcomers, roles

_READ: Final[dict[str, Callable[[Path], list[newcomers.Newcomer]]]] = {
    ".csv": csv_list.read,
    ".yaml": authenticator.read,
    ".yml": authenticator.read,
}


class Import(NamedTuple):
    """What an import would do.

    Attributes:
        users: Who would be kept, each in the place of any that has the id.
        passwords: The one-time passwords of those who came without one, by their names.
        others: The names of those who are not in a users file, and stay as they are.
    """

    users: list[User]
    passwords: dict[str, str]
    others: list[str]


def export_users() -> str:
    """Return every user, as the text of a users file."""
    return write_users(directory.list_users())


def prepare(file: Path, lifetime: timedelta, *, force: bool = False) -> Import:
    """Return what the import of a file would do. Nothing is kept yet.

    Passwords stay as they are. Those without one get a one-time password.

    Args:
        file: A users file, a CSV file, or streamlit-authenticator's configuration, by how its
            name ends.
        lifetime: How long the one-time passwords can be used, once.
        force: Whether nobody has to be an administrator afterwards.

    Raises:
        FileNotFoundError: There is no such file.
        NotAcceptableError: Something in it is not acceptable; the message says where and why.
        UserExistsError, EmailTakenError: Another user has one of the names or addresses.
        LastUserError: Nobody who is an administrator now would be one.
        StoreUnavailableError: The file or the store cannot be read.
    """
    read = _READ.get(file.suffix.lower())
    found = newcomers.as_users(read(file)) if read else _users_of(file)
    imported, passwords = newcomers.give_passwords(found, lifetime)
    present = directory.list_users()
    after = {user.id: user for user in [*present, *imported]}.values()
    check_unique(after)
    if not force:
        _check_administrators(present, after)
    names = {user.username for user in imported}
    others = [] if read else [user.username for user in present if user.username not in names]
    return Import(imported, passwords, others)


def carry_out(planned: Import) -> None:
    """Keep the users of an import, all or none. Their logins end.

    Raises:
        UserExistsError, EmailTakenError, StoreUnavailableError: As `prepare`, meanwhile.
    """
    stores.current().users.put(*(replace(user, epoch=new_epoch()) for user in planned.users))
    for user in planned.users:
        record(Event.USER_IMPORTED, user=user)


def _users_of(file: Path) -> list[User]:
    """Return the users of a users file, with hashes as they are kept here."""
    users: list[User] = []
    problems: list[str] = []
    for user in read_users(file):
        try:
            roles.checked(user.roles)
            known = user.password_hash
            if not (user.is_demo or user.is_invited):
                known = newcomers.usable_hash(known)
            users.append(replace(user, password_hash=known))
        except NotAcceptableError as error:
            problems.append(f"{user.username}: {error}")
    if problems:
        raise NotAcceptableError("\n".join(problems))
    return users


def _check_administrators(before: list[User], after: Collection[User]) -> None:
    """Raise LastUserError if no administrator would be left."""
    present = [user.username for user in before if administrators.is_one(user)]
    if present and not any(map(administrators.is_one, after)):
        raise LastUserError(present[0])
