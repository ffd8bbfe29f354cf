"""A database for one test: a file of its own, opened as the app does."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import mkdtemp

from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.event import listen
from sqlalchemy.pool import ConnectionPoolEntry

from auth.stores.sql import engine
from auth.stores.sql.databases.sqlite import Settings
from auth.stores.sql.engine import Database
from auth.stores.sql.tables import metadata


@contextmanager
def open_empty_database(folder: Path) -> Iterator[Database]:
    """Give a database without tables, in a file of its own in the folder of the test."""
    file = Path(mkdtemp(dir=folder)) / "test.db"
    # Many threads on a busy machine wait longer for one of ten connections than visitors.
    opened = engine.create_engine_of(Settings(db_file=file, db_connect_seconds=30))
    listen(opened, "connect", _wait_for_no_disk)
    try:
        yield Database(opened)
    finally:
        opened.dispose()


@contextmanager
def open_empty_tables(folder: Path) -> Iterator[Database]:
    """Give a database with empty tables."""
    with open_empty_database(folder) as database:
        metadata.create_all(database.engine)
        yield database


def _wait_for_no_disk(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Have SQLite leave the file to the operating system: no test cuts off the power."""
    with closing(connection.cursor()) as cursor:
        cursor.execute("PRAGMA synchronous = OFF")
