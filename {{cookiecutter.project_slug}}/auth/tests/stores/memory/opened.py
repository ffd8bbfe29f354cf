"""A store in memory, for one test."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from auth.stores.interface import Store
from auth.stores.memory import open_store


@contextmanager
def open_empty_store(folder: Path) -> Iterator[Store]:
    """Give a store without users, whose users file is in a folder of the test."""
    users_file = folder / "users.json"
    users_file.write_text("{}", encoding="utf-8")
    yield open_store(users_file)
