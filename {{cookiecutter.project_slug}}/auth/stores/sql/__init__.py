"""The store in a database: what every server of the app shares."""

from auth.stores.interface import Store
from auth.stores.sql import versions
from auth.stores.sql.attempts import SqlAttempts
from auth.stores.sql.audit import SqlAudit
from auth.stores.sql.devices import SqlDevices
from auth.stores.sql.engine import Database, open_database
{% if "second_factor" in cookiecutter.accounts %}
from auth.stores.sql.factors import factors_of
{% endif %}
from auth.stores.sql.sessions import SqlSessions
from auth.stores.sql.tickets import SqlTickets
from auth.stores.sql.users import SqlUsers

{% if "second_factor" in cookiecutter.accounts %}
__all__ = ["factors_of", "open_store", "store_in"]

{% endif %}

def open_store() -> Store:
    """Return a new store in the database of the settings, with its tables up to date.

    Raises:
        SettingsError: A setting has a wrong value, or the database is of a later version.
        StoreUnavailableError: The tables are not up to date, and cannot be brought there now.
    """
    database = open_database()
    if not versions.are_done(database):
        from auth.stores.sql.schema import migrate  # only now: it imports Alembic

        migrate(database)
    return store_in(database)


def store_in(database: Database) -> Store:
    """Return a store in a database that has its tables."""
    return Store(
        SqlUsers(database),
        SqlSessions(database),
        SqlTickets(database),
        SqlAttempts(database),
        SqlDevices(database),
        SqlAudit(database),
    )
