"""Bring the tables of a database up to date, by migrations.

There are two lines of them, so that neither waits for the other: those of the login, beside this
file, and the app's own, in the folder migrations/ of the project.
"""

from argparse import Namespace
from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import rev_id
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

from auth.records import StoreUnavailableError, User
from auth.settings import load_settings
from auth.stores.sql import versions
from auth.stores.sql.databases import chosen
from auth.stores.sql.engine import Database
from auth.stores.sql.ownership import OF_LOGIN, check_tables, check_versions
from auth.stores.users_file import read_users

_migrating = Lock()  # Alembic knows one connection at a time in a process.


def migrate(database: Database) -> bool:
    """Bring the tables up to date: in an empty database, with the first users in them.

    Wherever a start was cut short, the next one finishes it. Of many servers that start
    at once, one does it, and the others wait.

    Returns:
        Whether there was anything to do.

    Raises:
        NewerSchemaError: The database has a migration that this app does not know.
        OthersDatabaseError: The database is in use by another program; it stays as it was.
        StoreUnavailableError: The database cannot be reached or does not allow it,
            or the users file cannot be read.
    """

    def work(connection: Connection) -> bool:
        config = _config()
        if _is_up_to_date(connection, config):
            return False
        config.attributes["first_users"] = _first_users()
        with chosen.schema_lock(connection):
            # Another server may have made the tables meanwhile.
            if not MigrationContext.configure(connection).get_current_heads():
                check_tables(connection)
            config.attributes["connection"] = connection
            command.upgrade(config, "heads")
        return True

    with _migrating:
        try:
            return database.run(work)
        except IntegrityError as error:
            raise StoreUnavailableError(
                f"The database {chosen.place(database.engine.url)} has rows that a migration "
                f"does not allow ({type(error).__name__})."
            ) from None


def database_message(error: StoreUnavailableError) -> str:
    """Return what the database itself said of a migration that failed, for a terminal; "" if nothing.

    It is not for the log: it may quote values.
    """
    context = error.__context__
    if isinstance(context, DBAPIError) and context.statement:
        return f"\nThe database says: {context.orig}"
    return ""


def new_migration(message: str) -> Path:
    """Write an empty migration of the app's own tables, and return its file.

    It comes after all others of theirs: those of two people, written side by side, meet in it.

    Args:
        message: What it does, in a few words.
    """
    versions.MIGRATIONS.mkdir(exist_ok=True)
    scripts = ScriptDirectory.from_config(_config())
    heads = [
        script.revision
        for script in scripts.get_revisions("heads")
        if not script.revision.startswith(OF_LOGIN)
    ]
    script = scripts.generate_revision(
        rev_id(),
        message,
        head=heads or "base",
        version_path=versions.MIGRATIONS,
        # What it may refer to, such as the table of users, then exists.
        depends_on="auth@head",
    )
    if script is None:
        raise TypeError(script)  # Alembic returns none only if it is asked to write nothing.
    return Path(script.path)


def _is_up_to_date(connection: Connection, config: Config) -> bool:
    scripts = ScriptDirectory.from_config(config)
    every = {script.revision for script in scripts.walk_revisions()}
    heads = MigrationContext.configure(connection).get_current_heads()
    check_versions(connection, heads, every)
    # With those that the heads depend on: the database does not name them.
    done = scripts.iterate_revisions(heads, "base") if heads else ()
    return every == {script.revision for script in done}


def _config() -> Config:
    """Return what Alembic has to know, which is in a file elsewhere."""
    config = Config(cmd_opts=Namespace(quiet=True))
    folders = [folder for folder in (versions.VERSIONS, versions.MIGRATIONS) if folder.is_dir()]
    for name, value in {
        "script_location": str(versions.ENVIRONMENT),
        "version_locations": "\n".join(map(str, folders)),
        "path_separator": "newline",
    }.items():
        config.set_main_option(name, value.replace("%", "%%"))
    return config


def _first_users() -> list[User]:
    try:
        return read_users(load_settings().users_file)
    except FileNotFoundError:
        return []
