"""The first start on a database server, and every later one."""

import itertools
import signal
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import event

from tests.stores.starts import FIRST_START, OPEN_UNTIL, start_at_once
from tests.support.baking import BakedProject
from tests.support.database_server import Database, Server
from tests.support.modules import App
from tests.support.sweep import sweep

Indexes = set[tuple[str, str]]

TABLES = ["attempts", "audit", "devices", "sessions", "tickets", "users"]
INDEXES = {
    *(("attempts", f"attempts_by_{key}") for key in ("address", "expires_at", "name", "pair")),
    ("audit", "audit_by_at"),
    ("audit", "audit_by_user"),
    ("audit", "audit_by_username"),
    ("devices", "devices_by_expires_at"),
    ("devices", "devices_by_user"),
    ("sessions", "sessions_by_expires_at"),
    ("sessions", "sessions_by_user"),
    ("tickets", "tickets_by_expires_at"),
    ("users", "users_by_email"),
    ("users", "users_by_password_hash"),
    ("users", "users_by_username"),
}
# What each server makes by itself, for keys.
OF_SERVER = {
    "mysql": {(table, "PRIMARY") for table in [*TABLES, "alembic_version"]},
    "postgresql": {
        *((table, f"{table}_pkey") for table in TABLES),
        ("alembic_version", "alembic_version_pkc"),
    },
}


@pytest.fixture
def indexes(store: str) -> Indexes:
    """The tables with their indexes, after a start."""
    return INDEXES | OF_SERVER[store]


def test_the_first_start_creates_the_tables_and_the_demo_users(
    app: App, database: Database, indexes: Indexes
) -> None:
    users = app.stores.current().users
    assert [user.username for user in users.list_all()] == ["test1", "test2"]
    assert app.load("auth").verify_user("test1", "test1")
    assert not app.load("auth").verify_user("test1", "test2")
    assert database.indexes() == indexes
    assert database.lock_is_free()


def test_a_later_start_does_not_bring_removed_users_back(
    project: BakedProject, database: Database
) -> None:
    for _ in range(2):
        with project.modules(database.environment) as app:
            users = app.stores.current().users
            for user in users.list_all():
                users.remove(user)
    with project.modules(database.environment) as app:
        assert app.stores.current().users.list_all() == []


def test_servers_that_start_at_once_add_every_user_once(
    project: BakedProject, database: Database, indexes: Indexes
) -> None:
    start_at_once(project, database.environment)
    assert database.execute("SELECT username FROM users ORDER BY 1") == [("test1",), ("test2",)]
    assert database.indexes() == indexes
    assert database.lock_is_free()


@sweep
def test_a_start_that_was_killed_anywhere_is_finished_by_the_next(
    project: BakedProject, server: Server, indexes: Indexes
) -> None:
    for cut in itertools.count(1):
        with server.new_database() as database:
            start = project.python("-c", OPEN_UNTIL, str(cut), environment=database.environment)
            if start.returncode == 0:
                break
            assert start.returncode == -signal.SIGKILL, start.stderr
            with project.modules(database.environment) as app:
                users = app.stores.current().users
                assert [user.username for user in users.list_all()] == ["test1", "test2"]
                assert app.load("auth").validate_session(app.load("auth").create_session("test1"))
                assert database.indexes() == indexes
    # And the lock at the end.
    assert cut == FIRST_START + 1 + 1


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE IF NOT EXISTS users",
        "INSERT INTO users",
        "CREATE TABLE IF NOT EXISTS sessions",
        "CREATE INDEX",
        "INSERT INTO alembic_version",
    ],
)
def test_a_start_that_loses_its_connection_is_finished_on_another(
    app: App, database: Database, indexes: Indexes, statement: str
) -> None:
    engine = app.load("auth.stores.sql.engine").open_database().engine
    lost = 0

    def lose(_connection: Any, _cursor: Any, text: str, *_: Any) -> None:
        nonlocal lost
        if text.strip().startswith(statement) and not lost:
            lost += 1
            database.kill_connections()

    event.listen(engine, "before_cursor_execute", lose)
    users = app.stores.current().users
    assert lost == 1
    assert [user.username for user in users.list_all()] == ["test1", "test2"]
    assert database.indexes() == indexes
    assert database.lock_is_free()


def test_a_start_waits_longer_than_for_a_query_while_another_server_creates_the_tables(
    project: BakedProject, database: Database
) -> None:
    environment = {**database.environment, "DB_QUERY_SECONDS": "0.3"}
    with project.modules(environment) as app, ThreadPoolExecutor(1) as pool:
        with database.taken_lock():
            start = pool.submit(app.stores.current)
            with pytest.raises(TimeoutError):
                start.result(timeout=1)
            assert database.indexes() == set()
        assert len(start.result(timeout=30).users.list_all()) == 2


def test_a_lock_that_is_never_free_is_an_outage_that_changes_nothing(
    app: App, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.load("auth.stores.sql.databases.server"), "_LOCK_SECONDS", 0.3)
    with database.taken_lock():
        with pytest.raises(app.records.StoreUnavailableError, match="is busy: another server"):
            app.stores.current()
        assert database.indexes() == set()
    assert len(app.stores.current().users.list_all()) == 2


def test_the_lock_of_one_database_is_not_that_of_another(app: App, server: Server) -> None:
    with server.new_database() as other, other.taken_lock():
        assert len(app.stores.current().users.list_all()) == 2


def test_a_start_that_fails_gives_the_lock_back(app: App, database: Database) -> None:
    database.execute("CREATE TABLE tickets (ticket_hash INT)")
    with pytest.raises(app.settings.SettingsError, match="in use by another program"):
        app.stores.current()
    assert database.indexes() == set()
    assert database.lock_is_free()
    database.execute("DROP TABLE tickets")
    assert len(app.stores.current().users.list_all()) == 2


def test_a_start_with_all_there_takes_no_lock(project: BakedProject, database: Database) -> None:
    with project.modules(database.environment) as app:
        app.stores.current()
    with project.modules(database.environment) as app, database.taken_lock():
        assert len(app.stores.current().users.list_all()) == 2


def test_tables_that_vanish_are_named_by_the_same_command(app: App, database: Database) -> None:
    sessions = app.stores.current().sessions
    database.execute("DROP TABLE sessions")
    with pytest.raises(app.records.StoreUnavailableError, match=r"python manage\.py migrate"):
        sessions.find("a" * 64)
