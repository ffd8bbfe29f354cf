"""The tables of second factors: how they come about, and what it costs to ask."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect
from sqlalchemy import text as sql
from sqlalchemy.event import listens_for

from auth import clock as auth_clock
from auth.records import StoreUnavailableError
from auth.stores import factors as stores_factors
from auth.stores.factors.file import Kept, write_factors
from auth.stores.factors.interface import Factors
from auth.stores.interface import Store
from auth.stores.sql import factors_of, store_in
from auth.stores.sql.engine import Database
from auth.stores.sql.schema import migrate, new_migration
from auth.stores.sql.tables import metadata
from auth.stores.sql.users import SqlUsers
from auth.stores.sql.versions import VERSIONS, are_done
from auth.stores.users_file import write_users
from auth.tests import second_factors
from auth.tests.conftest import Configure
from auth.tests.second_factors import passkey_of, totp_of
from auth.tests.stores.records import ANN, BOB, NOW
from auth.users.factors import kept

pytestmark = pytest.mark.usefixtures("migrations")

OURS = "auth_factors_0001"
LATER = """revision = "auth_0002"
down_revision = "auth_0001"


def upgrade() -> None:
    pass
"""


@pytest.fixture(autouse=True)
def users_file(tmp_path: Path, configure: Configure) -> Path:
    """The users file, with Ann in it."""
    file = tmp_path / "first.json"
    file.write_text(write_users([ANN]), encoding="utf-8")
    configure(users_file=file)
    return file


@pytest.fixture
def first_factors(users_file: Path) -> Path:
    """The file of second factors, with two of Ann, and one of Bob, who does not exist."""
    found = [totp_of(ANN), passkey_of(ANN, counter=2**32 - 1), totp_of(BOB)]
    codes = {ANN.id: ["a" * 64, "b" * 64], BOB.id: ["c" * 64]}
    file = users_file.with_name("second_factors.json")
    file.write_text(write_factors(Kept({each.factor_id: each for each in found}, codes)), "utf-8")
    return file


@pytest.fixture
def without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Have the login's migrations be those of a project that has not chosen a second factor."""
    copy = tmp_path / "versions"
    shutil.copytree(VERSIONS, copy, ignore=shutil.ignore_patterns("auth_factors*", "__pycache__"))
    monkeypatch.setattr("auth.stores.sql.versions.VERSIONS", copy)
    return monkeypatch


def named(database: Database) -> set[str]:
    """Return the migrations that a database names."""
    query = sql("SELECT version_num FROM alembic_version")
    return database.run(lambda connection: set(connection.scalars(query)))


def tables(database: Database) -> set[str]:
    return set(database.run(lambda connection: inspect(connection).get_table_names()))


def execute(database: Database, statement: str) -> None:
    database.run(lambda connection: connection.execute(sql(statement)))


def database_of(store: Store) -> Database:
    return cast(SqlUsers, store.users).database


def factors_in(database: Database) -> Factors:
    return factors_of(store_in(database))


def test_the_migrations_make_the_tables_of_the_code(database: Database) -> None:
    migrate(database)
    assert {"second_factors", "recovery_codes"} <= tables(database)
    context = database.run(
        lambda connection: list(compare_metadata(MigrationContext.configure(connection), metadata))
    )
    assert context == []
    assert are_done(database)
    assert not migrate(database)


@pytest.mark.usefixtures("first_factors")
def test_an_empty_database_gets_the_first_factors_of_the_first_users(database: Database) -> None:
    migrate(database)
    found = factors_in(database)
    assert found.list_all() == found.list_of(ANN)
    assert {each.factor_id: each for each in found.list_all()} == {
        each.factor_id: each for each in (totp_of(ANN), passkey_of(ANN, counter=2**32 - 1))
    }
    assert found.count_codes(ANN) == 2
    assert found.use_code(ANN, "a" * 64)


def test_a_database_that_runs_gets_the_tables_when_a_second_factor_is_chosen(
    database: Database, without: pytest.MonkeyPatch
) -> None:
    migrate(database)
    store_in(database).users.rename(ANN, "anna")
    assert "second_factors" not in tables(database)
    assert named(database) == {"auth_0001"}
    without.setattr("auth.stores.sql.versions.VERSIONS", VERSIONS)
    assert not are_done(database)
    assert migrate(database)
    assert named(database) == {OURS}
    assert are_done(database)
    assert not migrate(database)
    assert store_in(database).users.list_all() == [replace(ANN, username="anna")]
    assert factors_in(database).add(totp_of(ANN))


