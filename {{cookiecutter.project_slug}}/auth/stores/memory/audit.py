"""The audit in the memory of this process."""

from collections import defaultdict, deque
from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import count, islice
from threading import RLock

from auth.records import AuditEntry

_MAX_ENTRIES = 10_000


class MemoryAudit:
    """The newest entries of each event of each user, until the process stops.

    Too many make it forget the oldest of which it has most: so what one user does over and
    over costs no entry of anybody else, and of no other event.
    """

    def __init__(self) -> None:
        self._lock = RLock()
        self._numbers = count()
        self._kept: defaultdict[tuple[str, str | None], deque[tuple[int, AuditEntry]]]
        self._kept = defaultdict(deque)

    def add(self, entry: AuditEntry) -> None:
        """Keep an entry, in place of another one if there are too many."""
        with self._lock:
            self._kept[entry.event, entry.user_id].append((next(self._numbers), entry))
            if sum(map(len, self._kept.values())) > _MAX_ENTRIES:
                max(self._kept.values(), key=len).popleft()

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

    def last_times(self, event: str, user_ids: Collection[str]) -> dict[str, datetime]:
        """Return when an event last happened to users, by their ids; of the others nothing."""
        with self._lock:
            kept = {user_id: self._kept.get((event, user_id)) for user_id in user_ids}
            return {user_id: found[-1][1].at for user_id, found in kept.items() if found}

    def purge(self, older_than: datetime, limit: int = 1000) -> int:
        """Remove at most so many entries from before a time, and return how many."""
        removed = 0
        with self._lock:
            for key, entries in [*self._kept.items()]:
                while removed < limit and entries and entries[0][1].at < older_than:
                    entries.popleft()
                    removed += 1
                if not entries:
                    del self._kept[key]
        return removed

    def _newest(self) -> Iterator[AuditEntry]:
        with self._lock:
            entries = [each for kept in self._kept.values() for each in kept]
        # Of two at the same time, the later one comes first.
        entries.sort(key=lambda each: (each[1].at, each[0]), reverse=True)
        return (entry for _, entry in entries)
