"""How the tables come about, with the first users in them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert, text
from sqlalchemy.event import listens_for

from auth.settings import PROJECT
from auth.stores.base import StoreUnavailableError, User
from auth.stores.sql import store_in
from auth.stores.sql.databases import chosen
from auth.stores.sql.engine import Database
from auth.stores.sql.schema import create_tables
from auth.stores.sql.tables import metadata
from auth.stores.sql.tables import users as users_table
from auth.stores.users_file import read_users
from tests.conftest import Configure
from tests.stores.sql import open_empty_database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A database without tables, which nobody else changes."""
    with open_empty_database(tmp_path) as database:
        yield database


@pytest.fixture(autouse=True)
def users_file(tmp_path: Path, configure: Configure) -> Path:
    """The users file, with Ann in it."""
    file = tmp_path / "users.json"
    file.write_text(json.dumps({"ann": {"password_hash": "hash of ann"}}), encoding="utf-8")
    configure(users_file=file)
    return file


def execute(database: Database, statement: str) -> None:
    database.run(lambda connection: connection.execute(text(statement)))


def names(database: Database) -> list[str]:
    return [user.username for user in store_in(database).users.list_all()]


def test_an_empty_database_gets_the_tables_and_the_first_users(database: Database) -> None:
    assert create_tables(database)
    assert store_in(database).users.list_all() == [User("ann", "hash of ann")]
    assert store_in(database).sessions.find("0" * 64) is None


def test_a_database_with_the_tables_is_left_as_it_is(database: Database) -> None:
    create_tables(database)
    store_in(database).users.remove("ann")
    assert not create_tables(database)
    assert names(database) == []


def test_a_database_without_a_users_file_has_no_users(database: Database, users_file: Path) -> None:
    users_file.unlink()
    assert create_tables(database)
    assert names(database) == []


def test_a_broken_users_file_leaves_the_database_empty(
    database: Database, users_file: Path
) -> None:
    users_file.write_text("{", encoding="utf-8")
    with pytest.raises(StoreUnavailableError, match="users file"):
        create_tables(database)
    users_file.write_text("{}", encoding="utf-8")
    assert create_tables(database)


def test_the_users_file_of_the_project_fits_into_the_table(
    database: Database, configure: Configure
) -> None:
    file = PROJECT / "seeds" / "users.json"
    configure(users_file=file)
    create_tables(database)
    assert names(database) == sorted(read_users(file))


def test_a_start_that_was_cut_short_before_the_first_users_is_finished(database: Database) -> None:
    users_table.create(database.engine)
    assert create_tables(database)
    assert names(database) == ["ann"]


def test_first_users_who_already_exist_stay_as_they_are(database: Database) -> None:
    users_table.create(database.engine)
    there = {"username": "ann", "password_hash": "x", "disabled": True, "roles": (), "epoch": 5}
    database.run(lambda connection: connection.execute(insert(users_table).values(there)))
    create_tables(database)
    assert store_in(database).users.list_all() == [User("ann", "x", disabled=True, epoch=5)]


def test_a_removed_first_user_does_not_come_back_with_a_missing_table(database: Database) -> None:
    create_tables(database)
    store_in(database).users.remove("ann")
    execute(database, "DROP TABLE tickets")
    assert create_tables(database)
    assert names(database) == []


@pytest.mark.parametrize(
    "index", [index.name for table in metadata.sorted_tables for index in table.indexes]
)
def test_a_missing_index_is_created(database: Database, index: str) -> None:
    create_tables(database)
    execute(database, f"DROP INDEX {index}")
    assert create_tables(database)
    assert not create_tables(database)


def test_a_database_that_is_complete_is_not_locked(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_tables(database)
    statements: list[str] = []

    @listens_for(database.engine, "before_cursor_execute")
    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    monkeypatch.setattr(chosen, "schema_lock", None)
    assert not create_tables(database)
    assert not any("CREATE" in statement for statement in statements)
