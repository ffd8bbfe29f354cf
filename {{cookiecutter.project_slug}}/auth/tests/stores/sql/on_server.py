"""A database for one test: on the server of TEST_DATABASE_URL, opened as the app does.

That is an address like DATABASE_URL, of a user who may create databases. The database that it
names is left as it is.
"""

import atexit
import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from auth.stores.sql.databases import chosen
from auth.stores.sql.engine import Database, create_engine_of
from auth.stores.sql.tables import metadata


@contextmanager
def open_empty_database(folder: Path) -> Iterator[Database]:
    """Give a database without tables. Nothing is kept in the folder of the test."""
    name = f"test_{secrets.token_hex(8)}"
    _execute(f"CREATE DATABASE {name}")
    engine = _engine(db_name=name)
    try:
        yield Database(engine)
    finally:
        engine.dispose()
        _execute(f"DROP DATABASE {name}")


@contextmanager
def open_empty_tables(folder: Path) -> Iterator[Database]:
    """Give a database with empty tables: the same to each test, since it takes long to make."""
    # Another engine with the same connections: who listens to it hears this test only.
    database = Database(_with_tables().engine.execution_options())
    with database.engine.connect() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
    yield database


@cache
def _with_tables() -> Database:
    """Return the database of this process."""
    opened = ExitStack()
    atexit.register(opened.close)
    database = opened.enter_context(open_empty_database(Path()))
    metadata.create_all(database.engine)
    return database


def _execute(statement: str) -> None:
    engine = _engine()
    try:
        Database(engine).run(lambda connection: connection.execute(text(statement)))
    finally:
        engine.dispose()


def _engine(**changes: Any) -> Engine:
    """Return an engine for the database in the address, or for another one on that server."""
    # Many threads on a busy machine wait longer for one of ten connections than visitors.
    settings: dict[str, Any] = {"db_connect_seconds": 30}
    settings |= chosen.Settings.read_url(os.environ["TEST_DATABASE_URL"])
    return create_engine_of(chosen.Settings(**settings | changes))
