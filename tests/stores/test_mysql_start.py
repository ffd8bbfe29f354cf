"""The first start on a database, and every later one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.baking import BakedProject
from tests.support.modules import App
from tests.support.mysql_server import Database, Server

OPEN = "from auth import stores; stores.current()"
NO_CREATE = "SELECT, INSERT, UPDATE, DELETE"


def test_the_first_start_creates_the_tables_and_the_demo_users(app: App) -> None:
    store = app.store
    assert [user.username for user in store.users.list_all()] == ["test1", "test2"]
    assert app.load("auth").verify_user("test1", "test1")
    assert not app.load("auth").verify_user("test1", "test2")


def test_a_later_start_does_not_bring_removed_users_back(
    mysql_project: BakedProject, database: Database
) -> None:
    for _ in range(2):
        with mysql_project.modules(database.environment) as app:
            store = app.store
            for user in store.users.list_all():
                store.users.remove(user.username)
    with mysql_project.modules(database.environment) as app:
        assert app.store.users.list_all() == []


def test_servers_that_start_at_once_add_every_user_once(
    mysql_project: BakedProject, database: Database
) -> None:
    servers = [start_to_open(mysql_project, database) for _ in range(10)]
    for server in servers:
        output, _ = server.communicate(timeout=60)
        assert server.returncode == 0, output
    names = database.execute("SELECT username FROM users ORDER BY username")
    assert names == [("test1",), ("test2",)]


@pytest.mark.parametrize("lost", ["sessions, tickets", "tickets", "an index"])
def test_a_start_that_was_cut_short_is_finished_by_the_next(
    mysql_project: BakedProject, database: Database, lost: str
) -> None:
    with mysql_project.modules(database.environment) as app:
        app.users.set_password("test1", "of the first start")
        app.users.remove_user("test2")
    if lost == "an index":
        database.execute("DROP INDEX sessions_by_expires_at ON sessions")
    else:
        database.execute(f"DROP TABLE {lost}")
    with mysql_project.modules(database.environment) as app:
        # Where there is no table of sessions yet, the first users are not complete.
        added = ["test2"] if lost.startswith("sessions") else []
        assert [user.username for user in app.users.list_users()] == ["test1", *added]
        assert app.load("auth").verify_user("test1", "of the first start")
        assert app.load("auth").validate_session(app.load("auth").create_session("test1"))
        indexes = database.execute("SHOW INDEX FROM sessions")
        assert "sessions_by_expires_at" in {index[2] for index in indexes}


def test_without_the_right_to_create_the_command_is_named(
    mysql_project: BakedProject, mysql_server: Server
) -> None:
    with (
        mysql_server.new_database(NO_CREATE) as database,
        mysql_project.modules(database.environment) as app,
    ):
        with pytest.raises(app.records.StoreUnavailableError, match=r"python manage\.py init-db"):
            app.load("auth").verify_user("test1", "test1")

        administrator = {"DB_USER": mysql_server.user, "DB_PASSWORD": mysql_server.password}
        for said in ["Created the tables.", "The tables already exist."]:
            output = mysql_project.manage(
                "init-db", environment={**database.environment, **administrator}
            )
            assert output.strip() == said

        assert app.load("auth").verify_user("test1", "test1")
        assert app.load("auth").validate_session(app.load("auth").create_session("test1"))


def test_tables_that_vanish_are_named_by_the_same_command(app: App, database: Database) -> None:
    store = app.store
    database.execute("DROP TABLE sessions")
    with pytest.raises(app.records.StoreUnavailableError, match=r"python manage\.py init-db"):
        store.sessions.find("a" * 64)


@pytest.mark.parametrize("text", ["[", "[]", '{"ann": 1}', '{"ann": {}}', "\0"])
def test_first_users_that_cannot_be_read_leave_the_database_empty(
    mysql_project: BakedProject, database: Database, tmp_path: Path, text: str
) -> None:
    users_file = tmp_path / "users.json"
    users_file.write_text(text)
    environment = {**database.environment, "USERS_FILE": str(users_file)}
    with mysql_project.modules(environment) as app:
        with pytest.raises(app.records.StoreUnavailableError, match=r"users\.json"):
            app.stores.current()
        assert database.execute("SHOW TABLES") == []
        users_file.write_text(json.dumps({"ann": {"password_hash": "hash"}}))
        assert [user.username for user in app.store.users.list_all()] == ["ann"]


def test_without_a_file_of_first_users_there_are_none(
    mysql_project: BakedProject, database: Database, tmp_path: Path
) -> None:
    project = mysql_project.copy(tmp_path)
    (project / "seeds" / "users.json").unlink()
    with project.modules(database.environment) as app:
        assert app.store.users.list_all() == []


def test_an_app_with_the_right_to_read_only_its_tables_needs_no_other(
    mysql_project: BakedProject, database: Database, mysql_server: Server
) -> None:
    with mysql_project.modules(database.environment) as app:
        app.stores.current()
    mysql_server.execute(
        f"REVOKE ALL ON {database.name}.* FROM '{database.name}'@'%'",
        *(
            f"GRANT {NO_CREATE} ON {database.name}.{table} TO '{database.name}'@'%'"
            for table in ["users", "sessions", "tickets"]
        ),
    )
    with mysql_project.modules(database.environment) as app:
        assert app.load("auth").verify_user("test1", "test1")


def start_to_open(project: BakedProject, database: Database) -> subprocess.Popen[str]:
    """Start a process that opens the store of a project."""
    return subprocess.Popen(
        [sys.executable, "-c", OPEN],
        cwd=project.path,
        env={**os.environ, **database.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
