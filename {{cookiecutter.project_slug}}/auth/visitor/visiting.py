"""Who is visiting: noted once for a script run, a request or a command, and asked from anywhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple


class Visitor(NamedTuple):
    """What is known of whoever is visiting.

    Attributes:
        address: Their IP address, or None if it is not known.
        user_agent: Their browser in words for people, at most 64 characters; "" if it is not known.
        device: The secret in the cookie that tells browsers apart, or None.
        actor: Who is acting, where that is not the user whom an event is about: a username, or
            another name that no user can have.
    """

    address: str | None = None
    user_agent: str = ""
    device: str | None = None
    actor: str | None = None


_NOBODY = Visitor()
_visitor: ContextVar[Visitor] = ContextVar("visitor", default=_NOBODY)


def current() -> Visitor:
    """Return who is visiting, as far as it is known."""
    return _visitor.get()


def note(visitor: Visitor) -> None:
    """Keep who is visiting, for the rest of this script run, request or command."""
    _visitor.set(visitor)


@contextmanager
def acting_as(name: str) -> Iterator[None]:
    """Name who does what is done in a with block.

    Args:
        name: A username, or another name that no user can have.
    """
    token = _visitor.set(current()._replace(actor=name))
    try:
        yield
    finally:
        _visitor.reset(token)
