"""The limit on wrong codes: of one user, from wherever, on all servers together.

A right password does not clear it: whoever guesses codes knows the password. An administrator's
`Unlock` does.
"""

import hashlib
import math
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from auth import clock, stores
from auth.events import Event, record
from auth.login.throttle import ThrottledError, end_attempt_later
from auth.records import Attempt, StoreUnavailableError, UnavailableError, User

MAX_WRONG: Final = 10
WITHIN: Final = timedelta(minutes=15)


@contextmanager
def counted(user: User) -> Iterator[None]:
    """Count what is done in a with block as a wrong code, unless it ends well.

    It counts before it is tried, so that many at once gain nothing. An outage is nobody's failure.

    Raises:
        ThrottledError: There were too many; nothing was counted, and nothing is done.
        StoreUnavailableError: The store cannot be reached; nothing was counted.
    """
    now = clock.now()
    keys = {key: _key(key, user) for key in ("pair", "name", "address")}
    attempt = Attempt(uuid.uuid4().hex, **keys, expires_at=now + WITHIN)
    if full := stores.current().attempts.start(attempt, {"name": MAX_WRONG}, now):
        record(Event.FACTOR_THROTTLED, user=user)
        seconds = max(1, math.ceil((full[1] - now).total_seconds()))
        raise ThrottledError(seconds, "second factor", user.username)
    try:
        yield
    except UnavailableError:
        end_attempt_later(attempt)
        raise
    try:
        stores.current().attempts.end([attempt.attempt_id], now)
    except StoreUnavailableError:
        end_attempt_later(attempt)


def _key(key: str, user: User) -> str:
    return hashlib.sha256(f"second factor {key}\0{user.id}\0{user.unlocks}".encode()).hexdigest()
