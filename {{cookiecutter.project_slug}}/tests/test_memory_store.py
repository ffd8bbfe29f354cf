"""The store in memory: its file of users, its sessions, and what threads do to both."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from auth.memory_store import MemoryStore, open_store
from auth.store import (
    Session,
    StoreUnavailableError,
    UnknownUserError,
    User,
    UserExistsError,
)
from tests.conftest import Clock
from tests.tab import PROJECT

ANN = User("ann", "hash of ann")
BOB = User("bob", "hash of bob")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An empty file of users."""
    file = tmp_path / "users.json"
    file.write_text("{}", encoding="utf-8")
    return file


@pytest.fixture
def store(file: Path) -> MemoryStore:
    """A store with Ann and Bob."""
    store = MemoryStore(file)
    store.add_user(BOB)
    store.add_user(ANN)
    return store


def session_of(user: User, name: str = "1", hours: float = 1) -> Session:
    now = datetime.now(UTC)
    return Session(name.rjust(64, "0"), user.username, now, now + timedelta(hours=hours), now)


def add_session(store: MemoryStore, user: User, name: str = "1", hours: float = 1) -> Session:
    session = session_of(user, name, hours)
    store.add_session(session)
    return session


def test_a_user_is_found_by_exactly_their_name(store: MemoryStore) -> None:
    assert store.find_user("ann") == ANN
    assert store.find_user("Ann") is None
    assert store.find_user("") is None


def test_users_are_listed_by_name(store: MemoryStore) -> None:
    assert store.list_users() == [ANN, BOB]


def test_a_name_can_be_taken_once(store: MemoryStore) -> None:
    with pytest.raises(UserExistsError):
        store.add_user(replace(ANN, password_hash="another"))
    assert store.find_user("ann") == ANN


@pytest.mark.parametrize("change", [replace(ANN, password_hash="new"), replace(ANN, disabled=True)])
def test_a_changed_user_loses_their_sessions_and_nobody_else_does(
    store: MemoryStore, change: User
) -> None:
    of_ann, of_bob = add_session(store, ANN, "1"), add_session(store, BOB, "2")
    store.replace_user(change)
    assert store.find_user("ann") == change
    assert store.find_session(of_ann.token_hash) is None
    assert store.find_session(of_bob.token_hash) == of_bob


def test_a_removed_user_loses_their_sessions(store: MemoryStore) -> None:
    session = add_session(store, ANN)
    store.remove_user("ann")
    assert store.list_users() == [BOB]
    assert store.find_session(session.token_hash) is None
    store.add_user(ANN)
    assert store.find_session(session.token_hash) is None


@pytest.mark.parametrize(
    "change", [lambda it: it.remove_user("nobody"), lambda it: it.replace_user(User("nobody", ""))]
)
def test_nobody_can_be_neither_changed_nor_removed(
    store: MemoryStore, change: Callable[[MemoryStore], None]
) -> None:
    with pytest.raises(UnknownUserError):
        change(store)


def test_a_session_is_found_until_it_is_removed(store: MemoryStore) -> None:
    session, other = add_session(store, ANN, "1"), add_session(store, ANN, "2")
    assert store.find_session(session.token_hash) == session
    store.remove_session(session.token_hash)
    store.remove_session(session.token_hash)
    assert store.find_session(session.token_hash) is None
    assert store.find_session(other.token_hash) == other


def test_a_session_remembers_when_it_was_used(store: MemoryStore) -> None:
    session = add_session(store, ANN)
    later = session.seen_at + timedelta(minutes=5)
    store.touch_session(session.token_hash, later)
    store.touch_session("unknown", later)
    assert store.find_session(session.token_hash) == replace(session, seen_at=later)


def test_expired_sessions_leave_memory(store: MemoryStore, clock: Clock) -> None:
    old = [add_session(store, ANN, str(number)) for number in range(3)]
    clock.forward(hours=2)
    new = add_session(store, ANN, "new", hours=3)
    assert [store.find_session(it.token_hash) for it in (*old, new)] == [None, None, None, new]


def test_another_process_sees_a_change_at_once(store: MemoryStore, file: Path) -> None:
    other = MemoryStore(file)
    session = add_session(other, ANN)
    assert other.list_users() == [ANN, BOB]
    store.replace_user(replace(ANN, password_hash="new"))
    assert other.find_session(session.token_hash) is None
    store.remove_user("bob")
    assert [user.username for user in other.list_users()] == ["ann"]


def test_the_file_can_be_written_by_hand(store: MemoryStore, file: Path) -> None:
    file.write_text('{"carl": {"password_hash": "hash of carl"}}', encoding="utf-8")
    assert store.list_users() == [User("carl", "hash of carl")]


def test_the_file_is_readable_and_complete(store: MemoryStore, file: Path) -> None:
    store.replace_user(replace(BOB, disabled=True))
    assert json.loads(file.read_text(encoding="utf-8")) == {
        "ann": {"password_hash": "hash of ann", "disabled": False},
        "bob": {"password_hash": "hash of bob", "disabled": True},
    }
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"ann": null}', '{"ann": {}}', '{"ann": "x"}', '"\xff"']
)
def test_a_broken_file_is_an_outage_until_it_is_mended(
    store: MemoryStore, file: Path, text: str
) -> None:
    session = add_session(store, ANN)
    whole = file.read_bytes()
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(StoreUnavailableError):
        store.find_user("ann")
    with pytest.raises(StoreUnavailableError):
        store.find_session(session.token_hash)
    file.write_bytes(whole)
    assert store.find_user("ann") == ANN
    assert store.find_session(session.token_hash) == session


def test_a_missing_file_is_an_outage(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError, match="cannot be read"):
        MemoryStore(tmp_path / "nothing.json").list_users()


def test_threads_lose_nothing(store: MemoryStore) -> None:
    def visit(number: int) -> None:
        store.add_user(User(f"user{number}", "hash"))
        session = add_session(store, User(f"user{number}", "hash"), str(number))
        assert store.find_session(session.token_hash) == session

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(visit, range(40)))
    assert len(store.list_users()) == 42
    assert all(store.find_session(str(number).rjust(64, "0")) for number in range(40))


def test_every_connection_of_the_process_has_the_same_store() -> None:
    with ThreadPoolExecutor(8) as threads:
        stores = set(threads.map(lambda _: open_store(), range(40)))
    assert len(stores) == 1


def test_the_users_file_of_the_project_is_in_order() -> None:
    for user in MemoryStore(PROJECT / "seeds" / "users.json").list_users():
        assert user.password_hash.startswith(("$argon2id$", "$scrypt$"))
