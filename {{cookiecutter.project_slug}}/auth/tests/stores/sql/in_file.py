"""A database for one test: a file of its own, opened as the app does."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

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
    with _opened(_new_file(folder)) as database:
        yield database


@contextmanager
def open_empty_tables(folder: Path) -> Iterator[Database]:
    """Give a database with empty tables."""
    file = _new_file(folder)
    file.write_bytes(_file_with_tables())
    with _opened(file) as database:
        yield database


@cache
def _file_with_tables() -> bytes:
    """Return what is in the file of a database with empty tables, since it takes long to make."""
    with TemporaryDirectory() as folder:
        file = _new_file(Path(folder))
        with _opened(file) as database:
            metadata.create_all(database.engine)
        return file.read_bytes()


def _new_file(folder: Path) -> Path:
    return Path(mkdtemp(dir=folder)) / "test.db"


@contextmanager
def _opened(file: Path) -> Iterator[Database]:
    # Many threads on a busy machine wait longer for one of ten connections than visitors.
    opened = engine.create_engine_of(Settings(db_file=file, db_connect_seconds=30))
    listen(opened, "connect", _wait_for_no_disk)
    try:
        yield Database(opened)
    finally:
        opened.dispose()


def _wait_for_no_disk(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Have SQLite leave the file to the operating system: no test cuts off the power."""
    with closing(connection.cursor()) as cursor:
        cursor.execute("PRAGMA synchronous = OFF")
