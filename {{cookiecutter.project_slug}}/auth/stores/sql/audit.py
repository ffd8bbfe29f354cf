"""The audit in the database."""

import secrets
from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, delete, func, insert, select, true

from auth.records import AuditEntry
from auth.stores.sql.databases import chosen
from auth.stores.sql.engine import Database
from auth.stores.sql.tables import audit

_MAX_OF_A_KIND = 1000  # entries of one event of one user
_TRIM_EVERY = 50  # entries, on average


class SqlAudit:
    """What happened to people, each entry in a row.

    The newest of each event of each user are kept: so what one user does over and over
    fills no disk.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, entry: AuditEntry) -> None:
        """Keep an entry."""
        statement = insert(audit).values(asdict(entry))
        self._database.run(lambda connection: connection.execute(statement))
        # By chance, because whoever knew which entry it is could have it be another one.
        if secrets.randbelow(_TRIM_EVERY) == 0:
            self._trim(entry)

    def list_newest(
        self, username: str | None = None, event: str | None = None, limit: int = 100
    ) -> list[AuditEntry]:
        """Return entries about a name or all, of an event or all, newest first."""
        about = true() if username is None else chosen.exactly(audit.c.username, username)
        of_event = true() if event is None else chosen.exactly(audit.c.event, event)
        return self._list_newest(and_(about, of_event), limit)

    def list_newest_of(self, user_id: str, limit: int = 100) -> list[AuditEntry]:
        """Return at most so many entries about a user, newest first."""
        return self._list_newest(audit.c.user_id == user_id, limit)

    def last_times(self, event: str, user_ids: Collection[str]) -> dict[str, datetime]:
        """Return when an event last happened to users, by their ids; of the others nothing."""
        query = (
            select(audit.c.user_id, func.max(audit.c.at))
            .where(audit.c.user_id.in_(user_ids), chosen.exactly(audit.c.event, event))
            .group_by(audit.c.user_id)
        )
        rows = self._database.run(lambda connection: connection.execute(query).all())
        return {row[0]: row[1] for row in rows}

    def _list_newest(self, which: ColumnElement[bool], limit: int) -> list[AuditEntry]:
        query = (
            select(*(column for column in audit.c if column.name != "audit_id"))
            .where(which)
            .order_by(audit.c.at.desc(), audit.c.audit_id.desc())
            .limit(limit)
        )
        rows = self._database.run(lambda connection: connection.execute(query).all())
        return [AuditEntry(*row) for row in rows]

    def purge(self, older_than: datetime, limit: int = 1000) -> int:
        """Remove at most so many entries from before a time, and return how many."""
        return self._remove(select(audit.c.audit_id).where(audit.c.at < older_than).limit(limit))

    def _trim(self, entry: AuditEntry) -> None:
        """Remove the oldest entries of the event and the user of an entry, if they are too many."""
        same = and_(audit.c.user_id == entry.user_id, chosen.exactly(audit.c.event, entry.event))
        newest_first = select(audit.c.audit_id).where(same).order_by(audit.c.at.desc())
        self._remove(newest_first.offset(_MAX_OF_A_KIND).limit(10 * _TRIM_EVERY))

    def _remove(self, found: Select[tuple[int]]) -> int:
        """Remove entries that are found without a lock, and then locked one by one: by primary key."""
        ids = self._database.run(lambda connection: connection.execute(found).scalars().all())
        if ids:
            removal = delete(audit).where(audit.c.audit_id.in_(ids))
            self._database.run(lambda connection: connection.execute(removal))
        return len(ids)
