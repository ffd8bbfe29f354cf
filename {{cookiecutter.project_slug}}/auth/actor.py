"""Who is acting, where that is not the user whom an event is about."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple


class Actor(NamedTuple):
    """Who is acting.

    Attributes:
        name: A username, or another name that no user can have.
        address: The IP address that they act from, or None if it is not known.
    """

    name: str
    address: str | None = None


_actor: ContextVar[Actor | None] = ContextVar("actor", default=None)


def current() -> Actor | None:
    """Return who was named by `acting_as`, or None."""
    return _actor.get()


@contextmanager
def acting_as(name: str, address: str | None = None) -> Iterator[None]:
    """Name who does what is done in a with block.

    Args:
        name: A username, or another name that no user can have.
        address: The IP address that they act from, or None if it is not known.
    """
    token = _actor.set(Actor(name, address))
    try:
        yield
    finally:
        _actor.reset(token)
