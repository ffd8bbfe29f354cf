"""The users file: {NAME: {"id": ID, "password_hash": HASH, "disabled": BOOL, "roles": []}}.

A record may have `email` and `display_name` as well.
"""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from auth.records import EmailTakenError, StoreUnavailableError, User
from auth.stores.uniqueness import check_unique
from auth.usernames import is_display_name, is_email, is_username, stored_form

_FORM = '{"NAME": {"id": "32 of 0-9 and a-f", "password_hash": "...", "roles": []}}'
_ID = re.compile(r"[0-9a-f]{32}")


def read_users(file: Path) -> list[User]:
    """Return the users of a file, by name. Only the id and the password hash of a user are required.

    A password hash that is not text is kept as "": that user cannot log in, and the others can.

    Raises:
        FileNotFoundError: There is no such file.
        StoreUnavailableError: It cannot be read, or does not have the expected form.
    """
    try:
        # An editor on Windows may have put a byte order mark at the start.
        records = json.loads(file.read_text(encoding="utf-8-sig"))
        users = [_parse_user(name, record) for name, record in sorted(records.items())]
    except FileNotFoundError:
        raise
    except (OSError, OverflowError, ValueError) as error:
        reason = type(error).__name__
    except (AttributeError, KeyError, TypeError):
        reason = "it does not have the expected form"
    else:
        reason = _what_two_share(users)
        if not reason:
            return users
    raise StoreUnavailableError(
        f"The users file {file} cannot be read ({reason}). It must have the form {_FORM}."
    )


def write_users(users: list[User]) -> str:
    """Return the text of a users file."""
    records = {
        user.username: {
            "id": user.id,
            "password_hash": user.password_hash,
            "disabled": user.disabled,
            "roles": list(user.roles),
            "epoch": user.epoch,
            "unlocks": user.unlocks,
        }
        | _optional(user)
        for user in sorted(users, key=lambda user: user.username)
    }
    return json.dumps(records, indent=2) + "\n"


def _what_two_share(users: list[User]) -> str:
    """Return what two users of a file have in common and may not, to follow "cannot be read"."""
    if len({user.id for user in users}) < len(users):
        return "two users in it have the same id"
    try:
        check_unique(users)
    except EmailTakenError as error:
        return f"two users in it have {error} as their address or name"
    return ""


def _optional(user: User) -> dict[str, str]:
    """Return what only some users have in the file."""
    end = user.password_expires_at
    values = {
        "password_expires_at": end and end.isoformat(),
        "email": user.email,
        "display_name": user.display_name,
    }
    return {name: value for name, value in values.items() if value}


def _parse_user(name: str, record: dict[str, object]) -> User:
    user_id, password_hash = record["id"], record["password_hash"]
    disabled, roles = record.get("disabled", False), record.get("roles", [])
    epoch, unlocks = record.get("epoch", 1), record.get("unlocks", 0)
    if not (is_username(name) and isinstance(user_id, str) and _ID.fullmatch(user_id)):
        raise TypeError
    if not (isinstance(disabled, bool) and isinstance(roles, list)):
        raise TypeError
    if type(epoch) is not int or type(unlocks) is not int:
        raise TypeError
    return User(
        user_id,
        name,
        password_hash if isinstance(password_hash, str) else "",
        disabled,
        tuple(map(str, roles)),
        epoch,
        unlocks,
        _parse_time(record.get("password_expires_at")),
        _parse_text(record.get("email"), is_email, stored_form),
        _parse_text(record.get("display_name"), is_display_name),
    )


def _parse_text(
    value: object, is_acceptable: Callable[[str], bool], form: Callable[[str], str] = str
) -> str | None:
    """Return a text of the file as it is stored, or raise TypeError."""
    if value is None:
        return None
    if not (isinstance(value, str) and is_acceptable(form(value))):
        raise TypeError
    return form(value)


def _parse_time(value: object) -> datetime | None:
    """Return a time of the file, or raise TypeError or ValueError."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise TypeError
    time = datetime.fromisoformat(value)
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
