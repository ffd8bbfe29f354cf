"""What the tests of the database share: its settings, as on a machine that has none, and an empty one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from auth.stores.sql import secrets_file as secrets
from auth.stores.sql.databases import chosen
from auth.stores.sql.engine import Database
from auth.stores.sql.settings import load_database_settings
from auth.tests.stores.sql import open_empty_database


@pytest.fixture(autouse=True)
def secrets_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """The secrets file, which does not exist; and no variable says where the database is."""
    for name in chosen.Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    file = tmp_path / "secrets.toml"
    monkeypatch.setattr(secrets, "SECRETS_FILE", file)
    load_database_settings.cache_clear()
    yield file
    load_database_settings.cache_clear()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A database without tables, which nobody else changes."""
    with open_empty_database(tmp_path) as database:
        yield database


@pytest.fixture
def migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the app's own migrations, which does not exist."""
    folder = tmp_path / "migrations 100%"
    monkeypatch.setattr("auth.stores.sql.versions.MIGRATIONS", folder)
    return folder
