"""What the tests share: a process that has just started, a user and a clock."""

import importlib
import logging
import time
from datetime import datetime, timedelta, tzinfo
{% if cookiecutter.store_backend == "memory" %}
from pathlib import Path
{% endif %}
from typing import Final

import pytest

{% if cookiecutter.store_backend == "mysql" %}
from auth import passwords, throttle, users
{% else %}
from auth import memory_store, passwords, throttle, users
{% endif %}
{% if cookiecutter.cookie_transport == "http_only" %}
from auth.routes import login_routes
{% endif %}
from auth.settings import Settings, load_settings
from auth.store import Store
{% if cookiecutter.store_backend == "mysql" %}
from tests.stand_in_store import StandInStore
{% endif %}
from tests.tab import Tab

PASSWORD: Final = "correct horse"


class Clock:
    """The time as auth sees it: the real one, and what a test adds to it."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def forward(self, **parts: float) -> None:
        """Go ahead, by the arguments of a timedelta."""
        self._ahead += timedelta(**parts)

    def now(self, zone: tzinfo) -> datetime:
        """Stand in for datetime.now."""
        return datetime.now(zone) + self._ahead

    def monotonic(self) -> float:
        """Stand in for time.monotonic."""
        return time.monotonic() + self._ahead.total_seconds()


@pytest.fixture(autouse=True)
def _fresh_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin as a server that has just started, with the settings of the project.

    But for the hours of a session: a project's may be too few for a slow machine.
    """
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("SESSION_HOURS", "24")
    load_settings.cache_clear()
    importlib.reload(throttle)
{% if cookiecutter.cookie_transport == "http_only" %}
    login_routes()
{% endif %}
    monkeypatch.setattr(logging.getLogger("auth"), "handlers", [])


{% if cookiecutter.store_backend == "mysql" %}
@pytest.fixture(autouse=True)
def store(_fresh_process: None, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store without users, in place of the database: the tests need none."""
    store = StandInStore()
    for module in ("auth.sessions", "auth.users", "manage"):
        monkeypatch.setattr(f"{module}.open_store", lambda: store)
{% if cookiecutter.cookie_transport == "http_only" %}
    monkeypatch.setattr("auth.codes.open_store", lambda: store)
{% endif %}
    return store
{% else %}
@pytest.fixture(autouse=True)
def store(_fresh_process: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The store of the app, without users."""
    users_file = tmp_path / "users.json"
    users_file.write_text("{}", encoding="utf-8")
    monkeypatch.setenv("USERS_FILE", str(users_file))
    importlib.reload(memory_store)
    return memory_store.open_store()
{% endif %}


@pytest.fixture
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the hashes by something that takes no time, where they do not matter."""

    def check(password: str, password_hash: str | None) -> passwords.Verdict:
        return passwords.Verdict(password_hash == quick_hash(password), None)

    def quick_hash(password: str) -> str:
        return f"hash of {password}"

    monkeypatch.setattr(passwords, "hash_password", quick_hash)
    monkeypatch.setattr(passwords, "check_password", check)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of everything that expires."""
    clock = Clock()
{% if cookiecutter.store_backend == "mysql" %}
    for name in ("sessions.datetime", "throttle.time"):
{% else %}
    for name in ("memory_store.datetime", "sessions.datetime", "throttle.time"):
{% endif %}
        monkeypatch.setattr(f"auth.{name}", clock)
{% if cookiecutter.cookie_transport == "http_only" %}
    monkeypatch.setattr("auth.codes.datetime", clock)
{% endif %}
    return clock


@pytest.fixture
def ann() -> str:
    """The name of a user whose password is PASSWORD."""
    users.add_user("ann", PASSWORD)
    return "ann"


@pytest.fixture
def bob() -> str:
    """The name of another user, with the same password."""
    users.add_user("bob", PASSWORD)
    return "bob"


@pytest.fixture
def tab() -> Tab:
    """A tab of a browser that has never been here before, with the app just opened."""
    return Tab().run()
