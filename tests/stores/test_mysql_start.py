"""The first start on a database, and every later one."""

import itertools
import json
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pymysql
import pytest
from sqlalchemy import event, text

from tests.stores.conftest import at_once
from tests.stores.starts import OPEN_UNTIL, SERVERS, start_at_once
from tests.support.baking import BakedProject
from tests.support.modules import App
from tests.support.mysql_server import Database, Server

NO_CREATE = "SELECT, INSERT, UPDATE, DELETE"
LOCK = "CONCAT('auth ', SHA1(DATABASE()))"

INDEXES = {
    ("alembic_version", "PRIMARY"),
    *(("attempts", f"attempts_by_{key}") for key in ("address", "expires_at", "name", "pair")),
    ("attempts", "PRIMARY"),
    ("audit", "audit_by_at"),
    ("audit", "audit_by_username"),
    ("audit", "PRIMARY"),
    ("sessions", "PRIMARY"),
    ("sessions", "sessions_by_expires_at"),
    ("sessions", "username"),
    ("tickets", "PRIMARY"),
    ("tickets", "tickets_by_expires_at"),
    ("users", "PRIMARY"),
}


def test_the_first_start_creates_the_tables_and_the_demo_users(
    app: App, database: Database
) -> None:
    users = app.stores.current().users
    assert [user.username for user in users.list_all()] == ["test1", "test2"]
    assert app.load("auth").verify_user("test1", "test1")
    assert not app.load("auth").verify_user("test1", "test2")
    assert indexes(database) == INDEXES


def test_times_names_and_text_have_the_types_that_keep_them(app: App, database: Database) -> None:
    app.stores.current()
    columns = database.execute(
        "SELECT column_type, collation_name FROM information_schema.columns "
        "WHERE table_schema = DATABASE() AND table_name != 'alembic_version'"
    )
    assert {kind for kind, _ in columns if str(kind).startswith(("date", "time"))} == {
        "datetime(6)"
    }
    assert {collation for _, collation in columns if collation} == {"utf8mb4_bin"}
    engines = database.execute(
        "SELECT DISTINCT engine FROM information_schema.tables WHERE table_schema = DATABASE()"
    )
    assert engines == [("InnoDB",)]


def test_a_later_start_does_not_bring_removed_users_back(
    mysql_project: BakedProject, database: Database
) -> None:
    for _ in range(2):
        with mysql_project.modules(database.environment) as app:
            users = app.stores.current().users
            for user in users.list_all():
                users.remove(user.username)
    with mysql_project.modules(database.environment) as app:
        assert app.stores.current().users.list_all() == []


def test_servers_that_start_at_once_add_every_user_once(
    mysql_project: BakedProject, database: Database
) -> None:
    start_at_once(mysql_project, database.environment)
    names = database.execute("SELECT username FROM users ORDER BY username")
    assert names == [("test1",), ("test2",)]
    assert indexes(database) == INDEXES


def test_threads_that_open_the_store_at_once_get_the_same_one(app: App, database: Database) -> None:
    stores = at_once(lambda _: app.stores.current(), SERVERS)
    assert len({id(store) for store in stores}) == 1
    assert [user.username for user in stores[0].users.list_all()] == ["test1", "test2"]
    assert indexes(database) == INDEXES


def test_a_start_that_finds_the_users_of_one_that_was_cut_short_keeps_them(
    mysql_project: BakedProject, database: Database
) -> None:
    with mysql_project.modules(database.environment) as app:
        engine = app.load("auth.stores.sql.engine").open_database().engine
        app.load("auth.stores.sql.tables").users.create(engine)
        database.execute("INSERT INTO users VALUES ('test1', 'of the first start', 0, '', 1)")
        users = app.stores.current().users
        assert [user.username for user in users.list_all()] == ["test1", "test2"]
        assert users.find("test1").password_hash == "of the first start"


