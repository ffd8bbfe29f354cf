"""What lies between two statements: others who ask for the same at that moment."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, Insert, select
from sqlalchemy.event import listens_for
from sqlalchemy.exc import IntegrityError

from auth.records import Device, StoreUnavailableError
from auth.stores.interface import Store
from auth.stores.sql import audit as sql_audit
from auth.stores.sql import store_in
from auth.stores.sql import tickets as sql_tickets
from auth.stores.sql.attempts import SqlAttempts
from auth.stores.sql.engine import Database
from auth.stores.sql.tables import attempts, tickets
from auth.tests.people import person
from auth.tests.stores.records import ANN, BOB, HOUR, NOW, attempt, entry, session_of, ticket
from auth.tests.stores.sql import open_empty_tables

LIMITS = {"pair": 2, "name": 3, "address": 4}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A database with empty tables."""
    with open_empty_tables(tmp_path) as database:
        yield database


@pytest.fixture
def store(database: Database) -> Store:
    """The store in that database, with Ann and Bob."""
    store = store_in(database)
    store.users.add(ANN)
    store.users.add(BOB)
    return store


def before(engine: Engine, beginning: str, interruption: str) -> None:
    """Have another server run a statement right before the first of a kind."""
    pending = [interruption]

    @listens_for(engine, "before_cursor_execute")
    def interrupt(connection: object, cursor: object, statement: str, *_: object) -> None:
        if pending and statement.startswith(beginning):
            cursor.execute(pending.pop())  # type: ignore[attr-defined]


def test_a_ticket_that_another_server_has_just_taken_is_not_given_again(
    database: Database, store: Store
) -> None:
    store.tickets.add(ticket(), NOW)
    before(database.engine, "DELETE FROM tickets", "DELETE FROM tickets")
    assert store.tickets.take("test", ticket().ticket_hash) is None


def test_a_ticket_that_was_kept_already_is_no_error(store: Store) -> None:
    store.tickets.add(ticket(), NOW)
    store.tickets.add(ticket(), NOW)
    assert store.tickets.take("test", ticket().ticket_hash) == ticket()


def test_expired_tickets_are_removed_by_their_keys_and_some_at_a_time(
    database: Database, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql_tickets, "_FORGOTTEN_AT_ONCE", 3)
    for number in range(5):
        store.tickets.add(replace(ticket(), ticket_hash=f"{number:064}"), NOW)
    deleted: list[object] = []

    @listens_for(database.engine, "before_cursor_execute")
    def note(connection: object, cursor: object, text: str, values: object, *_: object) -> None:
        if text.startswith("DELETE"):
            assert "expires_at" not in text
            deleted.append(values)

    later = replace(ticket(), expires_at=NOW + 2 * HOUR)
    store.tickets.add(later, NOW + HOUR)
    store.tickets.add(later, NOW + HOUR)
    with database.engine.connect() as connection:
        assert [row.ticket_hash for row in connection.execute(select(tickets))] == [
            later.ticket_hash
        ]
    assert len(deleted) == 2


def test_a_session_that_was_kept_already_is_no_error(store: Store) -> None:
    session = session_of(ANN)
    store.sessions.add(session)
    store.sessions.add(session)
    assert store.sessions.list_all(NOW) == [(session, ANN)]


def test_two_who_purge_at_once_are_no_error(database: Database, store: Store) -> None:
    store.sessions.add(session_of(ANN, "1", NOW - HOUR))
    living = session_of(ANN, "2")
    store.sessions.add(living)
    other = "DELETE FROM sessions WHERE expires_at < '2030-02-01'"
    before(database.engine, "DELETE FROM sessions", other)
    assert store.sessions.purge(NOW) == 1
    assert store.sessions.list_all(NOW) == [(living, ANN)]


def test_an_attempt_that_was_counted_already_counts_once(store: Store) -> None:
    for _ in range(2):
        assert store.attempts.start(attempt(), LIMITS, NOW) is None
    assert store.attempts.start(attempt("2", pair=attempt().pair), LIMITS, NOW) is None
    assert store.attempts.purge(NOW + HOUR) == 2


