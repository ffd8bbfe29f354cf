"""Everything that is recorded: which events there are, the log line, and the entry in the audit."""

import json
import logging
import re
import sys
import time
from datetime import datetime, timedelta
from enum import Enum
from threading import Lock, Timer
from typing import Final

from auth import clock, stores
from auth.access import CurrentUser
from auth.records import AuditEntry, UnavailableError, User
from auth.settings import load_settings
from auth.usernames import stored_form
from auth.visitor import visiting

_logger = logging.getLogger("auth")

_QUIET_SECONDS = 60.0  # after a line of `record_often`
_lock = Lock()
_counts: dict[tuple["Event", str, str | None], int] = {}  # the event, why, and the user
_MAX_COUNTS = 100  # each has a thread that waits

_AUDIT_PAUSE = timedelta(seconds=30)  # after an entry that could not be written
_paused: list[datetime] = []  # until when
_MAX_LENGTH = 64  # of a text in the audit


class Event(Enum):
    """What can happen, the level of its line in the log, and whether it goes into the audit.

    What goes there is about a person. What a stranger can make happen as often as
    they like does not: it would fill the store.
    """

    LOGIN = "login", logging.INFO, True
    LOGIN_FAILED = "login failed", logging.INFO, True
    THROTTLED = "throttled", logging.WARNING
    LOGOUT = "logout", logging.INFO, True
    SESSION_EXPIRED = "session expired", logging.INFO, True
    SESSION_ENDED = "session ended", logging.INFO
    SESSION_REVOKED = "session revoked", logging.INFO, True
    OLDEST_SESSION_ENDED = "oldest session ended", logging.INFO, True
    COOKIE_MISMATCH = "cookie mismatch", logging.WARNING
    COOKIE_REFUSED = "cookie refused", logging.WARNING
    REQUEST_REFUSED = "request refused", logging.WARNING
    UPLOAD_MISDIRECTED = "upload misdirected", logging.WARNING
    ACCESS_DENIED = "access denied", logging.WARNING, True
    USER_ADDED = "user added", logging.INFO, True
    USER_IMPORTED = "user imported", logging.INFO, True
    PASSWORD_CHANGED = "password changed", logging.INFO, True
    PASSWORD_RESET = "password reset", logging.INFO, True
    USER_DISABLED = "user disabled", logging.INFO, True
    USER_ENABLED = "user enabled", logging.INFO, True
    USER_UNLOCKED = "user unlocked", logging.INFO, True
    USER_RENAMED = "user renamed", logging.INFO, True
    USER_REMOVED = "user removed", logging.INFO, True
    ROLES_GRANTED = "roles granted", logging.INFO, True
    ROLES_REVOKED = "roles revoked", logging.INFO, True
    SESSIONS_ENDED = "sessions ended", logging.INFO, True
    DEMO_USER_REFUSED = "demo user refused", logging.WARNING
    DEMO_USERS_PRESENT = "demo users present", logging.WARNING
    PASSWORD_HASH_UNUSABLE = "password hash unusable", logging.ERROR
    LAST_USE_NOT_RECORDED = "last use not recorded", logging.WARNING
    AUDIT_NOT_WRITTEN = "audit not written", logging.ERROR
    STORE_UNAVAILABLE = "store unavailable", logging.ERROR

    def __init__(self, text: str, level: int, is_audited: bool = False) -> None:
        self.text = text
        self.level = level
        self.is_audited = is_audited


AUDITED: Final = [event.text for event in Event if event.is_audited]


def record(
    event: Event,
    *,
    reason: object = None,
    user: User | CurrentUser | str | None = None,
    session: str | None = None,
    roles: str | None = None,
    page: str | None = None,
    function: str | None = None,
    proof: str | None = None,
    users: str | None = None,
    count: int | None = None,
) -> None:
    """Write one line to the log, and an entry into the audit: UTC, `key=value` (ASVS 5.0, 16.2).

    Who acts and from which address is known of the visitor. If the audit cannot be
    written, that is all that happens. Never tell a password, a token or a hash of either.

    Args:
        event: What happened.
        reason: Why.
        user: Whom it is about; a text if that is no user.
        session: In which session, as `tokens.session_label` names it.
        roles: Roles that were given or taken away.
        page: Which page somebody wanted to see.
        function: Which function somebody wanted to call.
        proof: What a login was proved by, if not by a password of the user's own.
        users: The names of several users.
        count: How often it happened.
    """
    visitor = visiting.current()
    user_id, name = _identify(user)
    details = {
        "reason": reason,
        "user": name,
        "session": session,
        "roles": roles,
        "page": page,
        "function": function,
        "proof": proof,
        "users": users,
        "count": count,
        "actor": visitor.actor,
        "address": visitor.address,
    }
    _log(event, details)
    if event.is_audited:
        _audit(event, user_id, name, visitor.actor or name, visitor.address, session)


