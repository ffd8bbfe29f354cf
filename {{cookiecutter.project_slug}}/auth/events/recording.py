"""Recording that something happened: a line in the log, and an entry in the audit.

What happens again within a minute is counted, and told in one line and one entry when the
minute is over. So nobody fills the log or the store by doing one thing over and over.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock, Timer
from typing import NamedTuple

from auth import clock
from auth.access import CurrentUser
from auth.events import audit, log
from auth.events.kinds import Event
from auth.records import AuditEntry, User
from auth.visitor import addresses, visiting

_QUIET = timedelta(minutes=1)  # after a line
_LATER = 1.0  # seconds
_MAX_SERIES = 100  # of one event of one user: more of them are told together

_Key = tuple[object, ...]


class _Occurrence(NamedTuple):
    """One time that something happened."""

    event: Event
    at: datetime
    user_id: str | None
    details: dict[str, object]
    times: int = 1  # since the last one that was told


@dataclass
class _Series:
    """When something was last told, and what has happened since then: the last time, with the count."""

    since: datetime
    last: _Occurrence | None = None


_lock = Lock()
_series: defaultdict[_Key, dict[_Key, _Series]] = defaultdict(dict)
_timers: list[Timer] = []  # the one that waits, if any


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
) -> None:
    """Write one line to the log, and an entry into the audit: UTC, `key=value` (ASVS 5.0, 16.2).

    Who acts and from which address is known of the visitor. What differs from the last line
    in nothing but session, time and place is counted for a minute; what is about a user is
    counted for each place by itself. Never tell a password, a token or a hash of either.

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
    """
    visitor = visiting.current()
    user_id, name = _identify(user)
    details: dict[str, object] = {
        "reason": None if reason is None else str(reason),
        "user": name,
        "session": session,
        "roles": roles,
        "page": page,
        "function": function,
        "proof": proof,
        "users": users,
        "count": None,
        "actor": visitor.actor,
        "address": visitor.address,
    }
    occurrence = _Occurrence(event, clock.now(), user_id, details)
    if told := _due(occurrence):
        _write(told)


def _identify(user: User | CurrentUser | str | None) -> tuple[str | None, str | None]:
    """Return the id and the name of whoever an event is about."""
    if isinstance(user, User):
        return user.id, user.username
    return (user.id, user.name) if isinstance(user, CurrentUser) else (None, user)


def _due(occurrence: _Occurrence) -> _Occurrence | None:
    """Return what is to be told now, with the count; None if it is told later."""
    with _lock:
        known = _series[occurrence.event, occurrence.details["user"]]
        key = _key(occurrence)
        if key not in known and len(known) >= _MAX_SERIES:
            occurrence, key = _in_short(occurrence), ()
        series = known.get(key)
        if series and series.last:
            occurrence = occurrence._replace(times=series.last.times + 1)
        if series and not _is_over(series, occurrence.at):
            series.last = occurrence
            return None
        known[key] = _Series(occurrence.at)
        if not _timers:
            _start_timer()
        return occurrence


def _key(occurrence: _Occurrence) -> _Key:
    """Return what has to be the same for two occurrences to be told together."""
    details = dict(occurrence.details, session=None)
    address = details.pop("address")
    place = addresses.network(str(address)) if address and details["user"] else None
    return occurrence.user_id, place, *details.values()


def _in_short(occurrence: _Occurrence) -> _Occurrence:
    """Return what stands for all that have no room of their own."""
    details = {
        name: value if name in ("reason", "user", "actor") else None
        for name, value in occurrence.details.items()
    }
    return occurrence._replace(details=details)


def _is_over(series: _Series, now: datetime) -> bool:
    return abs(now - series.since) >= _QUIET  # Either way: a clock may be set back.


def _start_timer() -> None:
    timer = Timer(_QUIET.total_seconds(), tell_counts)
    timer.daemon = True
    _timers[:] = [timer]
    timer.start()


def tell_counts() -> None:
    """Write what has been counted for a minute."""
    now = clock.now()
    told: list[_Occurrence] = []
    with _lock:
        for whose, known in [*_series.items()]:
            for key, series in [*known.items()]:
                if _is_over(series, now):
                    del known[key]
                    if series.last:
                        told.append(series.last)
                        known[key] = _Series(now)
            if not known:
                del _series[whose]
        _timers.clear()
        if _series:
            _start_timer()
    for occurrence in told:
        _write(occurrence)


def _write(occurrence: _Occurrence) -> None:
    event, at, user_id, details, times = occurrence
    log.write(event, {**details, "count": times if times > 1 else None})
    name = details["user"]
    # What is about nobody is not for the audit: people type their password as a name.
    if event.is_audited and name:
        told = [name, details["actor"] or name, details["address"], details["session"]]
        user, actor, address, session = map(audit.text, told)
        entry = AuditEntry(at, event.text, user_id, user, actor, address, session, times)
        (_add_later if event is Event.LOGIN_FAILED else _add)(entry)


def _add(entry: AuditEntry) -> None:
    """Write an entry into the audit."""
    if problem := audit.add(entry):
        record(Event.AUDIT_NOT_WRITTEN, reason=problem)


def _add_later(entry: AuditEntry) -> None:
    """Write an entry when whoever waits has their answer: only of known users there is one.

    So the time does not tell which names there are.
    """
    Timer(_LATER, _add, [entry]).start()
