"""What every store has to do, on the real thing. A new store is one more name in STORES."""

import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from tests.conftest import Bake
from tests.support.baking import BakedProject
from tests.support.modules import App

STORES = ["memory", "mysql"]
THREADS = 32
NAMES = ["ann", "Ann", "ANN", "a", "a" * 64, "ann@example.com", "_.-@", "0", "null", "ann."]
PASSWORD = "correct horse battery"


class Bench:
    """A store that has just been opened, with the modules around it."""

    def __init__(self, app: App, project: BakedProject, environment: dict[str, str]) -> None:
        self.app = app
        self.project = project
        self.environment = environment
        self.users = app.store.users
        self.sessions = app.store.sessions
        self.tickets = app.store.tickets
        self.now = datetime.now(UTC)

    def user(self, name: str, **fields: Any) -> Any:
        return self.app.records.User(name, fields.pop("password_hash", "$hash$"), **fields)

    def add_user(self, name: str) -> Any:
        user = self.user(name)
        self.users.add(user)
        return user

    def session(
        self, number: int, name: str, *, epoch: int = 1, hours: float = 1, age: float = 0
    ) -> Any:
        """Return a session that began some hours ago and ends so many from now."""
        began = self.now - timedelta(hours=age)
        ends = self.now + timedelta(hours=hours)
        return self.app.records.Session(f"{number:064x}", name, epoch, began, ends, began)

    def add_session(self, number: int, name: str, **options: Any) -> Any:
        session = self.session(number, name, **options)
        self.sessions.add(session)
        return session

    def find(self, number: int) -> Any:
        """Return a session that is worth something, or None."""
        found = self.sessions.find(f"{number:064x}")
        return found[0] if found else None

    def ticket(self, letter: str, seconds: float = 30, purpose: str = "cookie") -> Any:
        expires_at = self.now + timedelta(seconds=seconds)
        return self.app.records.Ticket(letter * 64, purpose, "a payload", expires_at)

    def manage(self, *arguments: str, stdin: str = "") -> str:
        """Run manage.py in a process of its own."""
        return self.project.manage(*arguments, environment=self.environment, stdin=stdin)


@pytest.fixture(params=STORES)
def bench(request: pytest.FixtureRequest, bake: Bake, tmp_path: Path) -> Iterator[Bench]:
    """Each store in turn."""
    users_file = tmp_path / "users.json"
    users_file.write_text("{}")
    environment = {"USERS_FILE": str(users_file)}
    if request.param == "mysql":
        environment |= request.getfixturevalue("database").environment
    project = bake(store_backend=request.param, cookie_transport="http_only")
    with project.modules(environment) as app:
        yield Bench(app, project, environment)


def test_a_new_store_is_empty(bench: Bench) -> None:
    assert bench.users.list_all() == []
    assert bench.sessions.list_all(bench.now) == []
    assert bench.users.find("ann") is None
    assert bench.find(1) is None


def test_a_user_comes_back_as_they_were(bench: Bench) -> None:
    user = bench.user("ann", disabled=True, roles=("admin", "sales-2"), epoch=2**52)
    bench.users.add(user)
    assert bench.users.find("ann") == user
    assert bench.users.list_all() == [user]


def test_every_name_that_is_accepted_is_found_exactly(bench: Bench) -> None:
    for name in NAMES:
        bench.users.add(bench.user(name, password_hash=f"hash of {name}"))
    for name in NAMES:
        assert bench.users.find(name) == bench.user(name, password_hash=f"hash of {name}")
    assert [user.username for user in bench.users.list_all()] == sorted(NAMES)


@pytest.mark.parametrize("other", ["ANN", "ann ", " ann", "än", "ánn", "ann\0", "ann'--", "%", ""])
def test_a_name_that_is_only_alike_is_another_one(bench: Bench, other: str) -> None:
    bench.add_user("ann")
    bench.add_session(1, "ann")
    assert bench.users.find(other) is None
    changes: list[Callable[[], Any]] = [
        lambda: bench.users.remove(other),
        lambda: bench.users.set_password(other, "new"),
        lambda: bench.users.set_disabled(other, True),
        lambda: bench.users.end_sessions(other),
    ]
    for change in changes:
        with pytest.raises(bench.app.records.UnknownUserError):
            change()
    assert bench.sessions.list_all(bench.now, other) == []
    assert bench.find(1)


