"""The tickets in the database."""

from contextlib import suppress
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, and_, delete, insert, select
from sqlalchemy.exc import IntegrityError

from auth.records import Ticket
from auth.stores.sql.databases import chosen
from auth.stores.sql.engine import Database
from auth.stores.sql.tables import tickets

_FORGOTTEN_AT_ONCE = 100


class SqlTickets:
    """The tickets, each in a row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, ticket: Ticket, now: datetime) -> None:
        """Keep a new ticket, and forget those that have expired."""
        statement = insert(tickets).values(asdict(ticket))
        # A first attempt may have succeeded, with only its result lost.
        with suppress(IntegrityError):
            self._database.run(lambda connection: connection.execute(statement))
        self._forget_expired(now)

    def take(self, purpose: str, ticket_hash: str) -> Ticket | None:
        """Return a ticket and forget it: of many who ask at once, one gets it."""
        of_purpose = chosen.exactly(tickets.c.purpose, purpose)
        this = and_(tickets.c.ticket_hash == ticket_hash, of_purpose)

        def work(connection: Connection) -> Ticket | None:
            row = connection.execute(select(tickets).where(this)).first()
            taken = row and connection.execute(delete(tickets).where(this)).rowcount
            return Ticket(*row) if row and taken else None

        return self._database.run_once(work)

    def _forget_expired(self, now: datetime) -> None:
        """Remove a few, found first without a lock and then locked one by one: by primary key."""
        expired = tickets.c.expires_at <= now
        found = select(tickets.c.ticket_hash).where(expired).limit(_FORGOTTEN_AT_ONCE)
        hashes = self._database.run(lambda connection: connection.execute(found).scalars().all())
        if hashes:
            removal = delete(tickets).where(tickets.c.ticket_hash.in_(hashes))
            self._database.run(lambda connection: connection.execute(removal))
