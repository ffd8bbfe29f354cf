"""The database that this app uses, and what is particular to it."""

from auth.stores.sql.databases import {{ cookiecutter.store_backend }} as chosen

__all__ = ["chosen"]
