"""The known browsers in the memory of this process."""

from datetime import datetime
from threading import RLock

_MAX_BROWSERS = 10_000


class MemoryBrowsers:
    """Browsers in a dict, the first to expire first; too many make it forget that one."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._browsers: dict[str, datetime] = {}

    def add(self, browser_hash: str, expires_at: datetime, now: datetime) -> None:
        """Keep a browser until a time, or a known one for longer, and forget the expired."""
        with self._lock:
            self._browsers.pop(browser_hash, None)
            self._browsers[browser_hash] = expires_at
            # All are kept equally long, so the first to expire comes first.
            while self._browsers:
                first = next(iter(self._browsers))
                if len(self._browsers) <= _MAX_BROWSERS and self._browsers[first] > now:
                    break
                del self._browsers[first]

    def knows(self, browser_hash: str, now: datetime) -> bool:
        """Tell whether a browser was added and has not expired."""
        expires_at = self._browsers.get(browser_hash)
        return expires_at is not None and expires_at > now
