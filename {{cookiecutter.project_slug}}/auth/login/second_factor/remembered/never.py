"""No browser is remembered: its login cookie may be in the hands of a script that got into a page."""

from collections.abc import Iterable

from auth.records import User
from auth.users.factors import Factor


def days() -> float:
    """Return for how many days a browser is remembered: 0, because none is."""
    return 0


def remember(user: User, factors: Iterable[Factor]) -> None:
    """Keep nothing."""


def is_known(user: User, factors: Iterable[Factor]) -> bool:
    """Tell whether the visitor's browser need not be asked: it is."""
    return False
