"""Limits on failed logins, which end by themselves."""

import math
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, Lock

from auth import clock
from auth.settings import load_settings

_MAX_KEYS = 10_000
_MAX_CHECKS = 2  # of passwords, at one time for one address

_lock = Lock()
_turn = Condition()
_checks: Counter[str] = Counter()
_failures: dict[tuple[str, str], deque[float]] = {}


def start_attempt(username: str, address: str | None) -> int:
    """Count a login as failed before it is tried, so that many at once gain nothing.

    Args:
        username: The name that was typed, whether there is such a user or not.
        address: The visitor's IP address, or None if it is not known.

    Returns:
        0 if the login may be tried; otherwise the seconds to wait, and nothing
        was counted.
    """
    settings = load_settings()
    now = clock.now().timestamp()
    since = now - settings.throttle_minutes * 60
    limits = {key: settings.throttle_failures * times for key, times in _keys(username, address)}
    with _lock:
        for key, limit in limits.items():
            times = _failures.get(key, deque())
            while times and times[0] <= since:
                times.popleft()
            if len(times) >= limit:
                return math.ceil(times[-limit] - since)
        for key in limits:
            _failures.setdefault(key, deque()).append(now)
        _forget_old_keys(since)
    return 0


def end_attempt(username: str, address: str | None) -> None:
    """Take back what `start_attempt` counted, after a login that succeeded."""
    with _lock:
        for key, _ in _keys(username, address):
            if times := _failures.get(key):
                times.pop()


@contextmanager
def checking(address: str | None) -> Iterator[None]:
    """Wait until an address has few password checks going on, so that others need not wait.

    Args:
        address: The visitor's IP address, or None if it is not known.
    """
    key = address or ""
    with _turn:
        _turn.wait_for(lambda: _checks[key] < _MAX_CHECKS)
        _checks[key] += 1
    try:
        yield
    finally:
        with _turn:
            _checks[key] -= 1
            if not _checks[key]:
                del _checks[key]
            _turn.notify_all()


def _keys(username: str, address: str | None) -> list[tuple[tuple[str, str], int]]:
    """Return what failures are counted by, and how many times the limit each may have."""
    name = username[:64]
    return [((name, address or ""), 1), ((name, "*"), 10), (("*", address or ""), 10)]


def _forget_old_keys(since: float) -> None:
    """Keep the memory bounded: drop what has expired, and then the oldest."""
    if len(_failures) <= _MAX_KEYS:
        return
    for key in [key for key, times in _failures.items() if not times or times[-1] <= since]:
        del _failures[key]
    while len(_failures) > _MAX_KEYS:
        del _failures[next(iter(_failures))]
