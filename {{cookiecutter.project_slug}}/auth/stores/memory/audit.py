"""The audit in the memory of this process."""

from collections import deque
from datetime import datetime
from itertools import islice
from threading import RLock

from auth.records import AuditEntry

_MAX_ENTRIES = 10_000


class MemoryAudit:
    """The newest entries, until the process stops."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._entries: deque[AuditEntry] = deque(maxlen=_MAX_ENTRIES)

    def add(self, entry: AuditEntry) -> None:
        """Keep an entry, in place of the oldest if there are too many."""
        with self._lock:
            self._entries.append(entry)

    def list_newest(
        self, username: str | None = None, event: str | None = None, limit: int = 100
    ) -> list[AuditEntry]:
        """Return entries about a name or all, of an event or all, newest first."""
        found = (
            entry
            for entry in self._newest()
            if username in (None, entry.username) and event in (None, entry.event)
        )
        return list(islice(found, limit))

    def list_newest_of(self, user_id: str, limit: int = 100) -> list[AuditEntry]:
        """Return at most so many entries about a user, newest first."""
        found = (entry for entry in self._newest() if entry.user_id == user_id)
        return list(islice(found, limit))

    def purge(self, older_than: datetime, limit: int = 1000) -> int:
        """Remove at most so many entries from before a time, and return how many."""
        removed = 0
        with self._lock:
            while removed < limit and self._entries and self._entries[0].at < older_than:
                self._entries.popleft()
                removed += 1
        return removed

    def _newest(self) -> list[AuditEntry]:
        with self._lock:
            # Of two at the same time, the later one comes first.
            entries = list(reversed(self._entries))
        return sorted(entries, key=lambda entry: entry.at, reverse=True)
