"""What every store has to do. A new store is one more name in STORES."""

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from tests.conftest import Bake
from tests.support.modules import App

STORES = ["memory", "mysql"]
THREADS = 32
NAMES = ["ann", "Ann", "ANN", "a", "a" * 64, "ann@example.com", "_.-@", "0", "null", "ann."]


class Bench:
    """A store that has just been opened, with the modules around it."""

    def __init__(self, app: App, store: Any) -> None:
        self.app = app
        self.store = store
        self.now = datetime.now(UTC)

    def user(self, name: str, **fields: Any) -> Any:
        return self.app.store.User(name, fields.pop("password_hash", "$hash$"), **fields)

    def add_user(self, name: str) -> Any:
        user = self.user(name)
        self.store.add_user(user)
        return user

    def session(self, number: int, name: str, *, hours: float = 1, age: float = 0) -> Any:
        """Return a session that began some hours ago and ends so many from now."""
        began = self.now - timedelta(hours=age)
        ends = self.now + timedelta(hours=hours)
        return self.app.store.Session(f"{number:064x}", name, began, ends, began)

    def add_session(self, number: int, name: str, **times: float) -> Any:
        session = self.session(number, name, **times)
        self.store.add_session(session)
        return session

    def find(self, number: int) -> Any:
        return self.store.find_session(f"{number:064x}")


@pytest.fixture(params=STORES)
def bench(request: pytest.FixtureRequest, bake: Bake, tmp_path: Path) -> Iterator[Bench]:
    """Each store in turn, with the cookie transport that asks most of it."""
    users_file = tmp_path / "users.json"
    users_file.write_text("{}")
    environment = {"USERS_FILE": str(users_file)}
    if request.param == "mysql":
        environment |= request.getfixturevalue("database").environment
    project = bake(store_backend=request.param, cookie_transport="http_only")
    with project.modules(environment) as app:
        store = app.load(f"auth.{request.param}_store").open_store()
        yield Bench(app, store)


def test_a_new_store_is_empty(bench: Bench) -> None:
    assert bench.store.list_users() == []
    assert bench.store.list_sessions() == []
    assert bench.store.find_user("ann") is None
    assert bench.find(1) is None


def test_every_name_that_is_accepted_is_found_exactly(bench: Bench) -> None:
    for name in NAMES:
        bench.store.add_user(bench.user(name, password_hash=f"hash of {name}"))
    for name in NAMES:
        assert bench.store.find_user(name) == bench.user(name, password_hash=f"hash of {name}")
    assert [user.username for user in bench.store.list_users()] == sorted(NAMES)


@pytest.mark.parametrize("other", ["ANN", "ann ", " ann", "än", "ánn", "ann\0", "ann'--", "%", ""])
def test_a_name_that_is_only_alike_is_another_one(bench: Bench, other: str) -> None:
    bench.add_user("ann")
    bench.add_session(1, "ann")
    assert bench.store.find_user(other) is None
    with pytest.raises(bench.app.store.UnknownUserError):
        bench.store.remove_user(other)
    with pytest.raises(bench.app.store.UnknownUserError):
        bench.store.replace_user(bench.user(other))
    assert bench.store.end_sessions(other) == 0
    assert bench.find(1)


def test_accents_tell_names_apart(bench: Bench) -> None:
    names = ["rene", "rené", "rene\N{COMBINING ACUTE ACCENT}", "日本", "🎈"]
    for name in names:
        bench.add_user(name)
    assert [bench.store.find_user(name).username for name in names] == names


def test_a_name_is_taken_once(bench: Bench) -> None:
    user = bench.add_user("ann")
    with pytest.raises(bench.app.store.UserExistsError):
        bench.store.add_user(bench.user("ann", password_hash="other"))
    assert bench.store.find_user("ann") == user


def test_of_many_at_once_one_gets_the_name(bench: Bench) -> None:
    def add(number: int) -> bool:
        try:
            bench.store.add_user(bench.user("ann", password_hash=str(number)))
        except bench.app.store.UserExistsError:
            return False
        return True

    assert sum(at_once(add)) == 1


def test_a_session_comes_back_as_it_was(bench: Bench) -> None:
    bench.add_user("ann")
    session = bench.add_session(1, "ann")
    assert bench.find(1) == session
    assert bench.find(1).expires_at.tzinfo == UTC
    assert bench.find(2) is None


