"""How the tables come about, with the first users in them."""

import shutil
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, insert, inspect
from sqlalchemy import text as sql
from sqlalchemy.event import listens_for

from auth.records import SettingsError, StoreUnavailableError
from auth.settings import PROJECT
from auth.stores.sql import engine, open_store, schema, store_in
from auth.stores.sql.databases import chosen
from auth.stores.sql.engine import Database
from auth.stores.sql.ownership import NewerSchemaError
from auth.stores.sql.schema import (
    database_message,
    migrate,
    new_migration,
)
from auth.stores.sql.tables import metadata
from auth.stores.sql.tables import users as users_table
from auth.stores.sql.versions import VERSIONS, are_done
from auth.stores.users_file import read_users
from auth.tests.conftest import Configure
from auth.tests.people import id_of, person, users_text

pytestmark = pytest.mark.usefixtures("migrations")

# A migration of the login that comes with a later version.
LATER = """import sqlalchemy as sa
from alembic import op

revision = "auth_9999"
down_revision = "auth_0001"


def upgrade() -> None:
"""


@pytest.fixture(autouse=True)
def users_file(tmp_path: Path, configure: Configure) -> Path:
    """The users file, with Ann in it."""
    file = tmp_path / "users.json"
    file.write_text(users_text(ann={"password_hash": "hash of ann"}), encoding="utf-8")
    configure(users_file=file)
    return file


@pytest.fixture
def versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the login's migrations, to change."""
    copy = Path(shutil.copytree(VERSIONS, tmp_path / "versions 100%"))
    monkeypatch.setattr("auth.stores.sql.versions.VERSIONS", copy)
    return copy


def execute(database: Database, statement: str) -> None:
    database.run(lambda connection: connection.execute(sql(statement)))


def differences(database: Database) -> list[object]:
    """Return in what the tables of a database are not those of the code."""
    return database.run(
        lambda connection: list(compare_metadata(MigrationContext.configure(connection), metadata))
    )


def description(database: Database) -> object:
    """Return the tables of a database with their columns and indexes, to compare."""

    def look(connection: Connection) -> str:
        found = inspect(connection)
        return f"{found.get_multi_columns()} {found.get_multi_indexes()}"

    return database.run(look)


def add_table(migration: Path, name: str) -> None:
    """Have a migration create a table."""
    # The imports that whoever fills it in needs stand there as comments.
    text = migration.read_text(encoding="utf-8").replace("# import", "import")
    text = text.replace("# from alembic", "from alembic")
    step = f'    op.create_table("{name}", sa.Column("text", sa.String(9)), if_not_exists=True)\n'
    migration.write_text(text + step, encoding="utf-8")


def names(database: Database) -> list[str]:
    return [user.username for user in store_in(database).users.list_all()]


def test_an_empty_database_gets_the_tables_and_the_first_users(database: Database) -> None:
    assert migrate(database)
    assert store_in(database).users.list_all() == [person("ann", "hash of ann")]
    assert store_in(database).sessions.find("0" * 64) is None


def test_a_database_with_the_tables_is_left_as_it_is(database: Database) -> None:
    migrate(database)
    store_in(database).users.remove(person("ann"))
    assert are_done(database)
    assert not migrate(database)
    assert names(database) == []


def test_a_database_without_a_users_file_has_no_users(database: Database, users_file: Path) -> None:
    users_file.unlink()
    assert migrate(database)
    assert names(database) == []


def test_a_broken_users_file_leaves_the_database_empty(
    database: Database, users_file: Path
) -> None:
    users_file.write_text("{", encoding="utf-8")
    with pytest.raises(StoreUnavailableError, match="users file"):
        migrate(database)
    users_file.write_text("{}", encoding="utf-8")
    assert migrate(database)


def test_the_users_file_of_the_project_fits_into_the_table(
    database: Database, configure: Configure
) -> None:
    file = PROJECT / "seeds" / "users.json"
    configure(users_file=file)
    migrate(database)
    assert names(database) == [user.username for user in read_users(file)]


