"""The people in the config.yaml of streamlit-authenticator."""

import importlib
from pathlib import Path
from typing import Any

from auth.records import NotAcceptableError
from auth.users.newcomers import Newcomer


def read(file: Path) -> list[Newcomer]:
    """Return the people of `credentials: usernames:`, with the hashes of their passwords.

    Raises:
        FileNotFoundError: There is no such file.
        NotAcceptableError: It cannot be read, or has no such part; the message says why.
    """
    yaml = _library()
    try:
        loader = yaml.SafeLoader(file.read_text(encoding="utf-8-sig"))
        people = _entry(_entry(loader.get_single_node(), "credentials"), "usernames")
        # As nodes: they know the lines.
        return [
            _newcomer(key.start_mark.line + 1, str(key.value), loader.construct_object(value, True))
            for key, value in people.value
        ]
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" It fails in line {mark.line + 1}." if mark else ""
        raise NotAcceptableError(f"{file} cannot be read as YAML.{where}") from None
    except (AttributeError, StopIteration, TypeError, ValueError):
        raise NotAcceptableError(
            f"{file} has no credentials with usernames, as streamlit-authenticator has them."
        ) from None


def _entry(node: Any, name: str) -> Any:
    """Return the node of a name in a mapping."""
    return next(value for key, value in node.value if key.value == name)


def _newcomer(line: int, username: str, record: object) -> Newcomer:
    if not isinstance(record, dict):
        return Newcomer(line, username, problem=f"{username} has no email, name and password.")
    names = record.get("name"), record.get("first_name"), record.get("last_name")
    given = names[:1] if names[0] else names[1:]
    found = record.get("roles") or record.get("role") or ()
    roles = found.replace(",", " ").split() if isinstance(found, str) else found
    return Newcomer(
        line,
        username,
        _text(record.get("email")),
        " ".join(filter(None, map(_text, given))),
        tuple(map(_text, roles)),
        _text(record.get("password")),
    )


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _library() -> Any:
    """Return the library that reads YAML, which the app itself has no need of."""
    try:
        return importlib.import_module("yaml")
    except ImportError:
        raise NotAcceptableError(
            "To read this file, the package PyYAML is needed for once: run this command with "
            "`uv run --with pyyaml python manage.py`, or `pip install pyyaml` first."
        ) from None
