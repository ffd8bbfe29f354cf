"""What the tests share: a process that has just started, an empty store, a clock and users."""

import logging
from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner, Result
from streamlit.components.v2 import manifest_scanner

from auth import clock as auth_clock
from auth import cookies, stores, texts
from auth.events import audit, recording
from auth.login import throttle
from auth.passwords import hashing
from auth.settings import Settings, load_settings
from auth.stores.interface import Store
from auth.tests.people import person
from auth.tests.stores import open_empty_store
from auth.tests.tab import Tab
from auth.users import directory
from auth.visitor import connections, owners, visiting
from auth.visitor.visiting import Visitor
from manage import main

PASSWORD: Final = "correct horse"
NEW_PASSWORD: Final = "battery staple"

Configure = Callable[..., None]


class Clock:
    """A clock that stands still until a test turns it."""

    def __init__(self) -> None:
        self._time = datetime(2030, 1, 31, 23, 59, 30, 123456, tzinfo=UTC)

    def forward(self, **parts: float) -> None:
        """Turn it on, by the arguments of a timedelta."""
        self._time += timedelta(**parts)

    def now(self) -> datetime:
        """Stand in for auth.clock.now."""
        return self._time


class Log:
    """What the app has logged."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        self._caplog = caplog

    @property
    def lines(self) -> list[str]:
        """The lines of auth, without time and level."""
        return [record.getMessage() for record in self._records]

    @property
    def levels(self) -> list[str]:
        """The levels of these lines."""
        return [record.levelname for record in self._records]

    @property
    def _records(self) -> list[logging.LogRecord]:
        return [record for record in self._caplog.records if record.name == "auth"]


def run_command(*arguments: str, typed: str = "") -> Result:
    """Run manage.py in this process, with what is typed at its prompts."""
    return CliRunner().invoke(main, arguments, input=typed)


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch) -> Configure:
    """Call it with settings to have them: configure(session_hours=2)."""

    def configure(**settings: object) -> None:
        for name, value in settings.items():
            monkeypatch.setenv(name.upper(), str(value))
        load_settings.cache_clear()

    return configure


@pytest.fixture(scope="session", autouse=True)
def components_found_once() -> Iterator[None]:
    """Look for components among the installed packages once: AppTest does so for each tab."""
    found_once = cache(manifest_scanner.scan_component_manifests)
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(manifest_scanner, "scan_component_manifests", found_once)
        yield


@pytest.fixture(autouse=True)
def fresh_process(monkeypatch: pytest.MonkeyPatch, configure: Configure) -> None:
    """Begin as a server that has just started, with the settings of the project.

    What limits time and failures has values that the tests know.
    """
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    configure(session_hours=24, session_idle_hours=24, sessions_per_user=20)
    configure(recent_login_minutes=10, password_words="Home, Sales figures")
    configure(throttle_failures=5, throttle_minutes=5)
    monkeypatch.setattr(throttle, "_full", OrderedDict())
    monkeypatch.setattr(throttle, "_owed", deque())
    monkeypatch.setattr(throttle, "_started", count(1))
    monkeypatch.setattr(connections, "_open", OrderedDict())
    monkeypatch.setattr(connections, "_has_wall", False)
    monkeypatch.setattr(owners, "_owners", OrderedDict())
    monkeypatch.setattr(recording, "_series", defaultdict(dict))
    # What the owner says in texts.toml is no business of these tests.
    monkeypatch.setattr(texts, "check", lambda: texts.DEFAULTS)
    # Later they would write into the log and the store of another test.
    monkeypatch.setattr(recording, "_start_timer", lambda: None)
    monkeypatch.setattr(recording, "_add_later", recording._add)
    monkeypatch.setattr(audit, "_paused", [])
    monkeypatch.setattr(logging.getLogger("auth"), "handlers", [])
    monkeypatch.setattr(logging.getLogger("auth"), "propagate", True)
    visiting.note(Visitor())
    cookies.routes()  # as app.py does


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store of the app, without users."""
    with open_empty_store(tmp_path) as store:
        monkeypatch.setattr(stores, "current", lambda: store)
        yield store


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash as the app does, but with the least work."""
    context = hashing._context().copy(
        argon2__memory_cost=8,
        argon2__time_cost=1,
        argon2__parallelism=1,
    )
    monkeypatch.setattr(hashing, "_context", lambda: context)
    monkeypatch.setattr(hashing, "_NOBODYS_HASH", context.hash("nobody"))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the app."""
    clock = Clock()
    monkeypatch.setattr(auth_clock, "now", clock.now)
    return clock


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Log:
    """The log of the app."""
    caplog.set_level(logging.INFO, "auth")
    logging.getLogger("auth").addHandler(caplog.handler)
    return Log(caplog)


@pytest.fixture
def ann() -> str:
    """The name of a user whose password is PASSWORD."""
    directory.add_user("ann", PASSWORD)
    return "ann"


@pytest.fixture
def bob() -> str:
    """The name of another user, with the same password."""
    directory.add_user("bob", PASSWORD)
    return "bob"


@pytest.fixture
def boss(store: Store) -> str:
    """The name of a user with a role, and the same password."""
    store.users.add(person("boss", hashing.hash_password(PASSWORD), roles=("boss",)))
    return "boss"


@pytest.fixture
def admin(store: Store) -> str:
    """The name of the only administrator, with the same password."""
    store.users.add(person("admin", hashing.hash_password(PASSWORD), roles=("admin",)))
    return "admin"


@pytest.fixture
def tab() -> Tab:
    """A tab of a browser that has never been here before, with the app just opened."""
    return Tab().run()
