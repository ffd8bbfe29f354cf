"""What every store does with sessions."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.stores.conftest import NEW_PASSWORD, PASSWORD, THREADS, Bench, at_once

ENDINGS = {
    "set_password": lambda users: users.set_password("ann", "new"),
    "disable": lambda users: users.set_disabled("ann", True),
    "end_sessions": lambda users: users.end_sessions("ann"),
    "remove": lambda users: users.remove("ann"),
}

Change = Callable[[Any], None]


def test_a_new_store_has_no_sessions(bench: Bench) -> None:
    assert bench.living() == []
    assert bench.find(1) is None


def test_a_session_comes_back_as_it_was_with_its_user(bench: Bench) -> None:
    ann = bench.add_user("ann", roles=("sales", "finance"))
    session = bench.add_session(1, ann)
    assert bench.find(1) == (session, ann)
    assert bench.find(1)[0].expires_at.tzinfo == UTC
    assert bench.find(2) is None


def test_times_are_kept_to_the_microsecond(bench: Bench) -> None:
    ann = bench.add_user("ann")
    moments = [datetime(2030, 1, 1, 12, 0, 0, part, UTC) for part in (1, 500_000, 999_999)]
    session = bench.records.Session("a" * 64, "ann", ann.epoch, *moments)
    bench.sessions.add(session)
    assert bench.sessions.find("a" * 64) == (session, ann)
    assert bench.sessions.list_all(moments[1] - timedelta(microseconds=1)) == [session]
    assert bench.sessions.list_all(moments[1]) == []
    assert bench.sessions.purge(moments[1] - timedelta(microseconds=1)) == 0
    assert bench.sessions.purge(moments[1]) == 1


def test_a_time_of_another_zone_is_the_same_moment(bench: Bench) -> None:
    ann = bench.add_user("ann")
    moment = datetime.fromisoformat("2030-06-01T12:00:00.123456+09:00")
    session = bench.records.Session("a" * 64, "ann", ann.epoch, moment, moment, moment)
    bench.sessions.add(session)
    assert bench.sessions.find("a" * 64)[0].created_at == moment


def test_the_last_use_is_recorded(bench: Bench) -> None:
    session = bench.add_session(1, bench.add_user("ann"))
    later = bench.now + timedelta(minutes=5)
    bench.sessions.touch(f"{1:064x}", later)
    bench.sessions.touch(f"{2:064x}", later)
    assert bench.find(1)[0] == replace(session, last_seen_at=later)
    assert bench.find(2) is None


def test_an_ended_session_is_gone_and_the_others_stay(bench: Bench) -> None:
    ann = bench.add_user("ann")
    bench.add_session(1, ann)
    bench.add_session(2, ann)
    bench.sessions.remove(f"{1:064x}")
    bench.sessions.remove(f"{1:064x}")
    assert bench.find(1) is None
    assert bench.find(2)


def test_a_user_who_does_not_exist_gets_no_session(bench: Bench) -> None:
    bench.add_session(1, bench.user("ann"))
    assert bench.find(1) is None
    bench.add_user("ann")
    assert bench.find(1) is None
    assert bench.living() == []


def test_a_disabled_user_has_no_session(bench: Bench) -> None:
    ann = bench.add_user("ann")
    bench.add_session(1, ann)
    bench.users.set_disabled("ann", True)
    bench.add_session(2, ann)
    of_the_disabled = bench.app.load("auth").create_session("ann")
    assert bench.find(1) is None
    assert bench.find(2) is None
    assert bench.app.load("auth").validate_session(of_the_disabled) is None
    assert bench.users.find("ann").disabled
    bench.users.set_disabled("ann", False)
    assert bench.find(1) is None
    assert bench.find(2) is None
    assert bench.app.load("auth").validate_session(of_the_disabled) is None
    assert bench.living() == []


def test_enabling_a_user_who_is_enabled_ends_nothing(bench: Bench) -> None:
    bench.add_session(1, bench.add_user("ann"))
    bench.users.set_disabled("ann", False)
    assert bench.find(1)


def test_a_changed_password_ends_the_users_sessions_only(bench: Bench) -> None:
    bench.add_session(1, bench.add_user("ann"))
    bench.add_session(2, bench.add_user("bob"))
    bench.users.set_password("ann", "new")
    assert bench.find(1) is None
    assert bench.find(2)
    assert bench.users.find("ann").password_hash == "new"


@pytest.mark.parametrize("change", ENDINGS.values(), ids=list(ENDINGS))
def test_what_ends_sessions_ends_those_of_one_user(bench: Bench, change: Change) -> None:
    bench.add_session(1, bench.add_user("ann"))
    bench.add_session(2, bench.add_user("bob"))
    bench.add_session(3, bench.users.find("ann"))
    change(bench.users)
    assert [bench.find(number) for number in (1, 3)] == [None, None]
    assert bench.find(2)
    assert bench.living() == [2]


@pytest.mark.parametrize("change", ENDINGS.values(), ids=list(ENDINGS))
def test_a_session_of_an_older_epoch_never_begins(bench: Bench, change: Change) -> None:
    ann = bench.add_user("ann")
    change(bench.users)
    bench.add_session(1, ann)
    assert bench.find(1) is None
    assert bench.living() == []


def test_a_session_of_the_new_epoch_lives(bench: Bench) -> None:
    bench.add_user("ann")
    bench.users.end_sessions(None)
    bench.add_session(1, bench.users.find("ann"))
    assert bench.find(1)
    assert bench.living() == [1]


def test_a_removed_user_has_no_session_even_if_the_name_is_given_again(bench: Bench) -> None:
    auth, users = bench.app.load("auth"), bench.app.users
    users.add_user("ann", PASSWORD)
    token = auth.create_session("ann")
    before = bench.users.find("ann")
    users.remove_user("ann")
    assert auth.validate_session(token) is None
    users.add_user("ann", PASSWORD)
    assert auth.validate_session(token) is None
    bench.add_session(1, before)
    assert bench.find(1) is None
    assert bench.living() == []


def test_a_better_hash_ends_no_session(bench: Bench) -> None:
    user = bench.add_user("ann")
    bench.add_session(1, user)
    bench.users.upgrade_password_hash(user, "better")
    assert bench.find(1)
    assert bench.users.find("ann").password_hash in {user.password_hash, "better"}


def test_sessions_are_listed_newest_first_without_the_expired(bench: Bench) -> None:
    ann, bob = bench.add_user("ann"), bench.add_user("bob")
    bench.add_session(1, ann, hours=-1, age=9)
    bench.add_session(2, ann, age=2)
    bench.add_session(3, bob, age=1)
    newest = bench.add_session(4, ann)
    assert bench.living() == [4, 3, 2]
    assert bench.living("ann") == [4, 2]
    assert bench.sessions.list_all(bench.now)[0] == newest


def test_the_sessions_of_one_user_or_of_all_can_be_ended(bench: Bench) -> None:
    users = {name: bench.add_user(name) for name in ("ann", "bob")}
    for number, name in enumerate(["ann", "bob", "ann", "bob", "bob"]):
        bench.add_session(number, users[name], age=number)
    bench.users.end_sessions("ann")
    assert bench.living() == [1, 3, 4]
    bench.users.end_sessions(None)
    assert bench.living() == []


def test_expired_sessions_are_purged_a_few_at_a_time(bench: Bench) -> None:
    ann = bench.add_user("ann")
    for number in range(10, 13):
        bench.add_session(number, ann, hours=-1)
    for number in range(5):
        bench.add_session(number, ann)
    assert [bench.sessions.purge(bench.now, 2) for _ in range(3)] == [2, 1, 0]
    assert [bench.find(number) for number in range(10, 13)] == [None] * 3
    assert bench.sessions.purge(bench.now) == 0
    assert len(bench.living()) == 5


def test_a_login_removes_what_has_expired(bench: Bench) -> None:
    ann = bench.add_user("ann")
    bench.add_session(1, ann, hours=-1)
    bench.add_session(2, ann)
    bench.app.load("auth").create_session("ann")
    assert bench.find(1) is None
    assert bench.find(2)


def test_none_of_10_000_made_up_tokens_is_a_session(bench: Bench) -> None:
    bench.add_user("ann")
    sessions, tokens = bench.app.sessions, bench.app.tokens
    token = sessions.create_session("ann")
    made_up = [secrets.token_urlsafe(32) + secrets.token_urlsafe(32) for _ in range(10_000)]
    assert all(tokens.is_token(text) for text in made_up)
    assert not any(sessions.validate_session(text) for text in made_up)
    assert sessions.validate_session(token) == "ann"


def test_32_threads_lose_nothing(bench: Bench) -> None:
    users = [bench.add_user(f"user{number}") for number in range(THREADS)]

    def use(thread: int) -> list[int]:
        ours = range(thread * 100, thread * 100 + 10)
        for number in ours:
            bench.add_session(number, users[thread])
        found = [number for number in ours if bench.find(number)]
        assert found == list(ours)
        for number in found[::2]:
            bench.sessions.touch(f"{number:064x}", bench.now)
            bench.sessions.remove(f"{number:064x}")
        assert not any(bench.find(number) for number in found[::2])
        return found[1::2]

    kept = [number for numbers in at_once(use) for number in numbers]
    assert sorted(bench.living()) == sorted(kept)


def test_threads_that_purge_and_end_sessions_at_once_get_along(bench: Bench) -> None:
    for number in range(4):
        bench.add_user(f"user{number}")

    def use(thread: int) -> None:
        name = f"user{thread % 4}"
        for number in range(thread * 100, thread * 100 + 5):
            bench.add_session(number, bench.users.find(name), hours=1 if number % 2 else -1)
            bench.sessions.purge(bench.now, 10)
            if number % 5 == 2:
                bench.users.end_sessions(name)
            if number % 5 == 3:
                bench.users.set_password(name, f"hash {number}")

    at_once(use)
    bench.sessions.purge(bench.now)
    listed = bench.sessions.list_all(bench.now)
    assert all(session.expires_at > bench.now for session in listed)
    bench.users.end_sessions(None)
    assert bench.living() == []


def test_threads_that_log_in_while_sessions_are_ended_leave_none_of_before(bench: Bench) -> None:
    ann = bench.add_user("ann")

    def use(thread: int) -> None:
        if thread == THREADS // 2:
            bench.users.end_sessions("ann")
        else:
            bench.add_session(thread, ann)

    at_once(use)
    assert bench.living() == []
    assert not any(bench.find(number) for number in range(THREADS))


def test_a_new_password_is_one_epoch_on(bench: Bench) -> None:
    ann = bench.add_user("ann")
    bench.users.set_password("ann", "new")
    assert bench.users.find("ann").epoch == ann.epoch + 1


def test_a_user_who_changes_the_password_has_one_session_left(bench: Bench) -> None:
    sessions, users = bench.app.sessions, bench.app.users
    users.add_user("ann", PASSWORD)
    users.add_user("bob", PASSWORD)
    old, of_bob = sessions.create_session("ann"), sessions.create_session("bob")
    token = bench.app.load("auth.account").change_password("ann", PASSWORD, NEW_PASSWORD)
    assert sessions.find(token).user.username == "ann"
    assert sessions.find(old).user is None
    assert sessions.find(of_bob).user.username == "bob"
    assert bench.app.load("auth").verify_user("ann", NEW_PASSWORD)


def test_threads_that_log_in_at_once_leave_a_user_no_more_sessions_than_allowed(
    bench: Bench,
) -> None:
    sessions = bench.app.sessions
    bench.add_user("ann")
    bench.add_session(1, bench.add_user("bob"))
    tokens = at_once(lambda _: [sessions.create_session("ann") for _ in range(3)])
    assert len(bench.living("ann")) == 20
    assert bench.living("bob") == [1]
    assert sum(sessions.validate_session(token) == "ann" for made in tokens for token in made) == 20
