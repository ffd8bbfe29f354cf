"""The attempts in the database."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import (
    Connection,
    Insert,
    Subquery,
    and_,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.exc import IntegrityError

from auth.stores.base import Attempt, StoreUnavailableError
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

    def end(self, attempt_id: str, now: datetime) -> None:
        """Let an attempt count no longer. An unknown one is ignored."""
        # The row stays for a while: its numbers must not be given again at once.
        change = update(attempts).where(attempts.c.attempt_id == attempt_id).values(expires_at=now)
        self._database.run(lambda connection: connection.execute(change))

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
        shared = or_(*(attempts.c[key] == getattr(attempt, key) for key in _KEYS))
        query = select(*_RECORD).where(shared, attempts.c.expires_at > now)
        rows = self._database.run(lambda connection: connection.execute(query).all())
        return [Attempt(*row) for row in rows]


def _add_if_there_is_room(attempt: Attempt, limits: Mapping[str, int], now: datetime) -> Insert:
    """Return the statement that adds a row, or none if a key has no room."""
    found = {key: _count(key, getattr(attempt, key), now) for key in _KEYS}
    pair, name, address = found.values()
    row = (
        select(
            literal(attempt.attempt_id),
            *(
                column
                for key in _KEYS
                for column in (literal(getattr(attempt, key)), found[key].c.last + 1)
            ),
            literal(attempt.expires_at, attempts.c.expires_at.type),
        )
        .select_from(pair.join(name, true()).join(address, true()))
        .where(and_(*(found[key].c.counted < limit for key, limit in limits.items())))
    )
    return insert(attempts).from_select(list(attempts.c), row)


def _count(key: str, value: str, now: datetime) -> Subquery:
    """Return how many attempts of a key count now, and the last number that one of them has."""
    counts = func.count(case((attempts.c.expires_at > now, 1)))
    last = func.coalesce(func.max(attempts.c[f"{key}_number"]), 0)
    return (
        select(counts.label("counted"), last.label("last"))
        .where(attempts.c[key] == value)
        .subquery(f"of_{key}")
    )
