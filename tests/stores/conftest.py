"""What the tests of the stores share: each store in turn, and the modules around it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import insert

from answers.choices import CHOICES
from tests.conftest import Bake, environment_of
from tests.support.baking import BakedProject
from tests.support.database_server import Database
from tests.support.modules import App

# A new store is tested as soon as it can be chosen.
STORES = list(CHOICES["store_backend"])
DATABASES = STORES[1:]
THREADS = 32
PASSWORD = "correct horse battery"
NEW_PASSWORD = "staple of a new one"


class Bench:
    """A store that has just been opened, without users, and the modules around it."""

    def __init__(self, app: App, project: BakedProject, environment: dict[str, str]) -> None:
        self.app = app
        self.project = project
        self.environment = environment
        store = app.stores.current()
        self.users = store.users
        self.sessions = store.sessions
        self.tickets = store.tickets
        self.attempts = store.attempts
        self.audit = store.audit
        self.records = app.load("auth.stores.base")
        self.now = datetime.now(UTC)

    def user(self, name: str, **fields: Any) -> Any:
        return self.records.User(name, fields.pop("password_hash", "$hash$"), **fields)

    def add_user(self, name: str, **fields: Any) -> Any:
        user = self.user(name, **fields)
        self.users.add(user)
        return user

    def fill(self, users: list[Any]) -> None:
        """Add many users at once, to a store that has none."""
        if self.project.answers["store_backend"] == "memory":
            text = self.app.load("auth.stores.users_file").write_users(
                {user.username: user for user in users}
            )
            Path(self.environment["USERS_FILE"]).write_text(text, encoding="utf-8")
            return
        table = self.app.load("auth.stores.sql.tables").users
        with self.app.load("auth").get_db_connection() as connection:
            connection.execute(insert(table), [asdict(user) for user in users])
            connection.commit()

    def session(self, number: int, user: Any, *, hours: float = 1, age: float = 0) -> Any:
        """Return a session that began some hours ago and ends so many from now."""
        began = self.now - timedelta(hours=age)
        ends = self.now + timedelta(hours=hours)
        return self.records.Session(f"{number:064x}", user.username, user.epoch, began, ends, began)

    def add_session(self, number: int, user: Any, **times: float) -> Any:
        session = self.session(number, user, **times)
        self.sessions.add(session)
        return session

    def find(self, number: int) -> Any:
        """Return a session with its user, or None."""
        return self.sessions.find(f"{number:064x}")

    def living(self, username: str | None = None) -> list[int]:
        """Return the numbers of the sessions that are listed."""
        listed = self.sessions.list_all(self.now, username)
        return [int(session.token_hash, 16) for session in listed]

    def ticket(self, number: int, payload: str = "payload", *, seconds: float = 30) -> Any:
        """Return a ticket that expires so many seconds from now."""
        expires_at = self.now + timedelta(seconds=seconds)
        return self.records.Ticket(f"{number:064x}", "test", payload, expires_at)

    def take(self, number: int, purpose: str = "test") -> Any:
        return self.tickets.take(purpose, f"{number:064x}")

    def attempt(self, number: int, seconds: float = 60, /, **keys: str) -> Any:
        """Return an attempt that counts so many seconds from now, with keys of its own or given."""
        expires_at = self.now + timedelta(seconds=seconds)
        own = {key: f"{key} {number}" for key in ("pair", "name", "address")}
        return self.records.Attempt(f"{number:032x}", **(own | keys), expires_at=expires_at)

    def entry(self, event: str = "login", username: str | None = "ann", age: float = 0) -> Any:
        """Return an entry of the audit from so many seconds ago."""
        at = self.now - timedelta(seconds=age)
        return self.records.AuditEntry(at, event, username, "boss", "192.0.2.1", "0123abcd")

    def manage(self, *arguments: str, stdin: str = "") -> str:
        """Run a command of manage.py in another process, and return what it printed."""
        return self.project.manage(*arguments, environment=self.environment, stdin=stdin)


@pytest.fixture(params=STORES)
def bench(request: pytest.FixtureRequest, bake: Bake, tmp_path: Path) -> Iterator[Bench]:
    """Each store in turn, with the cookie transport that asks most of it."""
    users_file = tmp_path / "users.json"
    users_file.write_text("{}")
    project = bake(store_backend=request.param, cookie_transport="http_only")
    with environment_of(project, request) as environment:
        environment["USERS_FILE"] = str(users_file)
        # So many threads on a busy machine wait longer for one of ten connections than visitors.
        environment["DB_CONNECT_SECONDS"] = "30"
        with project.modules(environment) as app:
            yield Bench(app, project, environment)


@pytest.fixture
def app(mysql_project: BakedProject, database: Database) -> Iterator[App]:
    """The MySQL project's modules, on an empty database."""
    with mysql_project.modules(database.environment) as app:
        yield app


def at_once(work: Callable[[int], Any], threads: int = THREADS) -> list[Any]:
    """Call a function with 0, 1, 2 … in as many threads, which all start together."""
    barrier = Barrier(threads)

    def start(number: int) -> Any:
        barrier.wait()
        return work(number)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(start, range(threads)))
