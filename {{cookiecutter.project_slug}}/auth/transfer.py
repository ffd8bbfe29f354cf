"""All users as a file, with which they move to another store."""

from pathlib import Path

from auth import administrators, roles, users
from auth.stores.base import LastUserError, User
from auth.usernames import acceptable_name


def export_users() -> str:
    """Return every user, as the text of a users file.

    Raises:
        StoreUnavailableError: The store cannot be reached.
    """
    return users.write_text(users.list_users())


def import_users(file: Path, *, force: bool = False) -> list[str]:
    """Take over the users of a file, each in the place of any that has the name.

    Their passwords stay as they are. Logins of whoever had the name before end.

    Args:
        file: A users file.
        force: Whether nobody has to be an administrator afterwards.

    Returns:
        Their names.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: A name or a role is not acceptable, and nobody was taken over; the message
            says why.
        LastUserError: Nobody who is an administrator now would be one, and nobody was taken over.
        StoreUnavailableError: The file or the store cannot be read.
    """
    imported = {user.username: user for user in users.read_file(file)}
    for user in imported.values():
        acceptable_name(user.username)
        roles.check(user.roles)
    if not force:
        _check_administrators(imported)
    users.put_users(list(imported.values()))
    return list(imported)


def _check_administrators(imported: dict[str, User]) -> None:
    """Raise LastUserError if no administrator would be left."""
    present = {user.username: user for user in users.list_users()}
    before = [name for name, user in present.items() if administrators.is_one(user)]
    if before and not any(map(administrators.is_one, (present | imported).values())):
        raise LastUserError(before[0])
