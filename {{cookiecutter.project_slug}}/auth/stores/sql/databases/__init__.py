"""The database that this app uses, and what is particular to it."""

from auth.stores.sql.databases import {{ cookiecutter.store_backend }}
from auth.stores.sql.databases.base import DatabaseModule

__all__ = ["chosen"]

chosen: DatabaseModule = {{ cookiecutter.store_backend }}
