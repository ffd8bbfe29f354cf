"""The store in memory: what other processes change in its users file, and what it forgets."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from auth.records import StoreUnavailableError
from auth.stores.interface import Store
from auth.stores.memory import attempts as memory_attempts
from auth.stores.memory import audit as memory_audit
from auth.stores.memory import file_change, open_store
from auth.stores.memory.audit import MemoryAudit
from auth.stores.memory.users import MemoryUsers
from auth.tests.people import person, users_text
from auth.tests.stores.records import ANN, BOB, HOUR, NOW, attempt, entry, session_of, ticket


@pytest.fixture
def users_file(store: Store, tmp_path: Path) -> Path:
    """The users file of the open store, with Ann in it."""
    store.users.add(ANN)
    return tmp_path / "users.json"


def test_another_process_sees_a_change_at_once(store: Store, users_file: Path) -> None:
    other = open_store(users_file)
    session = session_of(ANN)
    other.sessions.add(session)
    assert other.sessions.find(session.token_hash) == (session, ANN)
    store.users.set_password(ANN, "new hash")
    assert other.sessions.find(session.token_hash) is None
    assert other.users.find("ann") == replace(ANN, password_hash="new hash", epoch=8)


def test_a_change_builds_on_what_other_processes_wrote(store: Store, users_file: Path) -> None:
    MemoryUsers(users_file).add(BOB)
    store.users.set_disabled(ANN, True)
    assert store.users.list_all() == [replace(ANN, disabled=True, epoch=8), BOB]


def test_the_file_can_be_written_by_hand_while_the_app_runs(store: Store, users_file: Path) -> None:
    text = users_text(carl={"password_hash": "hash of carl"})
    users_file.write_text(text, encoding="utf-8")
    assert store.users.list_all() == [person("carl", "hash of carl")]


def test_nobody_waits_for_the_lock_of_the_file_to_read_it(
    store: Store, users_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = session_of(ANN)
    store.sessions.add(session)
    is_waiting = Event()
    lock = file_change.locked

    def wait_for_lock(file: Path) -> AbstractContextManager[None]:
        is_waiting.set()
        return lock(file)

    with ThreadPoolExecutor(2) as threads:
        with lock(users_file):
            monkeypatch.setattr(file_change, "locked", wait_for_lock)
            change = threads.submit(store.users.set_disabled, ANN, True)
            assert is_waiting.wait(10)
            for ask in (
                lambda: store.sessions.find(session.token_hash),
                lambda: store.users.find("ann"),
                store.users.list_all,
            ):
                assert threads.submit(ask).result(timeout=5)
            assert not change.done()
        change.result(timeout=30)
    assert store.sessions.find(session.token_hash) is None


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"ann": null}', '"\xff"'])
def test_a_broken_file_is_an_outage_until_it_is_repaired(
    store: Store, users_file: Path, text: str
) -> None:
    session = session_of(ANN)
    store.sessions.add(session)
    whole = users_file.read_bytes()
    users_file.write_bytes(text.encode("latin-1"))
    for ask in (
        lambda: store.users.find("ann"),
        lambda: store.sessions.find(session.token_hash),
        lambda: store.users.add(BOB),
    ):
        with pytest.raises(StoreUnavailableError, match="cannot be read"):
            ask()
    assert users_file.read_bytes() == text.encode("latin-1")
    users_file.write_bytes(whole)
    assert store.sessions.find(session.token_hash) == (session, ANN)


def test_a_missing_file_is_an_outage(tmp_path: Path) -> None:
    users = MemoryUsers(tmp_path / "nothing.json")
    with pytest.raises(StoreUnavailableError, match="cannot be read"):
        users.list_all()
    with pytest.raises(StoreUnavailableError, match="cannot be written"):
        users.add(ANN)


def test_purging_looks_no_further_than_the_first_that_lives(store: Store, users_file: Path) -> None:
    for number in range(3):
        start = NOW + timedelta(minutes=number)
        store.sessions.add(session_of(ANN, str(number), start))
    assert store.sessions.purge(NOW + HOUR + timedelta(minutes=1)) == 2


def test_a_flood_has_the_oldest_attempts_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory_attempts, "_MAX_ATTEMPTS", 3)
    attempts = memory_attempts.MemoryAttempts()
    limits = {"pair": 1, "name": 9, "address": 9}
    for number in range(5):
        assert attempts.start(attempt(str(number)), limits, NOW) is None
    full = [attempts.start(attempt(str(number)), limits, NOW) for number in (4, 3, 2)]
    assert full == [("pair", NOW + HOUR)] * 3
    assert attempts.start(attempt("1"), limits, NOW) is None
    assert attempts.purge(NOW + HOUR) == 3
    assert not attempts._ids


def test_the_audit_keeps_the_newest() -> None:
    audit = MemoryAudit()
    for number in range(10_001):
        audit.add(entry(str(number), NOW + timedelta(seconds=number)))
    found = audit.list_newest(limit=20_000)
    assert (len(found), found[0].event) == (10_000, "10000")


def test_what_one_user_does_over_and_over_has_no_other_entry_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(memory_audit, "_MAX_ENTRIES", 10)
    audit = MemoryAudit()
    others = [entry("login", username="bob"), entry("login failed"), entry("logout")]
    for each in others:
        audit.add(each)
    for number in range(50):
        audit.add(entry("login", NOW + timedelta(seconds=number)))
    found = audit.list_newest(limit=100)
    assert len(found) == 10
    assert set(others) <= set(found)
    assert found[0].at == NOW + timedelta(seconds=49)


def test_a_new_store_has_the_users_and_none_of_the_sessions_and_tickets(
    store: Store, users_file: Path
) -> None:
    session = session_of(ANN)
    store.sessions.add(session)
    store.tickets.add(ticket(), NOW)
    restarted = open_store(users_file)
    assert restarted.users.list_all() == [ANN]
    assert restarted.sessions.find(session.token_hash) is None
    assert restarted.tickets.take("test", ticket().ticket_hash) is None
