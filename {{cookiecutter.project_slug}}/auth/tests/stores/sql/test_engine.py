"""The pool of connections, and what becomes of the database's errors."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from auth import get_db_connection, stores, validate_session
from auth.login.by_password import WrongPasswordError, log_in
from auth.records import StoreUnavailableError
from auth.stores.sql import engine, store_in
from auth.stores.sql.databases import chosen
from auth.stores.sql.engine import Database, open_database
from auth.stores.sql.settings import load_database_settings
from auth.stores.sql.tables import audit, metadata
from auth.tests.conftest import PASSWORD, Log
from auth.tests.stores.sql import open_empty_database
from auth.users import directory

SECRET = "hidden-word"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A database without tables."""
    with open_empty_database(tmp_path) as database:
        yield database


class Work:
    """Statements that fail with an error a number of times, and then succeed."""

    def __init__(self, error: Exception, failures: int) -> None:
        self.calls = 0
        self._error = error
        self._failures = failures

    def __call__(self, connection: Connection) -> str:
        self.calls += 1
        if self.calls <= self._failures:
            raise self._error
        return "done"


def driver_error(code: int, *, invalidated: bool = False) -> OperationalError:
    """Return SQLAlchemy's form of an error of the database that quotes a secret."""
    return OperationalError(
        f"SELECT '{SECRET}'",
        None,
        sqlite3.OperationalError(code, SECRET),
        connection_invalidated=invalidated,
    )


def test_a_statement_stands_by_itself(database: Database) -> None:
    database.run(lambda connection: connection.execute(text("CREATE TABLE notes (text TEXT)")))
    database.run(lambda connection: connection.execute(text("INSERT INTO notes VALUES ('a')")))
    query = text("SELECT text FROM notes")
    assert database.run(lambda connection: connection.execute(query).scalars().all()) == ["a"]


def test_a_stale_connection_is_tried_again_once(database: Database) -> None:
    work = Work(driver_error(1, invalidated=True), failures=1)
    assert database.run(work) == "done"
    assert work.calls == 2


def test_what_may_have_been_done_is_not_done_again_if_it_has_to_be_done_once(
    database: Database,
) -> None:
    work = Work(driver_error(1, invalidated=True), failures=2)
    with pytest.raises(StoreUnavailableError):
        database.run_once(work)
    with pytest.raises(StoreUnavailableError):
        database.run_as_one(work)
    assert work.calls == 2


@pytest.mark.parametrize("way", ["run_once", "run_as_one"])
def test_a_connection_that_was_stale_before_is_no_reason_not_to_do_it(
    database: Database, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    work = Work(driver_error(1), failures=0)
    stale = [driver_error(1, invalidated=True)]
    ask = Connection.exec_driver_sql

    def fail_once(*arguments: Any) -> Any:
        if stale:
            raise stale.pop()
        return ask(*arguments)

    monkeypatch.setattr(Connection, "exec_driver_sql", fail_once)
    assert getattr(database, way)(work) == "done"
    assert (stale, work.calls) == ([], 1)


@pytest.mark.parametrize("way", ["run_once", "run_as_one"])
@pytest.mark.parametrize("refusal", ["may_pass", "is_outdated"])
def test_what_the_database_has_refused_is_tried_again(
    database: Database, monkeypatch: pytest.MonkeyPatch, way: str, refusal: str
) -> None:
    monkeypatch.setattr(chosen, refusal, lambda error: True)
    work = Work(driver_error(1), failures=1)
    assert getattr(database, way)(work) == "done"
    assert work.calls == 2


def test_a_connection_that_stays_stale_is_an_outage(database: Database) -> None:
    work = Work(driver_error(1, invalidated=True), failures=9)
    with pytest.raises(StoreUnavailableError):
        database.run(work)
    assert work.calls == 2


def test_an_outdated_connection_is_replaced_and_the_statement_tried_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chosen, "is_outdated", lambda error: True)
    used: list[object] = []

    def work(connection: Connection) -> object:
        used.append(connection.connection.driver_connection)
        return connection.execute(text("SELECT 1" if len(used) > 1 else "nothing")).scalar()

    assert database.run(work) == 1
    first, second = used
    assert first is not second