def test_a_start_that_was_killed_anywhere_is_finished_by_the_next(
    mysql_project: BakedProject, mysql_server: Server
) -> None:
    for cut in itertools.count(1):
        with mysql_server.new_database() as database:
            start = mysql_project.python(
                "-c", OPEN_UNTIL, str(cut), environment=database.environment
            )
            if start.returncode == 0:
                break
            assert start.returncode == -signal.SIGKILL, start.stderr
            with mysql_project.modules(database.environment) as app:
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
    assert database.execute(f"SELECT IS_FREE_LOCK({LOCK})") == [(1,)]


def test_a_start_waits_while_another_server_creates_the_tables(
    app: App, database: Database
) -> None:
    with taken_lock(database) as release, ThreadPoolExecutor(1) as pool:
        start = pool.submit(app.stores.current)
        with pytest.raises(TimeoutError):
            start.result(timeout=0.5)
        assert database.execute("SHOW TABLES") == []
        release()
        store = start.result(timeout=30)
    assert [user.username for user in store.users.list_all()] == ["test1", "test2"]


def test_a_wait_for_the_lock_may_be_longer_than_one_for_a_query(
    mysql_project: BakedProject, database: Database
) -> None:
    environment = {**database.environment, "DB_QUERY_SECONDS": "0.3"}
    with (
        mysql_project.modules(environment) as app,
        taken_lock(database) as release,
        ThreadPoolExecutor(1) as pool,
    ):
        start = pool.submit(app.stores.current)
        with pytest.raises(TimeoutError):
            start.result(timeout=1)
        release()
        store = start.result(timeout=30)
    assert len(store.users.list_all()) == 2


def test_a_lock_that_is_never_free_is_an_outage_that_changes_nothing(
    app: App, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.load("auth.stores.sql.databases.server"), "_LOCK_SECONDS", 0.3)
    with taken_lock(database):
        with pytest.raises(app.stores.base.StoreUnavailableError, match="is busy: another server"):
            app.stores.current()
        assert database.execute("SHOW TABLES") == []
    assert len(app.stores.current().users.list_all()) == 2


@pytest.mark.parametrize("result", ["0", "NULL"])
def test_only_a_lock_that_was_got_is_one(
    app: App, database: Database, monkeypatch: pytest.MonkeyPatch, result: str
) -> None:
    monkeypatch.setattr(app.load("auth.stores.sql.databases.server"), "_LOCK_SECONDS", 0)
    databases = app.load("auth.stores.sql.databases.mysql")
    monkeypatch.setattr(databases, "_TAKE_LOCK", text(f"SELECT {result}"))
    with pytest.raises(app.stores.base.StoreUnavailableError, match="is busy: another server"):
        app.stores.current()
    assert database.execute("SHOW TABLES") == []


def test_the_lock_of_one_database_is_not_that_of_another(
    mysql_project: BakedProject, mysql_server: Server, app: App, database: Database
) -> None:
    with mysql_server.new_database() as other, taken_lock(other):
        assert len(app.stores.current().users.list_all()) == 2


def test_the_lock_is_given_back(app: App, database: Database) -> None:
    app.stores.current()
    assert database.execute(f"SELECT IS_FREE_LOCK({LOCK})") == [(1,)]


def test_a_start_that_fails_gives_the_lock_back(app: App, database: Database) -> None:
    database.execute("CREATE TABLE tickets (ticket_hash INT)")
    with pytest.raises(app.stores.base.StoreUnavailableError):
        app.stores.current()
    assert database.execute(f"SELECT IS_FREE_LOCK({LOCK})") == [(1,)]
    database.execute("DROP TABLE tickets")
    assert len(app.stores.current().users.list_all()) == 2


def test_a_start_with_all_there_takes_no_lock(
    mysql_project: BakedProject, database: Database
) -> None:
    with mysql_project.modules(database.environment) as app:
        app.stores.current()
    with mysql_project.modules(database.environment) as app, taken_lock(database):
        assert len(app.stores.current().users.list_all()) == 2


