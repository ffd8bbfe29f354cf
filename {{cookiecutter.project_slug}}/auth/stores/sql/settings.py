"""The settings of the database."""

from functools import cache

from auth.settings import checked
from auth.stores.sql.databases import chosen
from auth.stores.sql.databases.base import DatabaseSettings


@cache
def load_database_settings() -> DatabaseSettings:
    """Return the settings, read from the environment and the secrets file at the first call.

    Raises:
        SettingsError: A value is wrong, or the secrets file cannot be used.
    """
    return checked(chosen.Settings)
