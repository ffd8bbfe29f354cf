"""Whether a database has all tables of this app, found out without Alembic.

Alembic takes longer to import than all the rest of the store, and hardly any start has
something for it to do.
"""

import ast
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text

from auth.settings import PROJECT
from auth.stores.sql.engine import Database

MIGRATIONS = PROJECT / "migrations"  # the app's own
ENVIRONMENT = Path(__file__).with_name("migrations")
VERSIONS = ENVIRONMENT / "versions"  # those of the login
TABLE = "alembic_version"


def are_done(database: Database) -> bool:
    """Tell whether all migrations are done. In doubt they are not, and Alembic has to look.

    They are if the database names those that no other comes after, and no more.

    Raises:
        StoreUnavailableError: The database cannot be reached.
    """
    try:
        last = _find_last()
    except (KeyError, OSError, SyntaxError, TypeError, ValueError):
        return False
    return bool(last) and database.run(_named) == last


def _named(connection: Connection) -> set[str]:
    """Return the migrations that a database names."""
    if not inspect(connection).has_table(TABLE):
        return set()
    return set(connection.scalars(text(f"SELECT version_num FROM {TABLE}")))  # noqa: S608 - ours


def _find_last() -> set[str]:
    """Return the migrations that no other comes after.

    Raises:
        KeyError, OSError, SyntaxError, TypeError, ValueError: A file has another form than ours.
    """
    migrations: set[str] = set()
    followed: set[str] = set()
    for folder in (VERSIONS, MIGRATIONS):
        for file in folder.glob("*.py"):
            values = _read(file)
            migrations.add(values["revision"])
            for name in ("down_revision", "depends_on"):
                before = values.get(name) or ()
                followed.update([before] if isinstance(before, str) else before)
    return migrations - followed


def _read(file: Path) -> dict[str, Any]:
    """Return what a migration says of itself: its own name, and those of others."""
    values = {}
    for line in ast.parse(file.read_bytes()).body:
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
            name = line.targets[0].id
            if name in ("revision", "down_revision", "depends_on"):
                values[name] = ast.literal_eval(line.value)
    return values
