"""The tickets in the memory of this process."""

from datetime import datetime
from threading import RLock

from auth.records import Ticket


class MemoryTickets:
    """Tickets in a dict."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._tickets: dict[str, Ticket] = {}

    def add(self, ticket: Ticket, now: datetime) -> None:
        """Keep a new ticket, and forget those that have expired."""
        with self._lock:
            self._tickets = {
                key: kept for key, kept in self._tickets.items() if kept.expires_at > now
            }
            self._tickets[ticket.ticket_hash] = ticket

    def take(self, purpose: str, ticket_hash: str) -> Ticket | None:
        """Return a ticket and forget it: of many who ask at once, one gets it."""
        with self._lock:
            ticket = self._tickets.get(ticket_hash)
            if ticket is None or ticket.purpose != purpose:
                return None
            return self._tickets.pop(ticket_hash)
