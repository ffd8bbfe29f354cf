"""Everything that is recorded: which events there are, the log, and the audit."""

from auth.events.audit import last_times, list_audit, list_audit_of, purge_audit
from auth.events.kinds import AUDITED, Event
from auth.events.recording import record

__all__ = [
    "AUDITED",
    "Event",
    "last_times",
    "list_audit",
    "list_audit_of",
    "purge_audit",
    "record",
]
