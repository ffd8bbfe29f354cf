"""Create the tables, with the first users in them."""

from contextlib import suppress
from dataclasses import asdict

from sqlalchemy import Connection, Index, insert, inspect
from sqlalchemy.exc import IntegrityError

from auth.settings import load_settings
from auth.stores.base import User
from auth.stores.sql.databases import chosen
from auth.stores.sql.engine import Database
from auth.stores.sql.tables import metadata, sessions, users
from auth.stores.users_file import read_users


def create_tables(database: Database) -> bool:
    """Create what is missing of the tables, with the first users in them.

    The first users are added before there is a table of sessions, and never again:
    wherever a start was cut short, the next one finishes it, and nobody who was
    removed later comes back.

    Returns:
        Whether there was anything to do.

    Raises:
        StoreUnavailableError: The database cannot be reached or does not allow it,
            or the users file cannot be read.
    """

    def work(connection: Connection) -> bool:
        if _is_complete(connection):
            return False
        first_users = _first_users()
        with chosen.schema_lock(connection):
            users.create(connection, checkfirst=True)
            if not inspect(connection).has_table(sessions.name):
                for user in first_users:
                    _add_unless_exists(connection, user)
            metadata.create_all(connection)
            for index in _missing_indexes(connection):
                index.create(connection)
        return True

    return database.run(work)


def _is_complete(connection: Connection) -> bool:
    has_tables = metadata.tables.keys() <= set(inspect(connection).get_table_names())
    return has_tables and not _missing_indexes(connection)


def _missing_indexes(connection: Connection) -> list[Index]:
    inspector = inspect(connection)
    return [
        index
        for table in metadata.sorted_tables
        for index in table.indexes
        if index.name not in {known["name"] for known in inspector.get_indexes(table.name)}
    ]


def _first_users() -> list[User]:
    try:
        return list(read_users(load_settings().users_file).values())
    except FileNotFoundError:
        return []


def _add_unless_exists(connection: Connection, user: User) -> None:
    with suppress(IntegrityError):
        connection.execute(insert(users).values(asdict(user)))