def test_a_start_that_was_cut_short_before_the_first_users_is_finished(database: Database) -> None:
    users_table.create(database.engine)
    assert migrate(database)
    assert names(database) == ["ann"]


def test_a_one_time_password_of_the_first_users_stays_one(
    database: Database, users_file: Path
) -> None:
    end = datetime(2030, 1, 31, 23, 59, 30, tzinfo=UTC)
    record: dict[str, object] = {"password_hash": "made up", "password_expires_at": end.isoformat()}
    users_file.write_text(users_text(ann=record), encoding="utf-8")
    migrate(database)
    assert store_in(database).users.list_all() == [
        person("ann", "made up", password_expires_at=end)
    ]


def test_first_users_who_already_exist_stay_as_they_are(database: Database) -> None:
    users_table.create(database.engine)
    there = asdict(person("ann", "x", disabled=True, epoch=5))
    database.run(lambda connection: connection.execute(insert(users_table).values(there)))
    migrate(database)
    assert store_in(database).users.list_all() == [person("ann", "x", disabled=True, epoch=5)]


def test_the_migrations_make_the_tables_of_the_code(database: Database) -> None:
    migrate(database)
    assert differences(database) == []


def test_a_database_of_a_later_version_is_left_alone(database: Database) -> None:
    migrate(database)
    execute(database, "UPDATE alembic_version SET version_num = 'auth_9999'")
    with pytest.raises(NewerSchemaError, match="belongs to a later version of this app"):
        migrate(database)


def test_a_later_version_of_which_only_the_apps_own_migration_is_named_is_one(
    database: Database,
) -> None:
    migrate(database)
    execute(database, "UPDATE alembic_version SET version_num = '0123456789ab'")
    with pytest.raises(NewerSchemaError):
        migrate(database)


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("CREATE TABLE users (id INT, username VARCHAR(64))", "the table users"),
        ("CREATE TABLE sessions (sid VARCHAR(64))", "the table sessions"),
        ("CREATE TABLE devices (device_hash VARCHAR(64))", "the table devices"),
        ("CREATE TABLE audit (id INT)", "the table audit"),
        ("CREATE TABLE customers (id INT)", "the table customers"),
    ],
)
def test_a_database_of_another_program_is_left_as_it_was(
    database: Database, statement: str, named: str
) -> None:
    execute(database, statement)
    before = description(database)
    with pytest.raises(SettingsError, match=f"is in use by another program: it has {named}, not"):
        migrate(database)
    assert description(database) == before


def test_of_many_tables_that_are_in_the_way_three_are_named(database: Database) -> None:
    for number in range(5):
        execute(database, f"CREATE TABLE t{number} (id INT)")
    with pytest.raises(SettingsError, match=r"it has the tables t0, t1, t2 and 2 more, not made"):
        migrate(database)


def test_a_database_with_migrations_of_another_program_is_left_as_it_was(
    database: Database,
) -> None:
    execute(database, "CREATE TABLE alembic_version (version_num VARCHAR(32))")
    execute(database, "INSERT INTO alembic_version VALUES ('0123456789ab')")
    execute(database, "CREATE TABLE users (id INT)")
    before = description(database)
    with pytest.raises(SettingsError, match="it has the table alembic_version, not made by"):
        migrate(database)
    assert description(database) == before


def test_the_apps_own_tables_are_no_other_program_s(
    database: Database, migrations: Path, versions: Path
) -> None:
    migrate(database)
    execute(database, "CREATE TABLE notes (text VARCHAR(9))")
    later = versions / "auth_9999_later.py"
    later.write_text(LATER, encoding="utf-8")
    add_table(later, "later")
    assert migrate(database)


def test_migrations_of_the_app_and_of_the_login_do_not_wait_for_each_other(
    database: Database, migrations: Path, versions: Path
) -> None:
    notes = new_migration("add notes")
    add_table(notes, "notes")
    assert notes.parent == migrations
    assert migrate(database)
    add_table(new_migration("add 100% more"), "more")
    assert migrate(database)
    later = versions / "auth_9999_later.py"
    later.write_text(LATER, encoding="utf-8")
    add_table(later, "later")
    assert migrate(database)
    assert are_done(database)
    assert not migrate(database)
    tables = database.run(lambda connection: inspect(connection).get_table_names())
    assert {"users", "notes", "more", "later"} <= set(tables)