def test_accents_tell_names_apart(bench: Bench) -> None:
    names = ["rene", "rené", "rene\N{COMBINING ACUTE ACCENT}", "日本", "🎈"]
    for name in names:
        bench.add_user(name)
    assert [bench.users.find(name).username for name in names] == names


def test_a_name_is_taken_once(bench: Bench) -> None:
    user = bench.add_user("ann")
    with pytest.raises(bench.app.records.UserExistsError):
        bench.users.add(bench.user("ann", password_hash="other"))
    assert bench.users.find("ann") == user


def test_of_many_at_once_one_gets_the_name(bench: Bench) -> None:
    def add(number: int) -> bool:
        try:
            bench.users.add(bench.user("ann", password_hash=str(number)))
        except bench.app.records.UserExistsError:
            return False
        return True

    assert sum(at_once(add)) == 1


def test_a_session_comes_back_as_it_was_with_its_user(bench: Bench) -> None:
    user = bench.user("ann", roles=("sales",))
    bench.users.add(user)
    session = bench.add_session(1, "ann")
    assert bench.sessions.find(session.token_hash) == (session, user)
    assert bench.find(1).expires_at.tzinfo == UTC
    assert bench.find(2) is None


def test_a_time_of_another_zone_is_the_same_moment(bench: Bench) -> None:
    bench.add_user("ann")
    moment = datetime.fromisoformat("2030-06-01T12:00:00.123456+09:00")
    bench.sessions.add(bench.app.records.Session("a" * 64, "ann", 1, moment, moment, moment))
    assert bench.sessions.find("a" * 64)[0].created_at == moment


def test_the_last_use_is_kept(bench: Bench) -> None:
    bench.add_user("ann")
    bench.add_session(1, "ann")
    later = bench.now + timedelta(minutes=5)
    bench.sessions.touch(f"{1:064x}", later)
    bench.sessions.touch(f"{2:064x}", later)
    assert bench.find(1).last_seen_at == later
    assert bench.find(2) is None


def test_an_ended_session_is_gone_and_the_others_stay(bench: Bench) -> None:
    bench.add_user("ann")
    bench.add_session(1, "ann")
    bench.add_session(2, "ann")
    bench.sessions.remove(f"{1:064x}")
    bench.sessions.remove(f"{1:064x}")
    assert bench.find(1) is None
    assert bench.find(2)


def test_a_user_who_does_not_exist_gets_no_session(bench: Bench) -> None:
    bench.add_session(1, "ann")
    assert bench.find(1) is None


def test_a_session_of_another_epoch_is_over(bench: Bench) -> None:
    bench.users.add(bench.user("ann", epoch=7))
    for epoch in (1, 6, 8):
        bench.add_session(epoch, "ann", epoch=epoch)
        assert bench.find(epoch) is None
    bench.add_session(7, "ann", epoch=7)
    assert bench.find(7)


def test_a_disabled_user_has_no_session_and_an_enabled_one_gets_none_back(bench: Bench) -> None:
    bench.add_user("ann")
    bench.add_session(1, "ann")
    bench.users.set_disabled("ann", True)
    bench.add_session(2, "ann", epoch=bench.users.find("ann").epoch)
    assert bench.users.find("ann").disabled
    assert bench.find(1) is None
    assert bench.find(2) is None
    bench.users.set_disabled("ann", False)
    assert bench.find(1) is None
    assert not bench.users.find("ann").disabled


def test_enabling_a_user_who_is_not_disabled_ends_nothing(bench: Bench) -> None:
    bench.add_user("ann")
    bench.add_session(1, "ann")
    bench.users.set_disabled("ann", False)
    assert bench.find(1)


def test_a_changed_password_ends_the_users_sessions_only(bench: Bench) -> None:
    bench.add_user("ann")
    bench.add_user("bob")
    bench.add_session(1, "ann")
    bench.add_session(2, "bob")
    bench.users.set_password("ann", "new")
    assert bench.find(1) is None
    assert bench.find(2)
    assert bench.users.find("ann").password_hash == "new"


