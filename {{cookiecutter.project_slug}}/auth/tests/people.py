"""Users of the tests, as records and in a users file, and visitors."""

import hashlib
import json
from collections.abc import Mapping

from auth.records import User
from auth.visitor import visiting
from auth.visitor.visiting import Visitor


def person(username: str, password_hash: str = "x", **fields: object) -> User:  # noqa: S107
    """Return a record of a user, whose id is always the same for a name."""
    return User(id_of(username), username, password_hash, **fields)  # type: ignore[arg-type]


def users_text(**records: Mapping[str, object]) -> str:
    """Return the text of a users file: each name with what is in its record beside the id."""
    return json.dumps({name: {"id": id_of(name), **record} for name, record in records.items()})


def id_of(username: str) -> str:
    """Return the id of a user of the tests."""
    return hashlib.sha256(username.encode()).hexdigest()[:32]


def visit(address: str | None = None, device: str | None = None, user_agent: str = "") -> None:
    """Go on as a visitor from an address, by a device."""
    visiting.note(Visitor(address, user_agent, device))
