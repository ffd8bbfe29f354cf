"""Whose database it is: one of another program is left as it was."""

from collections.abc import Collection

from sqlalchemy import Connection, inspect

from auth.records import SettingsError
from auth.stores.sql.databases import chosen
from auth.stores.sql.tables import metadata
from auth.stores.sql.versions import TABLE

OF_LOGIN = "auth_"  # what the names of the login's migrations begin with
_MAX_NAMED = 3


class OthersDatabaseError(SettingsError):
    """The database is in use by another program. The message is fit for the log."""


class NewerSchemaError(SettingsError):
    """The database is that of a later version of the app. The message is fit for the log."""


def check_versions(connection: Connection, heads: Collection[str], known: Collection[str]) -> None:
    """Raise an error if a database has migrations that this app does not know.

    Args:
        connection: To the database.
        heads: The migrations that the database names.
        known: Those of this app.

    Raises:
        NewerSchemaError: They are of a later version of this app.
        OthersDatabaseError: They are of another program.
    """
    unknown = set(heads) - set(known)
    if not unknown:
        return
    # An owner's migration stands for those of the login that it depends on.
    if any(name.startswith(OF_LOGIN) for name in heads) or _has_our_tables(connection):
        raise NewerSchemaError(
            f"The database {chosen.place(connection.engine.url)} belongs to a later version of "
            "this app, and nothing was changed in it. Start that version."
        )
    raise _of_another_program(connection, [TABLE])


def check_tables(connection: Connection) -> None:
    """Raise OthersDatabaseError if a database that names no migration has tables of others.

    Tables of ours are those of a start that was cut short, if they have our columns.
    """
    if foreign := _foreign(connection):
        raise _of_another_program(connection, sorted(foreign))


def _has_our_tables(connection: Connection) -> bool:
    columns = _columns(connection)
    return all(ours <= columns.get(name, set()) for name, ours in _ours().items())


def _foreign(connection: Connection) -> set[str]:
    """Return the tables that no start of this app has made."""
    ours, columns = _ours(), _columns(connection)
    return {name for name in columns if columns[name] != ours.get(name)}


def _ours() -> dict[str, set[str]]:
    """Return the names of the columns of each table of this app."""
    ours = {name: set(table.columns.keys()) for name, table in metadata.tables.items()}
    return {TABLE: {"version_num"}, **ours}


def _columns(connection: Connection) -> dict[str, set[str]]:
    """Return the names of the columns of each table."""
    found = inspect(connection).get_multi_columns()
    return {name: {column["name"] for column in columns} for (_, name), columns in found.items()}


def _of_another_program(connection: Connection, tables: list[str]) -> OthersDatabaseError:
    named = ", ".join(tables[:_MAX_NAMED])
    more = f" and {len(tables) - _MAX_NAMED} more" if len(tables) > _MAX_NAMED else ""
    which = "the table" if len(tables) == 1 else "the tables"
    return OthersDatabaseError(
        f"The database {chosen.place(connection.engine.url)} is in use by another program: it has "
        f"{which} {named}{more}, not made by this app. Nothing was changed in it. Give this app a "
        "database of its own."
    )
