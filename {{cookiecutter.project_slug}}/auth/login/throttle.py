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
from typing import NamedTuple

from auth import clock, stores
from auth.records import Attempt, Device, StoreUnavailableError, User
from auth.settings import load_settings
from auth.usernames import MAX_EMAIL, stored_form
from auth.users import directory
from auth.visitor import addresses, visiting

_MAX_KEYS = 10_000
_MAX_CHECKS = 2  # of passwords, at one time for one address
_DEVICE_KNOWN = timedelta(days=180)  # since its last login
_MAX_DEVICES = 20  # known of one user
_REMEMBERED = timedelta(seconds=10)
_KEPT = timedelta(hours=1)  # after it has expired: whoever counts right now may have seen it
_PURGE_EVERY = 50  # attempts
_PURGED_AT_ONCE = 100

_lock = Lock()
_turn = Condition()
_checks: Counter[str] = Counter()
# Keys without room, so that whoever tries on costs few queries.
_full: OrderedDict[str, "_Full"] = OrderedDict()
# Attempts to take back when the store can be reached again.
_owed: deque[str] = deque(maxlen=1000)
_started = count(1)


class _Kind(NamedTuple):
    """A kind of visitors, who are counted apart from the others.

    Attributes:
        name: What it is called in the keys of its attempts.
        times: The limit, as a multiple of the setting, for each key that has one.
        reasons: What the log says of a key without room.
    """

    name: str
    times: dict[str, int]
    reasons: dict[str, str]


_STRANGERS = _Kind(
    "",
    {"pair": 1, "name": 10, "address": 10},
    {"pair": "name and address", "name": "name", "address": "address"},
)
# Those by known devices, whose place is the device.
_KNOWN = _Kind(
    "known\0", {"pair": 1, "name": 2}, {"pair": "name and device", "name": "name and known devices"}
)


class _Full(NamedTuple):
    """A key without room: until when that is believed, and until when to wait."""

    trusted_until: datetime
    until: datetime
    reason: str
    username: str | None


class ThrottledError(Exception):
    """There were too many failed logins.

    Attributes:
        seconds: How long to wait.
        reason: What there were too many for, for the log: such as "name and address".
        username: The user whose name it is; None if there is none, or the name does not matter.
    """

    def __init__(self, seconds: int, reason: str, username: str | None) -> None:
        super().__init__(seconds)
        self.seconds = seconds
        self.reason = reason
        self.username = username


def start_attempt(username: str) -> tuple[Attempt, User | None]:
    """Count a login as failed before it is tried, so that many at once gain nothing.

    A visitor's device that has logged in as this user before is limited by its own failures
    and those of the user's other known devices, so strangers cannot lock it out, nor it them
    (OWASP, device cookies).

    Args:
        username: The name or address that was typed, whether there is such a user or not.
            It counts for the user who is meant, so that two ways to call one give no more tries.

    Returns:
        What was counted, for `end_attempt`, and who is called so, or None.

    Raises:
        ThrottledError: There were too many; nothing was counted.
        StoreUnavailableError: The store cannot be reached; nothing was counted.
    """
    settings, visitor, now = load_settings(), visiting.current(), clock.now()
    name, place = stored_form(username)[:MAX_EMAIL], addresses.network(visitor.address)
    kind = _STRANGERS
    # Whoever tries on without room costs no query, unless a device is to be looked for.
    user = directory.find_login(username) if visitor.device else None
    if user and visitor.device:
        device = _device_hash(user, visitor.device)
        if stores.current().devices.knows(user, device, now):
            place, kind = device, _KNOWN
    typed = _keys(kind, name, place)
    _raise_if_full([typed[key] for key in kind.times], now)
    _pay(now)
    user = user or directory.find_login(username)
    # What was counted before a new password or an unlock has other keys.
    keys = _keys(kind, user.username, place, f"{user.epoch} {user.unlocks}") if user else typed
    expires_at = now + timedelta(minutes=settings.throttle_minutes)
    attempt = Attempt(uuid.uuid4().hex, **keys, expires_at=expires_at)
    limits = {key: settings.throttle_failures * factor for key, factor in kind.times.items()}
    if full := stores.current().attempts.start(attempt, limits, now):
        key, until = full
        known = user.username if user and key != "address" else None
        _remember(typed[key], _Full(now + _REMEMBERED, until, kind.reasons[key], known))
        raise ThrottledError(_seconds(until - now), kind.reasons[key], known)
    if next(_started) % _PURGE_EVERY == 0:
        with suppress(StoreUnavailableError):
            purge(_PURGED_AT_ONCE)
    return attempt, user


def end_attempt(attempt: Attempt) -> None:
    """Forget a name's failures from one place, or one device, after a login that succeeded.

    If the store cannot be reached, at least this attempt is taken back, later.
    """
    try:
        stores.current().attempts.clear(attempt.pair, clock.now())
    except StoreUnavailableError:
        end_attempt_later(attempt)


def remember_device(user: User) -> None:
    """Keep that the visitor's device has logged in as a user, until their epoch is another."""
    if secret := visiting.current().device:
        now = clock.now()
        device = Device(_device_hash(user, secret), user.id, now + _DEVICE_KNOWN)
        stores.current().devices.add(device, now, _MAX_DEVICES)


def end_attempt_later(attempt: Attempt) -> None:
    """Take back what `start_attempt` counted when the store can be reached again."""
    _owed.append(attempt.attempt_id)


def purge(limit: int = 1000) -> int:
    """Remove attempts that have expired, and return how many.

    Args:
        limit: How many to remove at most.
    """
    return stores.current().attempts.purge(clock.now() - _KEPT, limit)


@contextmanager
def checking() -> Iterator[None]:
    """Wait until the visitor's address has few password checks going on, so others need not wait."""
    key = addresses.network(visiting.current().address)
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


def _keys(kind: _Kind, name: str, place: str, generation: str = "") -> dict[str, str]:
    """Return what an attempt is counted by: hashes that tell neither the name nor the place."""
    return {
        "pair": _hash(f"pair\0{kind.name}{generation}\0{place}\0{name}"),
        "name": _hash(f"name\0{kind.name}{generation}\0{name}"),
        "address": _hash(f"address\0{kind.name}{place}"),
    }


def _device_hash(user: User, device: str) -> str:
    return _hash(f"device\0{device}\0{user.id}\0{user.epoch}")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def _raise_if_full(keys: list[str], now: datetime) -> None:
    """Raise ThrottledError if a key has no room, as far as that is known without the store."""
    with _lock:
        for key in keys:
            full = _full.get(key)
            if full and now < min(full.trusted_until, full.until):
                raise ThrottledError(_seconds(full.until - now), full.reason, full.username)


def _remember(key: str, full: _Full) -> None:
    """Keep that a key has no room: not for long, because success or an unlock makes some."""
    with _lock:
        _full[key] = full
        _full.move_to_end(key)
        if len(_full) > _MAX_KEYS:
            _full.popitem(last=False)


def _pay(now: datetime) -> None:
    """Take back what could not be taken back before, all of it at once."""
    owed: list[str] = []
    with suppress(IndexError):  # Another login may take some.
        while True:
            owed.append(_owed.popleft())
    if not owed:
        return
    try:
        stores.current().attempts.end(owed, now)
    except StoreUnavailableError:
        _owed.extendleft(reversed(owed))
        raise


def _seconds(wait: timedelta) -> int:
    return max(1, math.ceil(wait.total_seconds()))
