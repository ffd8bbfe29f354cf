"""The pace of logins: many at one moment come one after the other, so that nobody else waits."""

import time
from threading import Lock

# Between two logins of one process: what the page that each brings takes to run, or more.
_SECONDS = 0.14
_LONGEST_WAIT = 8.0  # seconds, so that nobody can hold all logins up with one user's password

_lock = Lock()
_next_turn = 0.0


def wait_for_turn() -> None:
    """Wait until the last login was long enough ago. Whoever logs in alone does not wait."""
    global _next_turn
    with _lock:
        now = time.monotonic()
        turn = min(max(now, _next_turn), now + _LONGEST_WAIT)
        _next_turn = turn + _SECONDS
    time.sleep(turn - now)
