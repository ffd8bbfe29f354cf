"""The sessions in the database."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, delete, false, func, insert, select, true, update
from sqlalchemy.exc import IntegrityError

from auth.records import Session, User
from auth.stores.sql.engine import Database
from auth.stores.sql.tables import USER, sessions, users

# A session that is worth something, and its user: enabled, and of the same epoch.
_LIVING = sessions.join(
    users,
    and_(
        users.c.id == sessions.c.user_id,
        users.c.epoch == sessions.c.epoch,
        users.c.disabled == false(),
    ),
)
# Built once: this is asked at every click, and to build it can take longer than to ask it.
_FIND = (
    select(sessions, *USER)
    .select_from(_LIVING)
    .where(sessions.c.token_hash == bindparam("token_hash"))
)


class SqlSessions:
    """The sessions, each in a row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, session: Session) -> None:
        """Keep a new session. One of a user who does not exist is never found."""
        statement = insert(sessions).values(asdict(session))
        # Either the user is gone, or a first attempt succeeded and only its result was lost.
        with suppress(IntegrityError):
            self._database.run(lambda connection: connection.execute(statement))

    def find(self, token_hash: str) -> tuple[Session, User] | None:
        """Return a session and its user, while the user is enabled and of the same epoch."""
        key = {"token_hash": token_hash}
        row = self._database.run(lambda connection: connection.execute(_FIND, key).first())
        return _records_of(row) if row else None

    def touch(self, token_hash: str, last_seen_at: datetime) -> None:
        """Keep when a session was last used. An unknown one is ignored."""
        change = (
            update(sessions)
            .where(sessions.c.token_hash == token_hash)
            .values(last_seen_at=last_seen_at)
        )
        self._database.run(lambda connection: connection.execute(change))

    def remove(self, token_hash: str) -> None:
        """End a session. An unknown one is ignored."""
        removal = delete(sessions).where(sessions.c.token_hash == token_hash)
        self._database.run(lambda connection: connection.execute(removal))

    def list_all(self, now: datetime, user: User | None = None) -> list[tuple[Session, User]]:
        """Return what `find` finds and has not expired, of a user or of all, newest first."""
        of_user = true() if user is None else sessions.c.user_id == user.id
        query = (
            select(sessions, *USER)
            .select_from(_LIVING)
            .where(sessions.c.expires_at > now, of_user)
            .order_by(sessions.c.created_at.desc())
        )
        rows = self._database.run(lambda connection: connection.execute(query).all())
        return [_records_of(row) for row in rows]

    def last_uses(self, user_ids: Collection[str]) -> dict[str, datetime]:
        """Return when the sessions of users were last used, by their ids, those that are over too."""
        query = (
            select(sessions.c.user_id, func.max(sessions.c.last_seen_at))
            .where(sessions.c.user_id.in_(user_ids))
            .group_by(sessions.c.user_id)
        )
        rows = self._database.run(lambda connection: connection.execute(query).all())
        return {row[0]: row[1] for row in rows}

    def purge(self, now: datetime, limit: int = 1000) -> int:
        """Remove at most so many sessions that have expired, and return how many.

        They are found first, without a lock, and then locked one by one: by primary
        key, as everywhere else, so that two who remove the same ones just wait.
        """
        found = select(sessions.c.token_hash).where(sessions.c.expires_at <= now).limit(limit)
        hashes = self._database.run(lambda connection: connection.execute(found).scalars().all())
        if hashes:
            removal = delete(sessions).where(sessions.c.token_hash.in_(hashes))
            self._database.run(lambda connection: connection.execute(removal))
        return len(hashes)


def _records_of(row: Row[Any]) -> tuple[Session, User]:
    width = len(sessions.c)
    return Session(*row[:width]), User(*row[width:])
