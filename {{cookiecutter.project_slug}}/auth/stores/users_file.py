"""The users file: {NAME: {"password_hash": HASH, "disabled": BOOL, "roles": [], "epoch": 1}}."""

import json
from datetime import UTC, datetime
from pathlib import Path

from auth.stores.base import StoreUnavailableError, User
from auth.usernames import stored_form

_FORM = '{"NAME": {"password_hash": "...", "disabled": false, "roles": [], "epoch": 1}}'


def read_users(file: Path) -> dict[str, User]:
    """Return the users of a file, in the order of their names. Only the password hash of a user is required.

    Their names are in lower case, however they stand in the file. A password hash that
    is not text is kept as "": that user cannot log in, and the others can.

    Raises:
        FileNotFoundError: There is no such file.
        StoreUnavailableError: It cannot be read, or does not have the expected form.
    """
    try:
        # An editor on Windows may have put a byte order mark at the start.
        records = json.loads(file.read_text(encoding="utf-8-sig"))
        users = [_parse_user(stored_form(name), record) for name, record in records.items()]
    except FileNotFoundError:
        raise
    except (OSError, OverflowError, ValueError) as error:
        reason = type(error).__name__
    except (AttributeError, KeyError, TypeError):
        reason = "it does not have the expected form"
    else:
        return _by_name(users, file)
    raise StoreUnavailableError(
        f"The users file {file} cannot be read ({reason}). It must have the form {_FORM}."
    )


def write_users(users: dict[str, User]) -> str:
    """Return the text of a users file."""
    records = {
        user.username: {
            "password_hash": user.password_hash,
            "disabled": user.disabled,
            "roles": list(user.roles),
            "epoch": user.epoch,
            "unlocks": user.unlocks,
        }
        | _one_time(user)
        for user in users.values()
    }
    return json.dumps(records, indent=2) + "\n"


def _one_time(user: User) -> dict[str, str]:
    """Return what only users with a one-time password have in the file."""
    end = user.password_expires_at
    return {"password_expires_at": end.isoformat()} if end else {}


def _by_name(users: list[User], file: Path) -> dict[str, User]:
    """Return users by name, or raise StoreUnavailableError if two have the same."""
    found: dict[str, User] = {}
    for user in sorted(users, key=lambda user: user.username):
        if user.username in found:
            raise StoreUnavailableError(
                f"The users file {file} has the name {user.username} twice, and the case of a "
                "name does not count. Remove or rename one of the two."
            )
        found[user.username] = user
    return found


def _parse_user(name: str, record: dict[str, object]) -> User:
    password_hash = record["password_hash"]
    disabled, roles = record.get("disabled", False), record.get("roles", [])
    epoch, unlocks = record.get("epoch", 1), record.get("unlocks", 0)
    if not (isinstance(disabled, bool) and isinstance(roles, list)):
        raise TypeError
    if type(epoch) is not int or type(unlocks) is not int:
        raise TypeError
    return User(
        name,
        password_hash if isinstance(password_hash, str) else "",
        disabled,
        tuple(map(str, roles)),
        epoch,
        unlocks,
        _parse_time(record.get("password_expires_at")),
    )


def _parse_time(value: object) -> datetime | None:
    """Return a time of the file, or raise TypeError or ValueError."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise TypeError
    time = datetime.fromisoformat(value)
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