def record_often(
    event: Event, reason: str, *, user: User | CurrentUser | str | None = None
) -> None:
    """Write what may happen many times a second: one line, then one a minute with a count.

    Args:
        event: What happened.
        reason: Why. Each reason has lines of its own.
        user: Whom it is about. Each user has lines of their own, unless there are very many.
    """
    key = event, reason, _identify(user)[1]
    with _lock:
        if key not in _counts and len(_counts) >= _MAX_COUNTS:
            user, key = None, (event, reason, None)
        is_first = key not in _counts
        _counts[key] = 0 if is_first else _counts[key] + 1
    if is_first:
        record(event, reason=reason, user=user)
        _start_timer(*key)


def _identify(user: User | CurrentUser | str | None) -> tuple[str | None, str | None]:
    """Return the id and the name of whoever an event is about."""
    if isinstance(user, User):
        return user.id, user.username
    return (user.id, user.name) if isinstance(user, CurrentUser) else (None, user)


def _log(event: Event, details: dict[str, object]) -> None:
    with _lock:
        if not _logger.handlers:
            _add_handler()
    fields = {"event": event.text, **details}
    _logger.log(
        event.level,
        " ".join(f"{key}={_quote(value)}" for key, value in fields.items() if value is not None),
    )


def list_audit(
    username: str | None = None, event: str | None = None, limit: int = 100
) -> list[AuditEntry]:
    """Return entries of the audit, newest first.

    Args:
        username: What whoever they are about was called then, or None for all.
        event: The text of an event, or None for all.
        limit: How many to return at most.
    """
    name = None if username is None else stored_form(username)
    return stores.current().audit.list_newest(name, event, limit)


def list_audit_of(user_id: str, limit: int = 100) -> list[AuditEntry]:
    """Return entries of the audit about a user, whatever they were called, newest first."""
    return stores.current().audit.list_newest_of(user_id, limit)


def purge_audit(limit: int = 1000) -> int:
    """Remove entries of the audit that are too old, and return how many.

    Args:
        limit: How many to remove at most.
    """
    older_than = clock.now() - timedelta(days=load_settings().audit_days)
    return stores.current().audit.purge(older_than, limit)


def _audit(event: Event, user_id: str | None, *texts: str | None) -> None:
    """Write an entry into the audit, if that is possible now."""
    now = clock.now()
    if _paused and now < _paused[-1]:
        record_often(Event.AUDIT_NOT_WRITTEN, "a moment ago it was not possible, either")
        return
    try:
        stores.current().audit.add(AuditEntry(now, event.text, user_id, *map(_text, texts)))
    except UnavailableError as error:
        # Otherwise every login would wait until the store has failed again.
        _paused[:] = [now + _AUDIT_PAUSE]
        record_often(Event.AUDIT_NOT_WRITTEN, str(error))


def _text(value: str | None) -> str | None:
    """Return a value as the audit can keep it: a proxy may pass on any text as an address."""
    return "".join(filter(str.isprintable, value or ""))[:_MAX_LENGTH] or None


def _start_timer(event: Event, reason: str, user: str | None) -> None:
    timer = Timer(_QUIET_SECONDS, _record_count, [event, reason, user])
    timer.daemon = True
    timer.start()


def _record_count(event: Event, reason: str, user: str | None = None) -> None:
    """Write how often something happened since its last line, if it did."""
    with _lock:
        count = _counts.pop((event, reason, user), 0)
        if count:
            _counts[event, reason, user] = 0
    if count:
        record(event, reason=reason, user=user, count=count)
        _start_timer(event, reason, user)


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
