"""Everything that is recorded: which events there are, the log, and the audit."""

from auth.events.audit import list_audit, list_audit_of, purge_audit
from auth.events.kinds import AUDITED, Event
from auth.events.recording import record

__all__ = ["AUDITED", "Event", "list_audit", "list_audit_of", "purge_audit", "record"]
