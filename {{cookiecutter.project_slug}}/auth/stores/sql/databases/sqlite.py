"""What is particular to SQLite: a file instead of a server."""

import os
import sqlite3
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import unquote

from pydantic import Field, field_validator
from sqlalchemy import URL, ColumnElement, Connection, DateTime, String
from sqlalchemy.exc import SQLAlchemyError

from auth.settings import PROJECT
from auth.stores.sql.databases.base import DatabaseSettings, as_one
from auth.stores.sql.databases.parameters import parse_parameters, unknown_parameter

# A transaction begins, with the lock for writing, at its first INSERT, UPDATE or DELETE. Pages
# that only read lock nobody out, and none has to give up because it has read before it writes.
ISOLATION = "SERIALIZABLE"

# Text with microseconds, which sorts by time.
TIME = DateTime()

# Text is compared byte by byte.
NAME = String(64)
USER_ID = String(32)
TABLE_OPTIONS: dict[str, Any] = {}

_BUSY = "SQLITE_BUSY"
_WAL_SECONDS = 30
_WAL_INTERVAL = 0.05
_REASONS = {
    _BUSY: "is locked by another process. If it stays so, end the process that has the file open",
    "SQLITE_CANTOPEN": "cannot be opened: check that its folder exists and that this process may "
    "write there",
    "SQLITE_CORRUPT": "is damaged: restore the file from a backup",
    "SQLITE_FULL": "cannot grow: the disk is full",
    "SQLITE_IOERR": "cannot be read or written: check the disk",
    "SQLITE_LOCKED": "is locked by another connection of this process",
    "SQLITE_NOTADB": "is not an SQLite database: restore the file from a backup, or name "
    "another one in DB_FILE",
    "SQLITE_PERM": "may not be read and written by this process: check the rights of the file",
    "SQLITE_READONLY": "is read-only: check the rights of the file, of those beside it, "
    "and of its folder",
}
# Once its rights are right, or another file is in its place, the file has to be opened again.
_OPENED_BEFORE = {"SQLITE_CORRUPT", "SQLITE_IOERR", "SQLITE_NOTADB", "SQLITE_READONLY"}
_ONLY_UNWRITTEN = "SQLITE_IOERR_WRITE"  # It still reads, and a new one might not even open.
_PARAMETERS = {"timeout": "db_query_seconds"}
_NO_TABLE = "has no tables yet: run `python manage.py migrate`"


class Settings(DatabaseSettings):
    """Where the file is."""

    SECTION = "sqlite"
    NAMES_IN_SECRETS: ClassVar = {"database": "db_file"}

    db_file: Path = Field(
        default=PROJECT / "data" / "{{ cookiecutter.project_slug }}.db",
        description="The file of the database, which is created if it does not exist.",
    )

    @field_validator("db_file")
    @classmethod
    def _from_the_project(cls, file: Path) -> Path:
        """Take a relative path from the project's folder, wherever the app is started."""
        if not file.name:
            raise ValueError("it has to name a file")
        return PROJECT / file

    def url(self) -> URL:
        """Return the address of the database, with the driver to use."""
        return URL.create("sqlite+pysqlite", database=str(self.db_file))

    def engine_arguments(self) -> dict[str, Any]:
        """Return what else SQLAlchemy needs to connect."""
        return {"connect_args": {"timeout": self.db_query_seconds, "factory": _Connection}}

    @classmethod
    def read_url(cls, url: str) -> dict[str, object]:
        """Return the settings in an address such as sqlite:///FILE.

        Raises:
            ValueError: It is not such an address.
        """
        scheme, _, rest = url.partition("://")
        if scheme.partition("+")[0].lower() != "sqlite":
            raise ValueError("it has to begin with sqlite:///")
        path, _, query = rest.partition("?")
        file = unquote(path)
        if not file.startswith("/") or file in ("/", "/:memory:"):
            raise ValueError("it has to name a file after sqlite:///")
        return {"db_file": file[1:], **cls.read_parameters(parse_parameters(query))}

    @classmethod
    def read_parameters(cls, parameters: Mapping[str, object]) -> dict[str, Any]:
        """Return the settings in the parameters of an address.

        Raises:
            ValueError: One is not understood.
        """
        for name in parameters:
            if name not in _PARAMETERS:
                raise unknown_parameter(name, _PARAMETERS)
        return {_PARAMETERS[name]: value for name, value in parameters.items()}


class _Connection(sqlite3.Connection):
    """A connection to a file that several processes have open."""

    def __init__(self, database: str, *arguments: Any, **options: Any) -> None:
        # What cannot be created shows as a file that cannot be opened. The files that SQLite keeps
        # beside it have the rights of this one.
        with suppress(OSError):
            Path(database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(database, os.O_CREAT, 0o600))
        super().__init__(database, *arguments, **options)
        try:
            if not self._is_somebody_elses():
                self._read_while_others_write()
            # Enough for a file of this kind: a crash loses the last changes, and damages nothing.
            self.execute("PRAGMA synchronous = NORMAL")
            self.execute("PRAGMA foreign_keys = ON")
        except BaseException:
            self.close()
            raise

    def _is_somebody_elses(self) -> bool:
        """Tell whether there are tables, and not those of this app: the file stays as it is."""
        query = "SELECT name FROM sqlite_master WHERE type = 'table'"
        names = {name for (name,) in self.execute(query)}
        return bool(names) and not names >= {"alembic_version", "attempts", "sessions", "users"}

    def _read_while_others_write(self) -> None:
        """Turn on the write-ahead log. Who finds another process doing so tries again."""
        deadline = time.monotonic() + _WAL_SECONDS
        while True:
            try:
                self.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if _name(error) != _BUSY or time.monotonic() >= deadline:
                    raise
            time.sleep(_WAL_INTERVAL)


def exactly(name: ColumnElement[str], value: str) -> ColumnElement[bool]:
    """Return the condition that a name is a value, to the letter."""
    return name == value


def place(url: URL) -> str:
    """Return where the database is, to follow "The database"."""
    return f"in {url.database}"


def error_code(error: SQLAlchemyError) -> str | None:
    """Return SQLite's name of an error, or None."""
    return getattr(getattr(error, "orig", None), "sqlite_errorname", None)


def reason(error: SQLAlchemyError) -> str | None:
    """Return what an error means, to follow its place, or None if that is not known."""
    cause = getattr(error, "orig", None)
    if "no such table" in str(cause):
        return _NO_TABLE
    return _REASONS.get(_name(cause))


def may_pass(error: SQLAlchemyError) -> bool:
    """Tell whether the same statement may succeed at once: never, SQLite has waited itself."""
    return False


def is_outdated(error: SQLAlchemyError) -> bool:
    """Tell whether a new connection may do what this one cannot: open the file as it is now."""
    is_useless = error_code(error) != _ONLY_UNWRITTEN
    return is_useless and _name(getattr(error, "orig", None)) in _OPENED_BEFORE


def schema_lock(connection: Connection) -> AbstractContextManager[None]:
    """Keep other processes from changing the file. What is done meanwhile is done as one.

    Raises:
        OperationalError: Another process keeps the lock for longer than DB_QUERY_SECONDS.
    """
    return as_one(connection, "BEGIN IMMEDIATE")


def _name(error: object) -> str:
    """Return the first two words of SQLite's name of an error: SQLITE_BUSY_RECOVERY is busy."""
    return "_".join(str(getattr(error, "sqlite_errorname", "")).split("_")[:2])
