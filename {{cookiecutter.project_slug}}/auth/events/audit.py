"""The audit: what happened to people, in the store."""

from collections.abc import Collection
from datetime import datetime, timedelta

from auth import clock, stores
from auth.events.kinds import Event
from auth.records import AuditEntry, UnavailableError
from auth.settings import load_settings
from auth.usernames import stored_form

_PAUSE = timedelta(seconds=30)  # after an entry that could not be written
_paused: list[datetime] = []  # until when
_MAX_LENGTH = 64  # of a text


def list_audit(
    username: str | None = None, event: str | None = None, limit: int = 100
) -> list[AuditEntry]:
    """Return entries of the audit, newest first.

    Args:
        username: What whoever they are about was called then, or None for all.
        event: The text of an event, or None for all.
        limit: How many to return at most.
    """
    name = None if username is None else stored_form(username)
    return stores.current().audit.list_newest(name, event, limit)


def list_audit_of(user_id: str, limit: int = 100) -> list[AuditEntry]:
    """Return entries of the audit about a user, whatever they were called, newest first."""
    return stores.current().audit.list_newest_of(user_id, limit)


def last_times(event: Event, user_ids: Collection[str]) -> dict[str, datetime]:
    """Return when something last happened to users, UTC, by their ids; of the others nothing."""
    return stores.current().audit.last_times(event.text, user_ids)


def purge_audit(limit: int = 1000) -> int:
    """Remove entries of the audit that are too old, and return how many.

    Args:
        limit: How many to remove at most.
    """
    older_than = clock.now() - timedelta(days=load_settings().audit_days)
    return stores.current().audit.purge(older_than, limit)


def add(entry: AuditEntry) -> str | None:
    """Write an entry, if that is possible now. Return why not, or None."""
    now = clock.now()
    if _paused and now < _paused[-1]:
        return "a moment ago it was not possible, either"
    try:
        stores.current().audit.add(entry)
    except UnavailableError as error:
        # Otherwise every login would wait until the store has failed again.
        _paused[:] = [now + _PAUSE]
        return str(error)
    return None


def text(value: object) -> str | None:
    """Return a value as the audit can keep it: a proxy may pass on any text as an address."""
    return "".join(filter(str.isprintable, str(value or "")))[:_MAX_LENGTH] or None
