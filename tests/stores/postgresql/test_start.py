"""The first start on PostgreSQL, and every later one."""

import itertools
import signal
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import event

from tests.stores.starts import OPEN_UNTIL, start_at_once
from tests.support.baking import BakedProject
from tests.support.modules import App
from tests.support.postgresql_server import PASSWORD, Database, Server

INDEXES = {
    ("alembic_version", "alembic_version_pkc"),
    *(("attempts", f"attempts_by_{key}") for key in ("address", "expires_at", "name", "pair")),
    ("attempts", "attempts_pkey"),
    ("audit", "audit_by_at"),
    ("audit", "audit_by_username"),
    ("audit", "audit_pkey"),
    ("sessions", "sessions_by_expires_at"),
    ("sessions", "sessions_pkey"),
    ("tickets", "tickets_by_expires_at"),
    ("tickets", "tickets_pkey"),
    ("users", "users_pkey"),
}
LOCKS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"


def test_the_first_start_creates_the_tables_and_the_demo_users(
    app: App, database: Database
) -> None:
    users = app.stores.current().users
    assert [user.username for user in users.list_all()] == ["test1", "test2"]
    assert app.load("auth").verify_user("test1", "test1")
    assert not app.load("auth").verify_user("test1", "test2")
    assert indexes(database) == INDEXES
    assert database.execute(LOCKS) == [(0,)]


def test_one_address_is_enough_and_wins(project: BakedProject, database: Database) -> None:
    environment = {"DATABASE_URL": database.url, "DB_HOST": "nowhere.invalid", "DB_PORT": "1"}
    with project.modules(environment) as app:
        assert app.load("auth").verify_user("test1", "test1")
        engine = app.load("auth.stores.sql.engine").open_database().engine
        for text in [repr(engine), str(engine.url)]:
            assert PASSWORD not in text


def test_times_and_names_have_the_types_that_keep_them(app: App, database: Database) -> None:
    app.stores.current()
    columns = database.execute(
        "SELECT column_name, data_type, datetime_precision, collation_name "
        "FROM information_schema.columns WHERE table_schema = 'public'"
    )
    times = {row[1:3] for row in columns if row[0].endswith("_at")}
    assert times == {("timestamp without time zone", 6)}
    assert {row[3] for row in columns if row[0] == "username"} == {"C"}


def test_names_are_sorted_by_their_letters_whatever_the_language(app: App) -> None:
    users = app.stores.current().users
    for name in ["b", "A", "a", "B", "_"]:
        users.add(app.stores.base.User(name, "$hash$"))
    assert [user.username for user in users.list_all()][:5] == ["A", "B", "_", "a", "b"]


def test_a_later_start_does_not_bring_removed_users_back(
    project: BakedProject, database: Database
) -> None:
    for _ in range(2):
        with project.modules(database.environment) as app:
            users = app.stores.current().users
            for user in users.list_all():
                users.remove(user.username)
    with project.modules(database.environment) as app:
        assert app.stores.current().users.list_all() == []


def test_servers_that_start_at_once_add_every_user_once(
    project: BakedProject, database: Database
) -> None:
    start_at_once(project, database.environment)
    assert database.execute("SELECT username FROM users ORDER BY 1") == [("test1",), ("test2",)]
    assert indexes(database) == INDEXES
    assert database.execute(LOCKS) == [(0,)]


def test_a_start_that_was_killed_anywhere_is_finished_by_the_next(
    project: BakedProject, postgresql_server: Server
) -> None:
    for cut in itertools.count(1):
        with postgresql_server.new_database() as database:
            start = project.python("-c", OPEN_UNTIL, str(cut), environment=database.environment)
            if start.returncode == 0:
                break
            assert start.returncode == -signal.SIGKILL, start.stderr
            with project.modules(database.environment) as app:
                users = app.stores.current().users
                assert [user.username for user in users.list_all()] == ["test1", "test2"]
                assert app.load("auth").validate_session(app.load("auth").create_session("test1"))
                assert indexes(database) == INDEXES
    # Six tables, two users, eight indexes, the version twice, and the lock at the end.
    assert cut == 6 + 2 + 8 + 2 + 1 + 1


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
    app: App, database: Database, statement: str
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
    assert indexes(database) == INDEXES
    assert database.execute(LOCKS) == [(0,)]