def test_without_the_right_to_create_the_command_is_named(
    mysql_project: BakedProject, mysql_server: Server
) -> None:
    with (
        mysql_server.new_database(NO_CREATE) as database,
        mysql_project.modules(database.environment) as app,
    ):
        with pytest.raises(
            app.stores.base.StoreUnavailableError, match=r"python manage\.py migrate"
        ):
            app.load("auth").verify_user("test1", "test1")

        administrator = {"DB_USER": mysql_server.user, "DB_PASSWORD": mysql_server.password}
        for said in ["The tables are up to date.", "The tables were up to date."]:
            output = mysql_project.manage(
                "migrate", environment={**database.environment, **administrator}
            )
            assert output.strip() == said

        assert app.load("auth").verify_user("test1", "test1")
        assert app.load("auth").validate_session(app.load("auth").create_session("test1"))


def test_tables_that_vanish_are_named_by_the_same_command(app: App, database: Database) -> None:
    sessions = app.stores.current().sessions
    database.execute("DROP TABLE sessions")
    with pytest.raises(app.stores.base.StoreUnavailableError, match=r"python manage\.py migrate"):
        sessions.find("a" * 64)


@pytest.mark.parametrize("text", ["[", "[]", '{"ann": 1}', '{"ann": {}}', "\0"])
def test_first_users_that_cannot_be_read_leave_the_database_empty(
    mysql_project: BakedProject, database: Database, tmp_path: Path, text: str
) -> None:
    users_file = tmp_path / "users.json"
    users_file.write_text(text)
    environment = {**database.environment, "USERS_FILE": str(users_file)}
    with mysql_project.modules(environment) as app:
        with pytest.raises(app.stores.base.StoreUnavailableError, match=r"users\.json"):
            app.stores.current()
        assert database.execute("SHOW TABLES") == []
        users_file.write_text(json.dumps({"ann": {"password_hash": "hash"}}))
        assert [user.username for user in app.stores.current().users.list_all()] == ["ann"]


def test_without_a_users_file_there_are_no_first_users(
    mysql_project: BakedProject, database: Database, tmp_path: Path
) -> None:
    project = mysql_project.copy(tmp_path)
    (project / "seeds" / "users.json").unlink()
    with project.modules(database.environment) as app:
        assert app.stores.current().users.list_all() == []


def test_an_app_with_the_right_to_read_only_its_tables_needs_no_other(
    mysql_project: BakedProject, database: Database, mysql_server: Server
) -> None:
    with mysql_project.modules(database.environment) as app:
        app.stores.current()
        tables = [*app.load("auth.stores.sql.tables").metadata.tables, "alembic_version"]
    mysql_server.execute(
        f"REVOKE ALL ON {database.name}.* FROM '{database.name}'@'%'",
        *(
            f"GRANT {NO_CREATE} ON {database.name}.{table} TO '{database.name}'@'%'"
            for table in tables
        ),
    )
    with mysql_project.modules(database.environment) as app:
        assert app.load("auth").verify_user("test1", "test1")
        assert app.load("auth").validate_session(app.login.log_in("test1", "test1"))
        assert app.events.list_audit("test1")[0].event == "login"


def indexes(database: Database) -> set[tuple[object, ...]]:
    """Return the tables with their indexes."""
    return set(
        database.execute(
            "SELECT table_name, index_name FROM information_schema.statistics "
            "WHERE table_schema = DATABASE()"
        )
    )


@contextmanager
def taken_lock(database: Database) -> Iterator[Callable[[], None]]:
    """Keep the lock of a server that creates the tables, until the end or until it is released."""
    server = database.server
    connection = pymysql.connect(
        host=server.host,
        port=server.port,
        user=server.user,
        password=server.password,
        database=database.name,
    )
    with connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT GET_LOCK({LOCK}, 0)")
        assert cursor.fetchone() == (1,)
        yield lambda: assert_released(cursor)


def assert_released(cursor: Any) -> None:
    cursor.execute(f"SELECT RELEASE_LOCK({LOCK})")
    assert cursor.fetchone() == (1,)