def test_so_does_one_with_migrations_of_the_apps_own_before_and_after(
    database: Database, migrations: Path, without: pytest.MonkeyPatch
) -> None:
    new_migration("mine")
    migrate(database)
    (before,) = named(database)
    without.setattr("auth.stores.sql.versions.VERSIONS", VERSIONS)
    assert migrate(database)
    assert named(database) == {before, OURS}
    # What is of the login is not taken for a line of the app's own.
    after = new_migration("mine again").read_text(encoding="utf-8")
    assert f'down_revision = "{before}"' in after
    assert migrate(database)
    assert OURS in named(database)
    assert are_done(database)
    assert not migrate(database)


def test_a_later_version_of_the_login_does_not_meet_that_line(
    database: Database, without: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    migrate(database)
    both = tmp_path / "both"
    shutil.copytree(VERSIONS, both, ignore=shutil.ignore_patterns("__pycache__"))
    (both / "auth_0002.py").write_text(LATER, encoding="utf-8")
    without.setattr("auth.stores.sql.versions.VERSIONS", both)
    assert migrate(database)
    assert named(database) == {OURS, "auth_0002"}
    assert are_done(database)
    assert not migrate(database)


@pytest.mark.usefixtures("first_factors")
def test_a_start_that_was_cut_short_is_finished(database: Database) -> None:
    migrate(database)
    for change in (
        "UPDATE alembic_version SET version_num = 'auth_0001'",
        f"DELETE FROM second_factors WHERE factor_id = '{totp_of(ANN).factor_id}'",  # noqa: S608
        "DELETE FROM recovery_codes",
    ):
        execute(database, change)
    assert migrate(database)
    assert len(factors_in(database).list_of(ANN)) == 2
    assert factors_in(database).count_codes(ANN) == 2


def test_a_broken_file_of_first_factors_is_named_and_leaves_no_table_of_them(
    database: Database, first_factors: Path
) -> None:
    first_factors.write_text("{", encoding="utf-8")
    with pytest.raises(StoreUnavailableError, match=r"second_factors.json cannot be read"):
        migrate(database)
    assert "second_factors" not in tables(database)
    first_factors.unlink()
    assert migrate(database)


def test_no_table_has_a_seed_or_a_code_that_can_be_read(
    store: Store, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    second_factors.begin(configure, monkeypatch)
    store.users.add(ANN)

    def dump() -> str:
        with database_of(store).engine.connect() as connection:
            every = [connection.execute(table.select()).all() for table in metadata.sorted_tables]
        return str(every)

    assert second_factors.readable_in(dump, ANN) == []


@pytest.fixture
def statements(store: Store, configure: Configure, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the database is asked, of Ann and Bob, who have an authenticator app."""
    second_factors.begin(configure, monkeypatch)
    store.users.put(ANN, BOB)
    for user in (ANN, BOB):
        kept.add_authenticator(user, second_factors.SEED, 1)
    asked: list[str] = []

    @listens_for(database_of(store).engine, "before_cursor_execute")
    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    return asked


def test_whoever_needs_no_factor_costs_no_statement_and_others_one_a_minute(
    statements: list[str], configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth_clock, "now", lambda: NOW)
    configure(second_factor_required="sales")
    for _ in range(10):
        assert not kept.is_missing(BOB)
    assert statements == []
    for _ in range(10):
        assert not kept.is_missing(ANN)
    assert len(statements) == 1


def test_a_step_is_used_in_one_statement(statements: list[str]) -> None:
    (factor,) = kept.list_of(ANN)
    statements.clear()
    assert kept.use_step(factor, 2)
    assert [each.split()[0] for each in statements if each != "SELECT 1"] == ["UPDATE"]


def test_a_counter_that_another_server_has_raised_meanwhile_is_not_raised_again(
    statements: list[str],
) -> None:
    (factor,) = kept.list_of(ANN)
    assert stores_factors.current().use(factor.factor_id, 5, NOW)
    assert not kept.use_step(factor, 5)
    assert not kept.use_step(factor, 4)