def test_a_time_of_another_zone_is_the_same_moment(bench: Bench) -> None:
    bench.add_user("ann")
    moment = datetime.fromisoformat("2030-06-01T12:00:00.123456+09:00")
    bench.store.add_session(bench.app.store.Session("a" * 64, "ann", moment, moment, moment))
    assert bench.store.find_session("a" * 64).created_at == moment


def test_the_last_use_is_noted(bench: Bench) -> None:
    bench.add_user("ann")
    bench.add_session(1, "ann")
    later = bench.now + timedelta(minutes=5)
    bench.store.touch_session(f"{1:064x}", later)
    bench.store.touch_session(f"{2:064x}", later)
    assert bench.find(1).seen_at == later
    assert bench.find(2) is None


def test_an_ended_session_is_gone_and_the_others_stay(bench: Bench) -> None:
    bench.add_user("ann")
    bench.add_session(1, "ann")
    bench.add_session(2, "ann")
    bench.store.remove_session(f"{1:064x}")
    bench.store.remove_session(f"{1:064x}")
    assert bench.find(1) is None
    assert bench.find(2)


def test_a_user_who_is_not_there_gets_no_session(bench: Bench) -> None:
    bench.add_session(1, "ann")
    bench.add_user("ann")
    assert bench.find(1) is None


def test_a_disabled_user_has_no_session(bench: Bench) -> None:
    bench.add_user("ann")
    bench.add_session(1, "ann")
    bench.store.replace_user(bench.user("ann", disabled=True))
    bench.add_session(2, "ann")
    assert bench.find(1) is None
    assert bench.find(2) is None
    assert bench.store.find_user("ann").disabled
    bench.store.replace_user(bench.user("ann", disabled=False))
    assert bench.find(1) is None
    assert bench.find(2) is None


def test_a_changed_password_ends_the_users_sessions_only(bench: Bench) -> None:
    bench.add_user("ann")
    bench.add_user("bob")
    bench.add_session(1, "ann")
    bench.add_session(2, "bob")
    bench.store.replace_user(bench.user("ann", password_hash="new"))
    assert bench.find(1) is None
    assert bench.find(2)
    assert bench.store.find_user("ann").password_hash == "new"


def test_a_removed_user_has_no_session_even_if_the_name_is_given_again(bench: Bench) -> None:
    bench.add_user("ann")
    bench.add_session(1, "ann")
    bench.store.remove_user("ann")
    assert bench.find(1) is None
    bench.add_user("ann")
    assert bench.find(1) is None


def test_who_is_unknown_cannot_be_changed_or_removed(bench: Bench) -> None:
    with pytest.raises(bench.app.store.UnknownUserError):
        bench.store.replace_user(bench.user("ann"))
    with pytest.raises(bench.app.store.UnknownUserError):
        bench.store.remove_user("ann")


def test_a_better_hash_ends_no_session(bench: Bench) -> None:
    user = bench.add_user("ann")
    bench.add_session(1, "ann")
    bench.store.upgrade_password_hash(user, "better")
    assert bench.find(1)
    assert bench.store.find_user("ann").password_hash in {user.password_hash, "better"}


def test_a_better_hash_of_an_old_password_is_not_kept(bench: Bench) -> None:
    user = bench.add_user("ann")
    bench.store.replace_user(bench.user("ann", password_hash="new"))
    bench.store.upgrade_password_hash(user, "better hash of the old one")
    assert bench.store.find_user("ann").password_hash == "new"


def test_sessions_are_listed_newest_first_without_the_expired(bench: Bench) -> None:
    bench.add_user("ann")
    bench.add_user("bob")
    expired = bench.session(1, "ann", hours=-1, age=9)
    for session in [expired, bench.session(2, "ann", age=2), bench.session(3, "bob", age=1)]:
        bench.store.add_session(session)
    newest = bench.add_session(4, "ann")
    assert [int(it.token_hash, 16) for it in bench.store.list_sessions()] == [4, 3, 2]
    assert [int(it.token_hash, 16) for it in bench.store.list_sessions("ann")] == [4, 2]
    assert bench.store.list_sessions()[0] == newest


