"""What happened to a user's second factor since they last logged in."""

from itertools import takewhile
from typing import Final

from auth import events
from auth.events import Event
from auth.records import AuditEntry, User

_TOLD: Final = {
    event.text
    for event in (
        Event.FACTOR_ADDED,
        Event.FACTOR_REMOVED,
        Event.FACTOR_RESET,
        Event.RECOVERY_CODES_MADE,
        Event.FACTOR_THROTTLED,
    )
}


def since_last_login(user: User) -> list[AuditEntry]:
    """Return what a user has to be told, oldest first. Call it before their new session begins."""
    newest = events.list_audit_of(user.id)
    new = takewhile(lambda entry: entry.event != Event.LOGIN.text, newest)
    return [entry for entry in new if entry.event in _TOLD][::-1]