@pytest.mark.parametrize(("limit", "found"), [(2, None), (1, ("pair", NOW + HOUR))])
def test_a_number_that_another_server_has_just_taken_is_not_taken_again(
    store: Store, monkeypatch: pytest.MonkeyPatch, limit: int, found: tuple[str, datetime] | None
) -> None:
    others = [attempt("1", pair="a")]
    add = SqlAttempts._add

    def come_second(mine: SqlAttempts, addition: Insert) -> bool:
        if not others:
            return add(mine, addition)
        assert mine.start(others.pop(), LIMITS, NOW) is None
        return False

    monkeypatch.setattr(SqlAttempts, "_add", come_second)
    limits = {**LIMITS, "pair": limit}
    assert store.attempts.start(attempt("2", pair="a"), limits, NOW) == found


def test_whoever_never_gets_a_number_is_told_that_the_database_is_busy(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SqlAttempts, "_add", lambda *_: False)
    with pytest.raises(StoreUnavailableError, match="busy"):
        store.attempts.start(attempt(), LIMITS, NOW)


def test_a_number_is_not_given_again_at_once(database: Database, store: Store) -> None:
    store.attempts.start(attempt("1", pair="a"), LIMITS, NOW)
    store.attempts.end([attempt("1").attempt_id], NOW)
    store.attempts.start(attempt("2", pair="a"), LIMITS, NOW)
    numbers = select(attempts.c.pair_number).order_by(attempts.c.pair_number)
    with database.engine.connect() as connection:
        assert list(connection.execute(numbers).scalars()) == [1, 2]


def test_a_stronger_hash_is_kept(store: Store) -> None:
    store.users.upgrade_password_hash(ANN, "stronger hash")
    assert store.users.list_all() == [replace(ANN, password_hash="stronger hash"), BOB]


def test_of_users_who_are_put_together_all_are_kept_or_none(store: Store) -> None:
    broken = replace(person("carol"), password_hash=None)  # type: ignore[arg-type]
    with pytest.raises(IntegrityError):
        store.users.put(replace(ANN, epoch=99), person("ben"), broken)
    assert store.users.list_all() == [ANN, BOB]


def test_a_name_and_an_address_that_were_given_at_one_moment_log_in_whoever_has_the_name(
    database: Database, store: Store
) -> None:
    named = person("eve@example.com")
    before(
        database.engine,
        "UPDATE users SET email",
        "UPDATE users SET username = 'eve@example.com' WHERE username = 'bob'",
    )
    store.users.set_email(ANN, named.username)
    found = store.users.find_login(named.username)
    assert found is not None
    assert found.id == BOB.id


def test_a_removed_user_takes_their_sessions_and_devices_along(
    database: Database, store: Store
) -> None:
    store.sessions.add(session_of(ANN))
    store.devices.add(Device("a" * 64, ANN.id, NOW + HOUR), NOW, 9)
    store.users.remove(ANN)
    store.users.add(ANN)
    assert store.sessions.list_all(NOW) == []
    assert not store.devices.knows(ANN, "a" * 64, NOW)


def test_of_what_one_user_does_over_and_over_the_audit_keeps_the_newest_and_all_else(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql_audit, "_MAX_OF_A_KIND", 5)
    monkeypatch.setattr(sql_audit, "_TRIM_EVERY", 1)
    others = [entry("login", username="bob"), entry("login failed"), entry(username=None)]
    for each in others:
        store.audit.add(each)
    for number in range(20):
        store.audit.add(entry("login", NOW + timedelta(seconds=number)))
        store.audit.add(entry("sessions ended", NOW + timedelta(seconds=number), None))
    found = store.audit.list_newest(limit=100)
    assert len(found) == 13
    assert set(others) <= set(found)
    newest = [NOW + timedelta(seconds=number) for number in range(19, 14, -1)]
    assert [each.at for each in store.audit.list_newest("ann", "login")] == newest
    assert [each.at for each in store.audit.list_newest(event="sessions ended")] == newest


def test_a_session_is_asked_for_in_one_statement(database: Database, store: Store) -> None:
    session = session_of(ANN)
    store.sessions.add(session)
    statements: list[str] = []

    @listens_for(database.engine, "before_cursor_execute")
    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    assert store.sessions.find(session.token_hash) == (session, ANN)
    assert len(statements) == 1