def test_the_sessions_of_one_user_or_of_all_can_be_ended(bench: Bench) -> None:
    bench.add_user("ann")
    bench.add_user("bob")
    for number, name in enumerate(["ann", "bob", "ann", "bob", "bob"]):
        bench.add_session(number, name)
    assert bench.store.end_sessions("ann") == 2
    assert {it.username for it in bench.store.list_sessions()} == {"bob"}
    assert bench.store.end_sessions() == 3
    assert bench.store.list_sessions() == []


def test_expired_sessions_are_purged_a_few_at_a_time(bench: Bench) -> None:
    bench.add_user("ann")
    bench.add_session(10, "ann", hours=-1)
    for number in range(5):
        # Not through add_session, which would remove the ones before.
        bench.store.purge_sessions(0)
        bench.add_session(number, "ann", hours=1)
    assert bench.store.purge_sessions(1) in {0, 1}
    assert bench.find(10) is None
    assert bench.store.purge_sessions() == 0
    assert len(bench.store.list_sessions()) == 5


def test_a_login_removes_what_has_expired(bench: Bench) -> None:
    bench.add_user("ann")
    bench.add_session(1, "ann", hours=-1)
    bench.add_session(2, "ann")
    assert bench.find(1) is None
    assert bench.find(2)


def test_a_code_is_taken_once_by_one_of_many(bench: Bench) -> None:
    code = bench.app.store.Code("a" * 64, "sealed", bench.now + timedelta(seconds=30))
    bench.store.add_code(code)
    assert bench.store.take_code("b" * 64) is None
    taken = at_once(lambda _: bench.store.take_code("a" * 64))
    assert [it for it in taken if it] == [code]


def test_expired_codes_are_forgotten(bench: Bench) -> None:
    code = bench.app.store.Code
    bench.store.add_code(code("a" * 64, "sealed", bench.now - timedelta(seconds=1)))
    bench.store.add_code(code("b" * 64, "sealed", bench.now + timedelta(seconds=30)))
    assert bench.store.take_code("a" * 64) is None
    assert bench.store.take_code("b" * 64)


def test_none_of_10_000_made_up_tokens_is_a_session(bench: Bench) -> None:
    bench.add_user("ann")
    sessions = bench.app.sessions
    token = sessions.create_session("ann")
    made_up = (secrets.token_urlsafe(32) for _ in range(10_000))
    assert not any(sessions.validate_session(it) for it in made_up)
    assert sessions.validate_session(token) == "ann"


def test_32_threads_lose_nothing(bench: Bench) -> None:
    for number in range(THREADS):
        bench.add_user(f"user{number}")

    def use(number: int) -> list[int]:
        ours = range(number * 100, number * 100 + 10)
        for it in ours:
            bench.add_session(it, f"user{number}")
        found = [it for it in ours if bench.find(it)]
        assert found == list(ours)
        for it in found[::2]:
            bench.store.touch_session(f"{it:064x}", bench.now)
            bench.store.remove_session(f"{it:064x}")
        assert not any(bench.find(it) for it in found[::2])
        return found[1::2]

    kept = [it for numbers in at_once(use) for it in numbers]
    assert sorted(int(it.token_hash, 16) for it in bench.store.list_sessions()) == sorted(kept)


def test_threads_that_purge_and_end_sessions_at_once_get_along(bench: Bench) -> None:
    for number in range(4):
        bench.add_user(f"user{number}")

    def use(number: int) -> None:
        name = f"user{number % 4}"
        for it in range(number * 100, number * 100 + 5):
            bench.add_session(it, name, hours=1 if it % 2 else -1)
            bench.store.purge_sessions(10)
            if it % 5 == 2:
                bench.store.end_sessions(name)
            if it % 5 == 3:
                bench.store.replace_user(bench.user(name))

    at_once(use)
    bench.store.purge_sessions()
    assert all(it.expires_at > bench.now for it in bench.store.list_sessions())
    bench.store.end_sessions()
    assert bench.store.list_sessions() == []


def at_once(work: Any) -> list[Any]:
    """Call a function with 0, 1, 2 … in as many threads, which all start together."""
    barrier = Barrier(THREADS)

    def start(number: int) -> Any:
        barrier.wait()
        return work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(start, range(THREADS)))