def test_the_sessions_of_one_user_or_of_all_can_be_ended(bench: Bench) -> None:
    for name in ["ann", "bob", "carl"]:
        bench.add_user(name)
    for number, name in enumerate(["ann", "bob", "ann", "carl"]):
        bench.add_session(number, name)
    bench.users.end_sessions("ann")
    assert [bool(bench.find(number)) for number in range(4)] == [False, True, False, True]
    bench.users.end_sessions(None)
    assert [bool(bench.find(number)) for number in range(4)] == [False] * 4
    assert [user.epoch for user in bench.users.list_all()] == [3, 2, 2]


def test_of_many_who_end_sessions_at_once_each_raises_the_epoch(bench: Bench) -> None:
    bench.add_user("ann")
    at_once(lambda _: bench.users.end_sessions("ann"))
    assert bench.users.find("ann").epoch == 1 + THREADS


def test_who_is_unknown_cannot_be_changed_or_removed(bench: Bench) -> None:
    changes: list[Callable[[], Any]] = [
        lambda: bench.users.set_password("ann", "new"),
        lambda: bench.users.set_disabled("ann", False),
        lambda: bench.users.end_sessions("ann"),
        lambda: bench.users.remove("ann"),
    ]
    for change in changes:
        with pytest.raises(bench.app.records.UnknownUserError):
            change()


def test_a_better_hash_ends_no_session(bench: Bench) -> None:
    user = bench.add_user("ann")
    bench.add_session(1, "ann")
    bench.users.upgrade_password_hash(user, "better")
    assert bench.find(1)
    assert bench.users.find("ann").password_hash in {user.password_hash, "better"}


def test_a_better_hash_of_an_old_password_is_not_kept(bench: Bench) -> None:
    user = bench.add_user("ann")
    bench.users.set_password("ann", "new")
    bench.users.upgrade_password_hash(user, "better hash of the old one")
    assert bench.users.find("ann").password_hash == "new"


