"""What every store does with sessions, and which changes of a user end them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from auth.records import Session
from auth.stores.interface import Sessions, Store, Users
from auth.tests.people import person
from auth.tests.stores.at_once import THREADS, at_once
from auth.tests.stores.records import ANN, BOB, HOUR, NOW, session_of


@pytest.fixture
def users(store: Store) -> Users:
    """The users of a store that has Ann and Bob."""
    store.users.add(ANN)
    store.users.add(BOB)
    return store.users


@pytest.fixture
def sessions(users: Users, store: Store) -> Sessions:
    """The sessions of the same store: none."""
    return store.sessions


def add_session(sessions: Sessions, session: Session) -> Session:
    sessions.add(session)
    return session


def test_a_session_is_found_with_its_user(sessions: Sessions) -> None:
    session = add_session(sessions, session_of(ANN))
    assert sessions.find(session.token_hash) == (session, ANN)


def test_a_session_keeps_as_much_as_there_is_of_where_it_began(sessions: Sessions) -> None:
    unknown = add_session(sessions, replace(session_of(ANN, "1"), address="", user_agent=""))
    long = add_session(
        sessions, replace(session_of(ANN, "2"), address="a" * 64, user_agent="b" * 64)
    )
    assert sessions.find(unknown.token_hash) == (unknown, ANN)
    assert sessions.find(long.token_hash) == (long, ANN)
    assert (unknown, ANN) in sessions.list_all(NOW)


def test_when_users_last_used_a_session_is_found_be_it_over_or_not(sessions: Sessions) -> None:
    for number, hours in ((1, 3), (2, 5), (3, 4)):
        session = replace(session_of(ANN, str(number)), last_seen_at=NOW + hours * HOUR)
        add_session(sessions, replace(session, expires_at=NOW))
    add_session(sessions, replace(session_of(BOB, "4"), last_seen_at=NOW))
    assert sessions.last_uses([ANN.id, "0" * 32]) == {ANN.id: NOW + 5 * HOUR}
    assert sessions.last_uses([ANN.id, BOB.id]) == {ANN.id: NOW + 5 * HOUR, BOB.id: NOW}
    assert sessions.last_uses([]) == {}


@pytest.mark.parametrize("token_hash", ["", "0", "f" * 64, "0" * 63 + "2"])
def test_what_no_session_has_is_not_found(sessions: Sessions, token_hash: str) -> None:
    add_session(sessions, session_of(ANN))
    assert sessions.find(token_hash) is None


def test_a_removed_session_is_over_and_no_other_is(sessions: Sessions) -> None:
    session = add_session(sessions, session_of(ANN, "1"))
    other = add_session(sessions, session_of(ANN, "2"))
    sessions.remove(session.token_hash)
    sessions.remove(session.token_hash)
    assert sessions.find(session.token_hash) is None
    assert sessions.find(other.token_hash) == (other, ANN)


def test_a_session_keeps_when_it_was_last_used(sessions: Sessions) -> None:
    session = add_session(sessions, session_of(ANN))
    later = NOW + timedelta(minutes=5)
    sessions.touch(session.token_hash, later)
    sessions.touch("unknown", later)
    assert sessions.find(session.token_hash) == (replace(session, last_seen_at=later), ANN)


def test_a_session_of_a_user_who_does_not_exist_is_never_found(
    users: Users, sessions: Sessions
) -> None:
    nobody = person("nobody", "hash")
    session = add_session(sessions, session_of(nobody))
    assert sessions.find(session.token_hash) is None
    users.add(nobody)
    assert sessions.find(session.token_hash) is None
    assert sessions.list_all(NOW) == []


def test_a_session_that_begins_while_its_user_is_disabled_is_not_found(
    users: Users, sessions: Sessions
) -> None:
    users.set_disabled(ANN, True)
    session = add_session(sessions, session_of(replace(ANN, epoch=8)))
    assert sessions.find(session.token_hash) is None
    assert sessions.list_all(NOW) == []


@pytest.mark.parametrize("microsecond", [1, 500_000, 999_999])
def test_times_are_kept_to_the_microsecond(sessions: Sessions, microsecond: int) -> None:
    end = NOW.replace(microsecond=microsecond)
    session = add_session(sessions, session_of(ANN, start=end - HOUR))
    assert sessions.find(session.token_hash) == (session, ANN)
    almost = end - timedelta(microseconds=1)
    assert (sessions.list_all(almost), sessions.purge(almost)) == ([(session, ANN)], 0)
    assert (sessions.list_all(end), sessions.purge(end)) == ([], 1)


def test_a_time_of_another_zone_is_the_same_moment(sessions: Sessions) -> None:
    there = NOW.astimezone(timezone(timedelta(hours=9)))
    session = add_session(sessions, session_of(ANN, start=there))
    assert sessions.find(session.token_hash) == (session, ANN)
    assert sessions.list_all(NOW + HOUR) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda users: users.set_password(ANN, "new hash"),
        lambda users: users.set_disabled(ANN, True),
        lambda users: users.end_sessions(ANN),
        lambda users: users.remove(ANN),
        lambda users: users.put(replace(ANN, epoch=99)),
    ],
    ids=["set_password", "disable", "end_sessions", "remove", "put"],
)
def test_a_change_that_ends_sessions_ends_those_of_that_user_only(
    users: Users, sessions: Sessions, change: Callable[[Users], None]
) -> None:
    of_ann = add_session(sessions, session_of(ANN, "1"))
    of_bob = add_session(sessions, session_of(BOB, "2"))
    change(users)
    assert sessions.find(of_ann.token_hash) is None
    assert sessions.find(of_bob.token_hash) == (of_bob, BOB)
    assert sessions.list_all(NOW) == [(of_bob, BOB)]


@pytest.mark.parametrize(
    "change",
    [
        lambda users: users.set_password(ANN, "new hash"),
        lambda users: users.set_disabled(ANN, True),
        lambda users: users.end_sessions(ANN),
        lambda users: users.end_sessions(None),
    ],
    ids=["set_password", "disable", "end_sessions", "end all sessions"],
)
def test_a_session_of_a_user_as_they_were_before_such_a_change_never_begins(
    users: Users, sessions: Sessions, change: Callable[[Users], None]
) -> None:
    change(users)
    users.set_disabled(ANN, False)
    session = add_session(sessions, session_of(ANN))
    assert sessions.find(session.token_hash) is None
    assert sessions.list_all(NOW) == []


def test_ending_the_sessions_of_all_ends_every_session(users: Users, sessions: Sessions) -> None:
    of_ann = add_session(sessions, session_of(ANN, "1"))
    of_bob = add_session(sessions, session_of(BOB, "2"))
    users.end_sessions(None)
    assert sessions.find(of_ann.token_hash) is None
    assert sessions.find(of_bob.token_hash) is None


def test_a_session_that_began_after_the_end_of_all_lives(users: Users, sessions: Sessions) -> None:
    users.end_sessions(None)
    ann = users.find("ann")
    assert ann is not None
    session = add_session(sessions, session_of(ann))
    assert sessions.find(session.token_hash) == (session, ann)


def test_enabling_ends_no_session_and_brings_none_back(users: Users, sessions: Sessions) -> None:
    of_ann = add_session(sessions, session_of(ANN, "1"))
    of_bob = add_session(sessions, session_of(BOB, "2"))
    users.set_disabled(ANN, True)
    users.set_disabled(ANN, False)
    users.set_disabled(BOB, False)
    assert sessions.find(of_ann.token_hash) is None
    assert sessions.find(of_bob.token_hash) == (of_bob, BOB)


def test_another_name_ends_no_session(users: Users, sessions: Sessions) -> None:
    session = add_session(sessions, session_of(ANN))
    users.rename(ANN, "anna")
    assert sessions.find(session.token_hash) == (session, replace(ANN, username="anna"))


def test_other_roles_end_no_session(users: Users, sessions: Sessions) -> None:
    session = add_session(sessions, session_of(ANN))
    users.set_roles(ANN, ("editor",))
    assert sessions.find(session.token_hash) == (session, replace(ANN, roles=("editor",)))


def test_a_stronger_hash_ends_no_session(users: Users, sessions: Sessions) -> None:
    session = add_session(sessions, session_of(ANN))
    users.upgrade_password_hash(ANN, "stronger hash")
    assert sessions.find(session.token_hash) == (session, users.find("ann"))


def test_sessions_are_listed_newest_first(sessions: Sessions) -> None:
    first = add_session(sessions, session_of(ANN, "1", NOW))
    second = add_session(sessions, session_of(BOB, "2", NOW + timedelta(microseconds=1)))
    third = add_session(sessions, session_of(ANN, "3", NOW + timedelta(seconds=1)))
    assert sessions.list_all(NOW) == [(third, ANN), (second, BOB), (first, ANN)]
    assert sessions.list_all(NOW, ANN) == [(third, ANN), (first, ANN)]
    assert sessions.list_all(NOW, person("nobody")) == []


def test_expired_sessions_are_not_listed(sessions: Sessions) -> None:
    add_session(sessions, session_of(ANN, "1", NOW - HOUR))
    living = add_session(sessions, session_of(ANN, "2", NOW - HOUR + timedelta(microseconds=1)))
    assert sessions.list_all(NOW) == [(living, ANN)]


def test_purging_removes_what_has_expired_and_says_how_many(sessions: Sessions) -> None:
    for number in range(3):
        add_session(sessions, session_of(ANN, str(number), NOW - HOUR))
    living = add_session(sessions, session_of(ANN, "living"))
    assert sessions.purge(NOW) == 3
    assert sessions.purge(NOW) == 0
    assert sessions.find(living.token_hash) == (living, ANN)


def test_purging_stops_at_its_limit(sessions: Sessions) -> None:
    for number in range(5):
        add_session(sessions, session_of(ANN, str(number), NOW - HOUR))
    assert [sessions.purge(NOW, limit=2) for _ in range(4)] == [2, 2, 1, 0]


def test_threads_that_log_in_and_out_at_once_lose_nothing(sessions: Sessions) -> None:
    later = NOW + timedelta(minutes=5)

    def visit(number: int) -> Session:
        kept, ended = (
            add_session(sessions, session_of(ANN, f"{number} {which}")) for which in (1, 2)
        )
        sessions.touch(kept.token_hash, later)
        sessions.remove(ended.token_hash)
        assert sessions.find(ended.token_hash) is None
        return replace(kept, last_seen_at=later)

    assert set(at_once(visit)) == {session for session, _ in sessions.list_all(NOW)}


def test_threads_that_purge_and_end_sessions_at_once_get_along(
    users: Users, sessions: Sessions
) -> None:
    def visit(number: int) -> None:
        user = users.find("ann" if number % 2 else "bob")
        assert user is not None
        add_session(sessions, session_of(user, f"{number} 1", NOW - HOUR))
        add_session(sessions, session_of(user, f"{number} 2"))
        sessions.purge(NOW, 10)
        users.end_sessions(user)

    at_once(visit)
    sessions.purge(NOW)  # Those who looked at once may have found the same ones.
    assert sessions.purge(NOW) == 0
    assert sessions.list_all(NOW) == []


def test_threads_that_log_in_while_sessions_are_ended_leave_none_of_before(
    users: Users, sessions: Sessions
) -> None:
    def visit(number: int) -> None:
        if number == THREADS // 2:
            users.end_sessions(ANN)
        else:
            sessions.add(session_of(ANN, str(number)))

    at_once(visit)
    assert sessions.list_all(NOW) == []
