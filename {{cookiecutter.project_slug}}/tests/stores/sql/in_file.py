"""A database for one test: a file of its own, opened as the app does."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from auth.stores.sql import engine
from auth.stores.sql.databases.sqlite import Settings
from auth.stores.sql.engine import Database


@contextmanager
def open_empty_database(folder: Path) -> Iterator[Database]:
    """Give a database without tables, in a file of its own in the folder of the test."""
    file = Path(mkdtemp(dir=folder)) / "test.db"
    opened = engine.create_engine_of(Settings(db_file=file))
    try:
        yield Database(opened)
    finally:
        opened.dispose()
