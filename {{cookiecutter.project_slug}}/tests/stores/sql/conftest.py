"""What the tests of the database share: its settings, as on a machine that has none."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from auth.stores.sql import settings as database_settings
from auth.stores.sql.settings import DatabaseSettings, load_database_settings


@pytest.fixture(autouse=True)
def secrets_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """The secrets file, which does not exist; and no variable says where the database is."""
    for name in DatabaseSettings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    file = tmp_path / "secrets.toml"
    monkeypatch.setattr(database_settings, "SECRETS_FILE", file)
    load_database_settings.cache_clear()
    yield file
    load_database_settings.cache_clear()
