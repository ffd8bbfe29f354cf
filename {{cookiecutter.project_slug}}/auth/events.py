"""Everything that is recorded: which events there are, how severe each is, and the log line."""

import json
import logging
import re
import sys
import time
from enum import Enum
from threading import Lock, Timer

_logger = logging.getLogger("auth")

_QUIET_SECONDS = 60.0  # after a line of `record_often`
_lock = Lock()
_counts: dict[tuple["Event", object], int] = {}


class Event(Enum):
    """What can happen, and the level of its line in the log."""

    LOGIN = "login", logging.INFO
    LOGIN_FAILED = "login failed", logging.INFO
    THROTTLED = "throttled", logging.WARNING
    LOGOUT = "logout", logging.INFO
    SESSION_EXPIRED = "session expired", logging.INFO
    SESSION_ENDED = "session ended", logging.INFO
    COOKIE_MISMATCH = "cookie mismatch", logging.WARNING
    COOKIE_REFUSED = "cookie refused", logging.WARNING
    REQUEST_REFUSED = "request refused", logging.WARNING
    ACCESS_DENIED = "access denied", logging.WARNING
    USER_ADDED = "user added", logging.INFO
    USER_IMPORTED = "user imported", logging.INFO
    PASSWORD_CHANGED = "password changed", logging.INFO
    USER_DISABLED = "user disabled", logging.INFO
    USER_ENABLED = "user enabled", logging.INFO
    USER_REMOVED = "user removed", logging.INFO
    SESSIONS_ENDED = "sessions ended", logging.INFO
    PASSWORD_HASH_UNUSABLE = "password hash unusable", logging.ERROR
    LAST_USE_NOT_RECORDED = "last use not recorded", logging.WARNING
    STORE_UNAVAILABLE = "store unavailable", logging.ERROR

    def __init__(self, text: str, level: int) -> None:
        self.text = text
        self.level = level


def record(event: Event, **details: object) -> None:
    """Write one line to the log: UTC, `key=value` (ASVS 5.0, 16.2).

    Args:
        event: What happened.
        details: What else to say. None is left out. Never a password, a token or
            a hash of either; a session is named by `tokens.session_label`.
    """
    if not _logger.handlers:
        _add_handler()
    fields = {"event": event.text, **details}
    _logger.log(
        event.level,
        " ".join(f"{key}={_quote(value)}" for key, value in fields.items() if value is not None),
    )


def record_often(event: Event, reason: str, **details: object) -> None:
    """Write what may happen many times a second: one line, then one a minute with a count.

    Args:
        event: What happened.
        reason: Why. Each reason has lines of its own.
        details: What else to say in the first line.
    """
    key = event, reason
    with _lock:
        is_first = key not in _counts
        _counts[key] = 0 if is_first else _counts[key] + 1
    if is_first:
        record(event, reason=reason, **details)
        _start_timer(event, reason)


def _start_timer(event: Event, reason: str) -> None:
    timer = Timer(_QUIET_SECONDS, _record_count, [event, reason])
    timer.daemon = True
    timer.start()


def _record_count(event: Event, reason: str) -> None:
    """Write how often something happened since its last line, if it did."""
    with _lock:
        count = _counts.pop((event, reason), 0)
        if count:
            _counts[event, reason] = 0
    if count:
        record(event, reason=reason, count=count)
        _start_timer(event, reason)


def _quote(value: object) -> str:
    """Return a value that cannot be taken for two, nor start a line of its own."""
    text = str(value)
    return text if re.fullmatch(r"[\w.@:/+-]+", text, re.ASCII) else json.dumps(text)


def _add_handler() -> None:
    """Write to standard error at INFO, beside whatever else the process logs."""
    formatter = logging.Formatter(
        "time=%(asctime)sZ level=%(levelname)s logger=%(name)s %(message)s",
        datefmt="%Y-%m-%dT%H:%M:%S",
    )
    formatter.converter = time.gmtime
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    _logger.addHandler(handler)
    _logger.setLevel(logging.INFO)
