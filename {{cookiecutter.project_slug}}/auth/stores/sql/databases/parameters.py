"""The parameters in the address of a database: each is understood, or refused by its name."""

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,40}")


def parse_parameters(query: str) -> dict[str, str]:
    """Return the parameters after the ? of an address.

    Raises:
        ValueError: It has what is no parameter. The message quotes nothing of it.
    """
    try:
        return dict(parse_qsl(query, keep_blank_values=True, strict_parsing=True) if query else {})
    except ValueError:
        raise ValueError("its parameters have to have the form NAME=VALUE") from None


def unknown_parameter(name: str, known: Iterable[str]) -> ValueError:
    """Return the error of a parameter that would otherwise be left out without a word.

    Args:
        name: What it is called. What is no name may be a part of a password, and is not quoted.
        known: Those that there are.
    """
    shown = name if _NAME.fullmatch(name) else "that is no name"
    return ValueError(f"it has a parameter {shown}; this app knows {', '.join(sorted(known))}")
