"""Records for the tests of stores."""

from datetime import UTC, datetime, timedelta
from typing import Final

from auth.stores.base import Session, Ticket, User

NOW: Final = datetime(2030, 1, 31, 23, 59, 30, 123456, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)

ANN: Final = User("ann", "hash of ann", roles=("sales", "finance"), epoch=7)
BOB: Final = User("bob", "hash of bob")


def session_of(user: User, name: str = "1", start: datetime = NOW) -> Session:
    """Return a session that lasts an hour."""
    return Session(name.rjust(64, "0"), user.username, user.epoch, start, start + HOUR, start)


def ticket(name: str = "1", start: datetime = NOW) -> Ticket:
    """Return a ticket that lasts an hour."""
    return Ticket(name.rjust(64, "0"), "test", f"payload of {name}", start + HOUR)