def test_a_start_waits_longer_than_for_a_query_while_another_server_creates_the_tables(
    project: BakedProject, database: Database
) -> None:
    environment = {**database.environment, "DB_QUERY_SECONDS": "0.3"}
    with project.modules(environment) as app, ThreadPoolExecutor(1) as pool:
        lock = app.load("auth.stores.sql.databases.postgresql")._LOCK_KEY
        with database.server.connect(database.name) as other:
            other.execute(f"SELECT pg_advisory_lock({lock})")
            start = pool.submit(app.stores.current)
            with pytest.raises(TimeoutError):
                start.result(timeout=1)
            assert indexes(database) == set()
        assert len(start.result(timeout=30).users.list_all()) == 2


def test_a_lock_that_is_never_free_is_an_outage_that_changes_nothing(
    app: App, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = app.load("auth.stores.sql.databases.postgresql")
    monkeypatch.setattr(app.load("auth.stores.sql.databases.server"), "_LOCK_SECONDS", 0.3)
    with database.server.connect(database.name) as other:
        other.execute(f"SELECT pg_advisory_lock({module._LOCK_KEY})")
        with pytest.raises(app.stores.base.StoreUnavailableError, match="is busy: another server"):
            app.stores.current()
        assert indexes(database) == set()
    assert len(app.stores.current().users.list_all()) == 2


def test_the_lock_of_one_database_is_not_that_of_another(
    app: App, postgresql_server: Server
) -> None:
    lock = app.load("auth.stores.sql.databases.postgresql")._LOCK_KEY
    with postgresql_server.new_database() as other, postgresql_server.connect(other.name) as taken:
        taken.execute(f"SELECT pg_advisory_lock({lock})")
        assert len(app.stores.current().users.list_all()) == 2


def test_a_start_that_fails_gives_the_lock_back(app: App, database: Database) -> None:
    database.execute("CREATE TABLE tickets (ticket_hash INT)")
    with pytest.raises(app.stores.base.StoreUnavailableError):
        app.stores.current()
    assert database.execute(LOCKS) == [(0,)]
    database.execute("DROP TABLE tickets")
    assert len(app.stores.current().users.list_all()) == 2


def test_without_the_right_to_create_the_command_is_named(
    project: BakedProject, postgresql_server: Server, database: Database
) -> None:
    database.execute(
        f"ALTER DATABASE {database.name} OWNER TO CURRENT_USER",
        f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {database.name}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public "
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {database.name}",
    )
    with project.modules(database.environment) as app:
        with pytest.raises(
            app.stores.base.StoreUnavailableError, match=r"python manage\.py migrate"
        ):
            app.load("auth").verify_user("test1", "test1")
        administrator = {
            "DB_USER": postgresql_server.user,
            "DB_PASSWORD": postgresql_server.password,
        }
        for said in ["The tables are up to date.", "The tables were up to date."]:
            output = project.manage(
                "migrate", environment={**database.environment, **administrator}
            )
            assert output.strip() == said
        assert app.load("auth").verify_user("test1", "test1")
        assert app.load("auth").validate_session(app.login.log_in("test1", "test1"))
        assert app.events.list_audit("test1")[0].event == "login"
    database.execute(f"DROP OWNED BY {database.name}")


def test_tables_that_vanish_are_named_by_the_same_command(app: App, database: Database) -> None:
    sessions = app.stores.current().sessions
    database.execute("DROP TABLE sessions")
    with pytest.raises(app.stores.base.StoreUnavailableError, match=r"python manage\.py migrate"):
        sessions.find("a" * 64)


def indexes(database: Database) -> set[tuple[Any, ...]]:
    """Return the tables with their indexes."""
    return set(
        database.execute("SELECT tablename, indexname FROM pg_indexes WHERE schemaname = 'public'")
    )
