"""What a start on PostgreSQL makes, and needs, that is particular to it."""

import pytest

from tests.stores.faults import unavailable
from tests.support.baking import BakedProject
from tests.support.database_server import PASSWORD, Database, Server
from tests.support.modules import App


def test_one_address_is_enough_and_wins(project: BakedProject, database: Database) -> None:
    environment = {"DATABASE_URL": database.url, "DB_HOST": "nowhere.invalid", "DB_PORT": "1"}
    with project.modules(environment) as app:
        assert app.load("auth").verify_user("test1", "test1")
        engine = app.load("auth.stores.sql.engine").open_database().engine
        for text in [repr(engine), str(engine.url)]:
            assert PASSWORD not in text


def test_a_schema_of_its_own_is_enough_beside_another_program(
    project: BakedProject, database: Database
) -> None:
    theirs = "CREATE TABLE users (id INT)"
    database.execute(theirs, f"CREATE SCHEMA myapp AUTHORIZATION {database.name}")
    with (
        project.modules({"DATABASE_URL": database.url}) as app,
        pytest.raises(app.settings.SettingsError, match="another program: it has the table users,"),
    ):
        app.stores.current()
    url = f"{database.url}?options=-csearch_path%3Dmyapp"
    for _ in range(2):
        with project.modules({"DATABASE_URL": url}) as app:
            assert app.load("auth").verify_user("test1", "test1")
    tables = "SELECT count(*) FROM pg_tables WHERE schemaname = "
    assert database.execute(f"{tables}'public'") == [(1,)]
    assert database.execute(f"{tables}'myapp'") == [(7,)]
    with (
        project.modules({"DATABASE_URL": url.replace("myapp", "missing")}) as app,
        unavailable(app, "no schema for the tables"),
    ):
        app.stores.current()


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
        users.add(app.records.User(name * 32, name, "$hash$"))
    assert [user.username for user in users.list_all()][:5] == ["A", "B", "_", "a", "b"]


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
        with pytest.raises(app.records.StoreUnavailableError, match=r"python manage\.py migrate"):
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
