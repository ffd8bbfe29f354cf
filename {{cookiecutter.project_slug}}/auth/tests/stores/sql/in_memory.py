"""A database for one test: SQLite in memory, which needs no server."""

from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from unittest.mock import patch

from sqlalchemy import create_engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.event import listen
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from auth.stores.sql.databases import chosen
from auth.stores.sql.engine import Database
from auth.stores.sql.tables import metadata


@contextmanager
def open_empty_database(folder: Path) -> Iterator[Database]:
    """Give a database without tables. Nothing is kept in the folder of the test."""
    engine = create_engine(
        "sqlite://",
        # The database is there as long as its connection: one, which threads use in turn.
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        connect_args={"check_same_thread": False},
        isolation_level="AUTOCOMMIT",
    )
    listen(engine, "connect", _check_references)
    try:
        # SQLite has no lock of that kind, and no other level of transactions.
        with (
            patch.object(chosen, "schema_lock", nullcontext),
            patch.object(chosen, "ISOLATION", "SERIALIZABLE"),
        ):
            yield Database(engine)
    finally:
        engine.dispose()


@contextmanager
def open_empty_tables(folder: Path) -> Iterator[Database]:
    """Give a database with empty tables."""
    with open_empty_database(folder) as database:
        metadata.create_all(database.engine)
        yield database


def _check_references(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Have SQLite hold foreign keys, as every other database does."""
    with closing(connection.cursor()) as cursor:
        cursor.execute("PRAGMA foreign_keys = ON")