def test_migrations_that_two_people_wrote_side_by_side_meet_in_the_next_one(
    database: Database, migrations: Path
) -> None:
    written = migrations.parent
    for name in ["notes", "dates"]:
        add_table(new_migration(f"add {name}"), name)
        migrations.rename(written / name)
    shutil.copytree(written / "notes", migrations)
    shutil.copytree(written / "dates", migrations, dirs_exist_ok=True)
    assert migrate(database)
    both = new_migration("add more")
    add_table(both, "more")
    first, second = sorted(
        file.stem.split("_")[0] for file in migrations.glob("*.py") if file != both
    )
    assert f'down_revision = ("{first}", "{second}")' in both.read_text(encoding="utf-8")
    assert migrate(database)
    assert are_done(database)
    assert not migrate(database)
    tables = database.run(lambda connection: inspect(connection).get_table_names())
    assert {"notes", "dates", "more"} <= set(tables)


def test_a_database_that_is_complete_is_not_locked(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(database)
    statements: list[str] = []

    @listens_for(database.engine, "before_cursor_execute")
    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    monkeypatch.setattr(chosen, "schema_lock", None)
    assert are_done(database)
    assert not migrate(database)
    assert not any("CREATE" in statement for statement in statements)


def test_a_start_with_nothing_to_do_leaves_alembic_out(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_opened", [database])
    assert not are_done(database)
    open_store()
    monkeypatch.setattr(schema, "migrate", None)
    assert open_store().users.list_all() == [person("ann", "hash of ann")]


@pytest.mark.parametrize(
    "form",
    [
        LATER,
        LATER.replace('"auth_9999"', '"auth_" + "9999"'),
        LATER.replace("revision =", "revision: str ="),
        LATER.replace("revision =", "if True:\n    revision ="),
        LATER.replace("def upgrade", "def"),
    ],
    ids=["ours", "computed", "annotated", "indented", "broken"],
)
def test_a_migration_that_is_not_done_is_seen_in_whatever_form(
    form: str, database: Database, versions: Path
) -> None:
    migrate(database)
    assert are_done(database)
    (versions / "auth_9999_later.py").write_text(form, encoding="utf-8")
    assert not are_done(database)


def test_a_user_id_column_goes_with_its_user(database: Database, migrations: Path) -> None:
    notes = new_migration("add notes")
    text = notes.read_text(encoding="utf-8").replace("# import", "import").replace("# from", "from")
    step = """    op.create_table("notes", user_id_column(), sa.Column("text", sa.String(9)))
    create_index("notes_by_user", "notes", ["user_id"])
"""
    notes.write_text(text + step, encoding="utf-8")
    migrate(database)
    for name in ("ann", "bob"):
        store_in(database).users.put(person(name))
        execute(database, f"INSERT INTO notes VALUES ('{id_of(name)}', 'of {name}')")  # noqa: S608
    store_in(database).users.rename(person("ann"), "anna")
    store_in(database).users.remove(person("bob"))
    left = database.run(lambda connection: connection.execute(sql("SELECT * FROM notes")).all())
    assert [tuple(row) for row in left] == [(id_of("ann"), "of ann")]


def test_a_migration_that_fails_is_told_in_the_words_of_the_database(
    database: Database, migrations: Path
) -> None:
    add_table(new_migration("add notes"), "notes")
    migrate(database)
    broken = new_migration("drop what is not there")
    text = broken.read_text(encoding="utf-8").replace("# from alembic", "from alembic")
    broken.write_text(f'{text}    op.execute("DROP TABLE missing")\n', encoding="utf-8")
    with pytest.raises(StoreUnavailableError) as caught:
        migrate(database)
    assert "missing" not in str(caught.value)
    assert "missing" in database_message(caught.value)
