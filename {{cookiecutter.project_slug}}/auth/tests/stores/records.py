"""Records for the tests of stores."""

from datetime import UTC, datetime, timedelta
from typing import Final

from auth.records import Attempt, AuditEntry, Session, Ticket, User
from auth.tests.people import id_of, person

NOW: Final = datetime(2030, 1, 31, 23, 59, 30, 123456, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)

ANN: Final = person("ann", "hash of ann", roles=("sales", "finance"), epoch=7)
BOB: Final = person("bob", "hash of bob")
EVE: Final = person(
    "eve", "hash of eve", email="eve.miller@example.com", display_name="Eve Müller-Иванова 🎈"
)


def session_of(user: User, name: str = "1", start: datetime = NOW) -> Session:
    """Return a session that lasts an hour."""
    return Session(
        name.rjust(64, "0"),
        user.id,
        user.epoch,
        created_at=start,
        expires_at=start + HOUR,
        last_seen_at=start,
        address="2001:db8::1",
        user_agent="Samsung Internet on Android",
    )


def ticket(name: str = "1", start: datetime = NOW) -> Ticket:
    """Return a ticket that lasts an hour."""
    return Ticket(name.rjust(64, "0"), "test", f"payload of {name}", start + HOUR)


def attempt(number: str = "1", start: datetime = NOW, /, **keys: str) -> Attempt:
    """Return an attempt that counts for an hour, with keys of its own but for those given."""
    found = {key: f"{key} of {number}" for key in ("pair", "name", "address")} | keys
    return Attempt(number.rjust(32, "0"), **found, expires_at=start + HOUR)


def entry(event: str = "login", at: datetime = NOW, username: str | None = "ann") -> AuditEntry:
    """Return an entry of the audit."""
    user_id = username and id_of(username)
    return AuditEntry(at, event, user_id, username, "boss", "192.0.2.1", "0123abcd", count=7)
