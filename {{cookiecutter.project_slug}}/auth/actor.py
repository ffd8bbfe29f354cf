"""Who is acting, where that is not the user whom an event is about."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_actor: ContextVar[str | None] = ContextVar("actor", default=None)


def current() -> str | None:
    """Return who was named by `acting_as`, or None."""
    return _actor.get()


@contextmanager
def acting_as(name: str) -> Iterator[None]:
    """Name who does what is done in a with block.

    Args:
        name: A username, or another name that no user can have.
    """
    token = _actor.set(name)
    try:
        yield
    finally:
        _actor.reset(token)
