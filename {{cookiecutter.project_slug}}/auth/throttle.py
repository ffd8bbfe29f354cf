"""Limits on failed logins, which end by themselves."""

import hashlib
import math
import uuid
from collections import Counter, OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from itertools import count
from threading import Condition, Lock

from auth import clock, stores
from auth.settings import load_settings
from auth.stores.base import Attempt, StoreUnavailableError

_MAX_KEYS = 10_000
_MAX_CHECKS = 2  # of passwords, at one time for one address
_TIMES = {"pair": 1, "name": 10, "address": 10}  # the limit, for each key of an attempt
_REMEMBERED = timedelta(seconds=10)
_KEPT = timedelta(hours=1)  # after it has expired: whoever counts right now may have seen it
_PURGE_EVERY = 50  # attempts
_PURGED_AT_ONCE = 100

_lock = Lock()
_turn = Condition()
_checks: Counter[str] = Counter()
# Keys without room, so that whoever tries on costs no query: until when, and until when to wait.
_full: OrderedDict[str, tuple[datetime, datetime]] = OrderedDict()
# Attempts to take back when the store can be reached again.
_owed: deque[str] = deque(maxlen=1000)
_started = count(1)


class ThrottledError(Exception):
    """There were too many failed logins.

    Attributes:
        seconds: How long to wait.
    """

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def start_attempt(username: str, address: str | None) -> Attempt:
    """Count a login as failed before it is tried, so that many at once gain nothing.

    Args:
        username: The name that was typed, whether there is such a user or not.
        address: The visitor's IP address, or None if it is not known.

    Returns:
        What was counted, for `end_attempt`.

    Raises:
        ThrottledError: There were too many; nothing was counted.
        StoreUnavailableError: The store cannot be reached; nothing was counted.
    """
    settings = load_settings()
    now = clock.now()
    expires_at = now + timedelta(minutes=settings.throttle_minutes)
    attempt = Attempt(uuid.uuid4().hex, **_keys(username, address), expires_at=expires_at)
    if until := _remembered(attempt, now):
        raise ThrottledError(_seconds(until - now))
    limits = {key: settings.throttle_failures * times for key, times in _TIMES.items()}
    _pay(now)
    if full := stores.current().attempts.start(attempt, limits, now):
        key, until = full
        _remember(getattr(attempt, key), until, now)
        raise ThrottledError(_seconds(until - now))
    if next(_started) % _PURGE_EVERY == 0:
        with suppress(StoreUnavailableError):
            purge(_PURGED_AT_ONCE)
    return attempt


def end_attempt(attempt: Attempt) -> None:
    """Take back what `start_attempt` counted, after a login that succeeded.

    If the store cannot be reached, that is done later.
    """
    with _lock:
        for key in _TIMES:
            _full.pop(getattr(attempt, key), None)
    try:
        stores.current().attempts.end(attempt.attempt_id, clock.now())
    except StoreUnavailableError:
        end_attempt_later(attempt)


def end_attempt_later(attempt: Attempt) -> None:
    """Take back what `start_attempt` counted when the store can be reached again."""
    _owed.append(attempt.attempt_id)


def purge(limit: int = 1000) -> int:
    """Remove attempts that have expired, and return how many.

    Args:
        limit: How many to remove at most.

    Raises:
        StoreUnavailableError: The store cannot be reached.
    """
    return stores.current().attempts.purge(clock.now() - _KEPT, limit)


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


def _keys(username: str, address: str | None) -> dict[str, str]:
    """Return what an attempt is counted by: hashes that tell neither the name nor the address."""
    name, place = username[:64], address or ""
    return {
        "pair": _hash(f"pair\0{place}\0{name}"),
        "name": _hash(f"name\0{name}"),
        "address": _hash(f"address\0{place}"),
    }


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def _remembered(attempt: Attempt, now: datetime) -> datetime | None:
    """Return until when an attempt has to wait, if that is known without asking the store."""
    with _lock:
        for key in _TIMES:
            trusted_until, until = _full.get(getattr(attempt, key), (now, now))
            if now < min(trusted_until, until):
                return until
    return None


def _remember(key: str, until: datetime, now: datetime) -> None:
    """Keep that a key has no room: not for long, because a login that succeeds makes some."""
    with _lock:
        _full[key] = now + _REMEMBERED, until
        _full.move_to_end(key)
        if len(_full) > _MAX_KEYS:
            _full.popitem(last=False)


def _pay(now: datetime) -> None:
    """Take back what could not be taken back before."""
    while True:
        try:
            attempt_id = _owed.popleft()
        except IndexError:
            return
        try:
            stores.current().attempts.end(attempt_id, now)
        except StoreUnavailableError:
            _owed.appendleft(attempt_id)
            raise


def _seconds(wait: timedelta) -> int:
    return max(1, math.ceil(wait.total_seconds()))
