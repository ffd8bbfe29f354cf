"""What happened to a user's second factor since they last logged in."""

from itertools import takewhile
from typing import Final

from auth import events
from auth.events import Event
from auth.records import AuditEntry, User

_CHANGES: Final = {
    event.text
    for event in (
        Event.FACTOR_ADDED,
        Event.FACTOR_REMOVED,
        Event.FACTOR_RESET,
        Event.RECOVERY_CODES_MADE,
    )
}
# Failed logins are entries, too: no stranger makes so many that a change is not told.
_LIMITS: Final = (100, 10_000)


def since_last_login(user: User) -> list[AuditEntry]:
    """Return what a user has to be told, oldest first. Call it before their new session begins.

    That there were too many wrong codes is told once, however often.
    """
    new = _since_last_login(user)
    throttled = [entry for entry in new if entry.event == Event.FACTOR_THROTTLED.text]
    return [entry for entry in new if entry.event in _CHANGES or entry in throttled[:1]][::-1]


def _since_last_login(user: User) -> list[AuditEntry]:
    new: list[AuditEntry] = []
    for limit in _LIMITS:
        newest = events.list_audit_of(user.id, limit)
        new = list(takewhile(lambda entry: entry.event != Event.LOGIN.text, newest))
        if len(new) < limit:
            break
    return new
