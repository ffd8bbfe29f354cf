"""Whether a database has all tables of this app, found out without Alembic.

Alembic takes longer to import than all the rest of the store, and hardly any start has
something for it to do.
"""

import re
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from auth.settings import PROJECT
from auth.stores.sql.engine import Database

MIGRATIONS = PROJECT / "migrations"  # the app's own
ENVIRONMENT = Path(__file__).with_name("migrations")
VERSIONS = ENVIRONMENT / "versions"  # those of the login
TABLE = "alembic_version"

# What a migration says of itself, and the names in it.
_LINE: Final = re.compile(r"^(revision|down_revision|depends_on)\b[^=\n]*=(.*)$", re.MULTILINE)
_NAME: Final = re.compile(r"""["']([^"']+)["']""")


def are_done(database: Database) -> bool:
    """Tell whether all migrations are done. In doubt they are not, and Alembic has to look.

    They are if the database names those that no other comes after, and no more.

    Raises:
        StoreUnavailableError: The database cannot be reached.
    """
    try:
        last = _find_last()
    except (KeyError, OSError, ValueError):
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
        KeyError, OSError, ValueError: A file has another form than ours.
    """
    migrations: set[str] = set()
    followed: set[str] = set()
    for folder in (VERSIONS, MIGRATIONS):
        for file in folder.glob("*.py"):
            names = dict(_LINE.findall(file.read_text(encoding="utf-8")))
            migrations.update(_NAME.findall(names["revision"]))
            for before in ("down_revision", "depends_on"):
                followed.update(_NAME.findall(names.get(before, "")))
    return migrations - followed
