"""The attempts in the database."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    and_,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from auth.records import Attempt, StoreUnavailableError
from auth.stores.room import find_full
from auth.stores.sql.engine import Database
from auth.stores.sql.tables import attempts

_RECORD = [attempts.c[name] for name in ("attempt_id", "pair", "name", "address", "expires_at")]
_KEYS = ("pair", "name", "address")
_TRIES = 100


class SqlAttempts:
    """The attempts, each in a row.

    A row has the next number of each of its keys. Whoever wants to add one without
    having seen the last one of a key would take a number that is taken: that is how
    a limit holds without a lock, however many servers count at once.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(
        self, attempt: Attempt, limits: Mapping[str, int], now: datetime
    ) -> tuple[str, datetime] | None:
        """Count an attempt, or return which key has no room for it, and until when."""
        addition = _add_if_there_is_room(attempt, limits, now)
        for _ in range(_TRIES):
            if self._add(addition):
                return None
            near = self._near(attempt, now)
            # An addition may have succeeded, with only its result lost.
            if attempt in near:
                return None
            if full := find_full(attempt, near, limits):
                return full
            # Another one took a number at the same moment, and there is room for both.
        raise StoreUnavailableError("The database is busy: too many log in at once.")

    def end(self, attempt_ids: Collection[str], now: datetime) -> None:
        """Let attempts count no longer. Unknown ones are ignored."""
        # The rows stay for a while: their numbers must not be given again at once.
        change = update(attempts).where(attempts.c.attempt_id.in_(attempt_ids))
        ended = change.values(expires_at=now)
        self._database.run(lambda connection: connection.execute(ended))

    def clear(self, pair: str, now: datetime) -> None:
        """Let every attempt of a pair count no longer.

        They are found first, without a lock, and then locked one by one: by primary key.
        """
        of_pair = and_(attempts.c.pair == pair, attempts.c.expires_at > now)
        found = select(attempts.c.attempt_id).where(of_pair)
        ids = self._database.run(lambda connection: connection.execute(found).scalars().all())
        if ids:
            self.end(ids, now)

    def purge(self, now: datetime, limit: int = 1000) -> int:
        """Remove at most so many attempts that have expired, and return how many."""
        found = select(attempts.c.attempt_id).where(attempts.c.expires_at <= now).limit(limit)
        ids = self._database.run(lambda connection: connection.execute(found).scalars().all())
        if ids:
            removal = delete(attempts).where(attempts.c.attempt_id.in_(ids))
            self._database.run(lambda connection: connection.execute(removal))
        return len(ids)

    def _add(self, addition: Insert) -> bool:
        def work(connection: Connection) -> bool:
            options = {"preserve_rowcount": True}
            return connection.execute(addition, execution_options=options).rowcount == 1

        try:
            return self._database.run(work)
        except IntegrityError:
            return False

    def _near(self, attempt: Attempt, now: datetime) -> list[Attempt]:
        """Return the attempts that count now and have a key in common with one."""
        query = select(*_RECORD).where(_shares_a_key(attempt), attempts.c.expires_at > now)
        rows = self._database.run(lambda connection: connection.execute(query).all())
        return [Attempt(*row) for row in rows]


def _add_if_there_is_room(attempt: Attempt, limits: Mapping[str, int], now: datetime) -> Insert:
    """Return the statement that adds a row, or none if a key has no room."""
    columns: list[ColumnElement[Any]] = []
    for key in _KEYS:
        same = attempts.c[key] == getattr(attempt, key)
        counts = case((and_(same, attempts.c.expires_at > now), 1))
        last = func.max(case((same, attempts.c[f"{key}_number"])))
        columns.append(func.count(counts).label(f"{key}_count"))
        columns.append((func.coalesce(last, 0) + 1).label(f"{key}_number"))
    found = select(*columns).where(_shares_a_key(attempt)).subquery("found").c
    row: dict[str, ColumnElement[Any]] = {
        "attempt_id": literal(attempt.attempt_id),
        "expires_at": literal(attempt.expires_at, attempts.c.expires_at.type),
    }
    for key in _KEYS:
        row |= {key: literal(getattr(attempt, key)), f"{key}_number": found[f"{key}_number"]}
    there_is_room = and_(*(found[f"{key}_count"] < limit for key, limit in limits.items()))
    return insert(attempts).from_select(list(row), select(*row.values()).where(there_is_room))


def _shares_a_key(attempt: Attempt) -> ColumnElement[bool]:
    return or_(*(attempts.c[key] == getattr(attempt, key) for key in _KEYS))
