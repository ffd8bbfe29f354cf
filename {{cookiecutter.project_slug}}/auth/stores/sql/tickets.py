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


class SqlTickets:
    """The tickets, each in a row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, ticket: Ticket, now: datetime) -> None:
        """Keep a new ticket, and forget those that have expired."""
        expired = delete(tickets).where(tickets.c.expires_at <= now)
        self._database.run(lambda connection: connection.execute(expired))
        statement = insert(tickets).values(asdict(ticket))
        # A first attempt may have succeeded, with only its result lost.
        with suppress(IntegrityError):
            self._database.run(lambda connection: connection.execute(statement))

    def take(self, purpose: str, ticket_hash: str) -> Ticket | None:
        """Return a ticket and forget it: of many who ask at once, one gets it."""
        of_purpose = chosen.exactly(tickets.c.purpose, purpose)
        this = and_(tickets.c.ticket_hash == ticket_hash, of_purpose)

        def work(connection: Connection) -> Ticket | None:
            row = connection.execute(select(tickets).where(this)).first()
            taken = row and connection.execute(delete(tickets).where(this)).rowcount
            return Ticket(*row) if row and taken else None

        return self._database.run_once(work)
