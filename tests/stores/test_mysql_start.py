"""What a start on MySQL makes, and needs, that is particular to it; and the first users."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.stores.conftest import at_once
from tests.stores.starts import SERVERS
from tests.support.baking import BakedProject
from tests.support.database_server import Database, Server
from tests.support.modules import App

NO_CREATE = "SELECT, INSERT, UPDATE, DELETE"


def test_times_names_and_text_have_the_types_that_keep_them(app: App, database: Database) -> None:
    app.stores.current()
    columns = database.execute(
        "SELECT column_type, collation_name FROM information_schema.columns "
        "WHERE table_schema = DATABASE() AND table_name != 'alembic_version'"
    )
    assert {kind for kind, _ in columns if str(kind).startswith(("date", "time"))} == {
        "datetime(6)"
    }
    assert {collation for _, collation in columns if collation} == {"utf8mb4_bin", "ascii_bin"}
    engines = database.execute(
        "SELECT DISTINCT engine FROM information_schema.tables WHERE table_schema = DATABASE()"
    )
    assert engines == [("InnoDB",)]


def test_threads_that_open_the_store_at_once_get_the_same_one(app: App) -> None:
    stores = at_once(lambda _: app.stores.current(), SERVERS)
    assert len({id(store) for store in stores}) == 1
    assert [user.username for user in stores[0].users.list_all()] == ["test1", "test2"]


def test_a_start_that_finds_the_users_of_one_that_was_cut_short_keeps_them(
    mysql_project: BakedProject, database: Database
) -> None:
    with mysql_project.modules(database.environment) as app:
        engine = app.load("auth.stores.sql.engine").open_database().engine
        app.load("auth.stores.sql.tables").users.create(engine)
        database.execute(
            "INSERT INTO users (id, username, password_hash, disabled, roles, epoch, unlocks) "
            "VALUES ('1', 'test1', 'of the first start', 0, '', 1, 0)"
        )
        users = app.stores.current().users
        assert [user.username for user in users.list_all()] == ["test1", "test2"]
        assert users.find("test1").password_hash == "of the first start"


@pytest.mark.parametrize("result", ["0", "NULL"])
def test_only_a_lock_that_was_got_is_one(
    app: App, database: Database, monkeypatch: pytest.MonkeyPatch, result: str
) -> None:
    monkeypatch.setattr(app.load("auth.stores.sql.databases.server"), "_LOCK_SECONDS", 0)
    databases = app.load("auth.stores.sql.databases.mysql")
    monkeypatch.setattr(databases, "_TAKE_LOCK", text(f"SELECT {result}"))
    with pytest.raises(app.records.StoreUnavailableError, match="is busy: another server"):
        app.stores.current()
    assert database.execute("SHOW TABLES") == []


def test_without_the_right_to_create_the_command_is_named(
    mysql_project: BakedProject, mysql_server: Server, database: Database
) -> None:
    mysql_server.execute(
        f"REVOKE ALL ON {database.name}.* FROM '{database.name}'@'%'",
        f"GRANT {NO_CREATE} ON {database.name}.* TO '{database.name}'@'%'",
    )
    with mysql_project.modules(database.environment) as app:
        with pytest.raises(app.records.StoreUnavailableError, match=r"python manage\.py migrate"):
            app.load("auth").verify_user("test1", "test1")

        administrator = {"DB_USER": mysql_server.user, "DB_PASSWORD": mysql_server.password}
        for said in ["The tables are up to date.", "The tables were up to date."]:
            output = mysql_project.manage(
                "migrate", environment={**database.environment, **administrator}
            )
            assert output.strip() == said

        assert app.load("auth").verify_user("test1", "test1")
        assert app.load("auth").validate_session(app.load("auth").create_session("test1"))


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
        users_file.write_text(json.dumps({"ann": {"id": "a" * 32, "password_hash": "hash"}}))
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
