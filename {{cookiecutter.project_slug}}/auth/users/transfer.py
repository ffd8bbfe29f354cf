"""All users as a file, with which they move to another store."""

from pathlib import Path

from auth.records import LastUserError, User
from auth.users import administrators, directory, roles


def export_users() -> str:
    """Return every user, as the text of a users file."""
    return directory.write_text(directory.list_users())


def import_users(file: Path, *, force: bool = False) -> list[str]:
    """Take over the users of a file, each in the place of any that has the id.

    Their passwords stay as they are. Their logins end.

    Args:
        file: A users file.
        force: Whether nobody has to be an administrator afterwards.

    Returns:
        Their names.

    Raises:
        FileNotFoundError: There is no such file.
        NotAcceptableError: A role is not acceptable, and nobody was taken over.
        UserExistsError: Another user has one of the names, and nobody was taken over.
        LastUserError: Nobody who is an administrator now would be one, and nobody was taken over.
        StoreUnavailableError: The file or the store cannot be read.
    """
    imported = directory.read_file(file)
    for user in imported:
        roles.check(user.roles)
    if not force:
        _check_administrators(imported)
    directory.put_users(imported)
    return [user.username for user in imported]


def _check_administrators(imported: list[User]) -> None:
    """Raise LastUserError if no administrator would be left."""
    present = directory.list_users()
    after = {user.id: user for user in [*present, *imported]}.values()
    before = [user.username for user in present if administrators.is_one(user)]
    if before and not any(map(administrators.is_one, after)):
        raise LastUserError(before[0])
