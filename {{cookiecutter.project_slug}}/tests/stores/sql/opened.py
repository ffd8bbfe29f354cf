"""The store in a database, for one test: SQLite in memory, which needs no server."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.event import listen
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from auth.stores.base import Store
from auth.stores.sql import store_in
from auth.stores.sql.engine import Database
from auth.stores.sql.tables import metadata


@contextmanager
def open_empty_store(folder: Path) -> Iterator[Store]:
    """Give a store without users. Nothing is kept in the folder of the test."""
    with open_empty_database() as database:
        metadata.create_all(database.engine)
        yield store_in(database)


@contextmanager
def open_empty_database() -> Iterator[Database]:
    """Give a database without tables."""
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
        yield Database(engine)
    finally:
        engine.dispose()


def _check_references(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Have SQLite hold foreign keys, as every other database does."""
    with closing(connection.cursor()) as cursor:
        cursor.execute("PRAGMA foreign_keys = ON")
