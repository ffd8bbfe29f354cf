"""The store in a database, for one test."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from auth.stores.interface import Store
from auth.stores.sql import store_in
from auth.tests.stores.sql import open_empty_tables


@contextmanager
def open_empty_store(folder: Path) -> Iterator[Store]:
    """Give a store without users."""
    with open_empty_tables(folder) as database:
        yield store_in(database)
