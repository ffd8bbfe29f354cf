"""The attempts in the memory of this process."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from itertools import islice, takewhile
from threading import RLock

from auth.records import Attempt
from auth.stores.room import find_full

_MAX_ATTEMPTS = 10_000


class MemoryAttempts:
    """Attempts in a dict, the oldest first; a flood of them makes it forget the oldest."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._attempts: dict[str, Attempt] = {}
        # Those of each key, so that a flood does not make every login slow.
        self._ids: defaultdict[str, set[str]] = defaultdict(set)

    def start(
        self, attempt: Attempt, limits: Mapping[str, int], now: datetime
    ) -> tuple[str, datetime] | None:
        """Count an attempt, or return which key has no room for it, and until when."""
        with self._lock:
            ids = {near for key in _keys(attempt) for near in self._ids.get(key, ())}
            near = [self._attempts[attempt_id] for attempt_id in ids]
            counted = [other for other in near if other.expires_at > now]
            if full := find_full(attempt, counted, limits):
                return full
            self._attempts[attempt.attempt_id] = attempt
            for key in _keys(attempt):
                self._ids[key].add(attempt.attempt_id)
            if len(self._attempts) > _MAX_ATTEMPTS:
                self._forget(next(iter(self._attempts)))
            return None

    def end(self, attempt_ids: Collection[str], now: datetime) -> None:
        """Let attempts count no longer. Unknown ones are ignored."""
        with self._lock:
            for attempt_id in self._attempts.keys() & set(attempt_ids):
                self._forget(attempt_id)

    def clear(self, pair: str, now: datetime) -> None:
        """Let every attempt of a pair count no longer."""
        with self._lock:
            ids = self._ids.get(pair, set())
            for attempt_id in [each for each in ids if self._attempts[each].pair == pair]:
                self._forget(attempt_id)

    def purge(self, now: datetime, limit: int = 1000) -> int:
        """Remove at most so many attempts that have expired, and return how many."""
        with self._lock:
            # All attempts count equally long, so the first to expire comes first.
            in_front = islice(self._attempts.values(), limit)
            expired = list(takewhile(lambda attempt: attempt.expires_at <= now, in_front))
            for attempt in expired:
                self._forget(attempt.attempt_id)
            return len(expired)

    def _forget(self, attempt_id: str) -> None:
        attempt = self._attempts.pop(attempt_id)
        for key in _keys(attempt):
            self._ids[key].discard(attempt_id)
            if not self._ids[key]:
                del self._ids[key]


def _keys(attempt: Attempt) -> tuple[str, str, str]:
    return attempt.pair, attempt.name, attempt.address