@pytest.mark.parametrize("way", ["run", "run_once", "run_as_one"])
def test_a_deadlock_is_tried_again_as_often_as_others_may_have_gone_first(
    database: Database, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(chosen, "may_pass", lambda error: True)
    work = Work(driver_error(1), failures=7)
    assert getattr(database, way)(work) == "done"
    assert work.calls == 8


def test_deadlocks_without_end_are_an_outage(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chosen, "may_pass", lambda error: True)
    work = Work(driver_error(1), failures=99)
    with pytest.raises(StoreUnavailableError):
        database.run(work)
    assert work.calls == 8


def test_any_other_error_is_an_outage_that_quotes_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chosen, "error_code", lambda error: 99999)
    monkeypatch.setattr(chosen, "reason", lambda error: None)
    work = Work(driver_error(1), failures=1)
    with pytest.raises(StoreUnavailableError, match=r"does not know \(error 99999\)") as caught:
        database.run(work)
    assert work.calls == 1
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_time_out_is_not_tried_again(database: Database) -> None:
    error = driver_error(1, invalidated=True)
    assert error.orig is not None
    error.orig.__context__ = TimeoutError()
    work = Work(error, failures=1)
    with pytest.raises(StoreUnavailableError, match="TimeoutError"):
        database.run(work)
    assert work.calls == 1


def test_a_full_pool_is_an_outage_that_says_so(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DB_POOL_SIZE", "7")
    with pytest.raises(StoreUnavailableError, match="all 7 connections of the pool are in use"):
        database.run(Work(PoolTimeoutError(), failures=1))


def test_a_key_that_already_exists_is_no_outage(database: Database) -> None:
    with pytest.raises(IntegrityError):
        database.run(Work(IntegrityError("", None, sqlite3.IntegrityError()), failures=1))


def test_an_audit_that_cannot_be_written_keeps_nobody_out(
    database: Database, monkeypatch: pytest.MonkeyPatch, log: Log
) -> None:
    metadata.create_all(database.engine)
    audit.drop(database.engine)
    store = store_in(database)
    monkeypatch.setattr(stores, "current", lambda: store)
    directory.add_user("ann", PASSWORD)
    assert validate_session(log_in("ann", PASSWORD)) == "ann"
    with pytest.raises(WrongPasswordError):
        log_in("ann", "wrong password")
    assert len([line for line in log.lines if "audit not written" in line]) == 2


def test_the_process_has_one_pool(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_opened", [])
    assert open_database() is open_database()


def test_a_connection_of_the_apps_own_keeps_what_is_committed_and_nothing_else(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_opened", [database])
    with get_db_connection() as connection:
        connection.execute(text("CREATE TABLE notes (text TEXT)"))
        connection.commit()
        connection.execute(text("INSERT INTO notes VALUES ('committed')"))
        connection.commit()
        connection.execute(text("INSERT INTO notes VALUES ('forgotten')"))
    with get_db_connection() as connection:
        query = text("SELECT text FROM notes")
        assert connection.execute(query).scalars().all() == ["committed"]


def test_errors_of_the_apps_own_queries_are_sqlalchemys(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_opened", [database])
    with get_db_connection() as connection, pytest.raises((OperationalError, ProgrammingError)):
        connection.execute(text("SELECT * FROM nothing"))


def test_a_connection_that_fails_goes_back_to_the_pool(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> NoReturn:
        raise driver_error(1)

    with monkeypatch.context() as outage:
        outage.setattr(Connection, "exec_driver_sql", fail)
        with pytest.raises(StoreUnavailableError):
            database.connect()
    assert database.run(lambda connection: connection.execute(text("SELECT 1")).scalar()) == 1


def test_errors_never_show_the_values_of_a_statement() -> None:
    assert engine.create_engine_of(load_database_settings()).hide_parameters