CHANGES: dict[str, Callable[[Bench], object]] = {
    "a new password": lambda bench: bench.app.users.set_password("ann", f"new {PASSWORD}"),
    "a new password from another process": lambda bench: bench.manage(
        "set-password", "ann", "--password-stdin", stdin=f"new {PASSWORD}\n"
    ),
    "disabled": lambda bench: bench.app.users.disable_user("ann"),
    "logged out everywhere": lambda bench: bench.app.users.end_sessions("ann"),
    "logged out everywhere from another process": lambda bench: bench.manage("end-sessions", "ann"),
    "everybody logged out from another process": lambda bench: bench.manage(
        "end-sessions", "--all"
    ),
    "removed and added again": lambda bench: (
        bench.app.users.remove_user("ann"),
        bench.app.users.add_user("ann", PASSWORD),
    ),
    "removed and added again from another process": lambda bench: (
        bench.manage("remove-user", "ann"),
        bench.manage("add-user", "ann", "--password-stdin", stdin=f"{PASSWORD}\n"),
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_login_that_is_being_checked_meanwhile_is_over_as_well(bench: Bench, change: str) -> None:
    bench.app.users.add_user("ann", PASSWORD)
    before = bench.app.load("auth").create_session("ann")
    checked = bench.app.users.check("ann", PASSWORD)
    CHANGES[change](bench)
    token = bench.app.sessions.start(checked)
    assert bench.app.load("auth").validate_session(token) is None
    assert bench.app.load("auth").validate_session(before) is None


def test_sessions_are_listed_newest_first_without_those_that_are_over(bench: Bench) -> None:
    bench.add_user("ann")
    bench.add_user("bob")
    bench.add_session(1, "ann", hours=-1, age=9)
    bench.add_session(2, "ann", age=2)
    bench.add_session(3, "bob", age=1)
    bench.add_session(5, "bob", epoch=0)
    newest = bench.add_session(4, "ann")

    def listed(*username: str) -> list[int]:
        found = bench.sessions.list_all(bench.now, *username)
        return [int(session.token_hash, 16) for session in found]

    assert listed() == [4, 3, 2]
    assert listed("ann") == [4, 2]
    assert bench.sessions.list_all(bench.now)[0] == newest


def test_expired_sessions_are_purged_a_few_at_a_time(bench: Bench) -> None:
    bench.add_user("ann")
    for number in range(3):
        bench.add_session(number, "ann", hours=-1)
    for number in range(10, 15):
        bench.add_session(number, "ann", hours=1)
    assert [bench.sessions.purge(bench.now, 2) for _ in range(3)] == [2, 1, 0]
    assert len(bench.sessions.list_all(bench.now)) == 5


def test_a_login_removes_what_has_expired(bench: Bench) -> None:
    bench.app.users.add_user("ann", PASSWORD)
    epoch = bench.users.find("ann").epoch
    bench.add_session(1, "ann", hours=-1, epoch=epoch)
    assert bench.find(1)
    bench.app.load("auth").create_session("ann")
    assert bench.find(1) is None


def test_a_ticket_is_taken_once_by_one_of_many(bench: Bench) -> None:
    ticket = bench.ticket("a")
    bench.tickets.add(ticket, bench.now)
    assert bench.tickets.take("cookie", "b" * 64) is None
    taken = at_once(lambda _: bench.tickets.take("cookie", "a" * 64))
    assert [found for found in taken if found] == [ticket]


def test_a_ticket_is_worth_nothing_for_another_purpose(bench: Bench) -> None:
    ticket = bench.ticket("a")
    bench.tickets.add(ticket, bench.now)
    assert bench.tickets.take("invitation", "a" * 64) is None
    assert bench.tickets.take("cookie", "a" * 64) == ticket


def test_expired_tickets_are_forgotten_when_the_next_one_comes(bench: Bench) -> None:
    bench.tickets.add(bench.ticket("a", seconds=-1), bench.now)
    bench.tickets.add(bench.ticket("b"), bench.now)
    assert bench.tickets.take("cookie", "a" * 64) is None
    assert bench.tickets.take("cookie", "b" * 64)


def test_none_of_10_000_made_up_tokens_is_a_session(bench: Bench) -> None:
    bench.add_user("ann")
    auth = bench.app.load("auth")
    token = auth.create_session("ann")
    made_up = (secrets.token_urlsafe(64) for _ in range(10_000))
    assert not any(auth.validate_session(text) for text in made_up)
    assert auth.validate_session(token) == "ann"


def test_32_threads_lose_nothing(bench: Bench) -> None:
    for number in range(THREADS):
        bench.add_user(f"user{number}")

    def use(number: int) -> list[int]:
        ours = range(number * 100, number * 100 + 10)
        for session in ours:
            bench.add_session(session, f"user{number}")
        assert all(bench.find(session) for session in ours)
        for session in ours[::2]:
            bench.sessions.touch(f"{session:064x}", bench.now)
            bench.sessions.remove(f"{session:064x}")
        assert not any(bench.find(session) for session in ours[::2])
        return list(ours[1::2])

    kept = [session for numbers in at_once(use) for session in numbers]
    found = bench.sessions.list_all(bench.now)
    assert sorted(int(session.token_hash, 16) for session in found) == sorted(kept)


def test_threads_that_purge_and_end_sessions_at_once_get_along(bench: Bench) -> None:
    for number in range(4):
        bench.add_user(f"user{number}")

    def use(number: int) -> None:
        name = f"user{number % 4}"
        for session in range(number * 100, number * 100 + 5):
            bench.add_session(session, name, hours=-1)
            bench.users.end_sessions(name)
            bench.sessions.purge(bench.now)

    at_once(use)
    bench.sessions.purge(bench.now)
    assert bench.sessions.list_all(bench.now) == []
    assert sum(user.epoch for user in bench.users.list_all()) == 4 + THREADS * 5


def at_once(work: Callable[[int], Any]) -> list[Any]:
    """Call a function in many threads that start together."""
    barrier = Barrier(THREADS)

    def begin(number: int) -> Any:
        barrier.wait()
        return work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(begin, range(THREADS)))
