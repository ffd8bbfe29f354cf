"""What every store does with the audit."""

from dataclasses import replace
from datetime import timedelta

import pytest

from auth.records import AuditEntry
from auth.stores.interface import Audit, Store
from auth.tests.people import id_of
from auth.tests.stores.at_once import THREADS, at_once
from auth.tests.stores.records import NOW, entry

SECOND = timedelta(seconds=1)


@pytest.fixture
def audit(store: Store) -> Audit:
    """The audit of a store, with four entries."""
    for number, (event, username) in enumerate(
        [("login", "ann"), ("login", "bob"), ("logout", "ann"), ("login", "ann")]
    ):
        store.audit.add(entry(event, NOW + number * SECOND, username))
    return store.audit


def test_an_entry_comes_back_as_it_was(store: Store) -> None:
    strange = AuditEntry(NOW, "é日🎈'\" %s", "a" * 32, "x" * 64, "y" * 64, "z" * 64)
    store.audit.add(entry())
    store.audit.add(strange)
    assert store.audit.list_newest() == [strange, entry()]


def test_what_is_not_known_stays_so(store: Store) -> None:
    unknown = AuditEntry(NOW, "login failed")
    store.audit.add(unknown)
    assert store.audit.list_newest() == [unknown]


def test_the_newest_comes_first_and_of_two_at_once_the_later(store: Store) -> None:
    for number, at in enumerate([NOW, NOW + SECOND, NOW + SECOND, NOW - SECOND]):
        store.audit.add(entry(str(number), at))
    assert [found.event for found in store.audit.list_newest()] == ["2", "1", "0", "3"]


def test_entries_are_found_by_user_and_by_event(audit: Audit) -> None:
    assert len(audit.list_newest()) == 4
    assert [found.event for found in audit.list_newest("ann")] == ["login", "logout", "login"]
    assert [found.username for found in audit.list_newest(event="login")] == ["ann", "bob", "ann"]
    assert audit.list_newest("ann", "logout") == [entry("logout", NOW + 2 * SECOND)]
    assert audit.list_newest("bob", "logout") == []
    assert audit.list_newest("ann", "login", 1) == [entry("login", NOW + 3 * SECOND)]


def test_when_something_last_happened_to_whom_is_found(audit: Audit) -> None:
    ann, bob = id_of("ann"), id_of("bob")
    assert audit.last_times("login", [ann, bob, id_of("carol")]) == {
        ann: NOW + 3 * SECOND,
        bob: NOW + SECOND,
    }
    assert audit.last_times("logout", [ann, bob]) == {ann: NOW + 2 * SECOND}
    assert audit.last_times("Login", [ann, bob]) == audit.last_times("login", []) == {}


@pytest.mark.parametrize("alike", ["Ann", "ann ", " ann", "an", "ann\0", "", "nobody"])
def test_users_and_events_are_found_by_exactly_their_names(store: Store, alike: str) -> None:
    store.audit.add(entry("ann", username="ann"))
    assert store.audit.list_newest(alike) == []
    assert store.audit.list_newest(event=alike) == []


def test_no_more_come_than_were_asked_for(audit: Audit) -> None:
    assert audit.list_newest(limit=3) == audit.list_newest()[:3]


def test_old_entries_are_purged_in_batches(audit: Audit) -> None:
    assert audit.purge(NOW) == 0
    assert [audit.purge(NOW + 3 * SECOND, 2) for _ in range(3)] == [2, 1, 0]
    assert audit.list_newest() == [entry("login", NOW + 3 * SECOND)]


def test_two_entries_may_be_the_same(store: Store) -> None:
    store.audit.add(entry())
    store.audit.add(replace(entry()))
    assert len(store.audit.list_newest()) == 2


def test_threads_that_add_entries_at_once_lose_none(store: Store) -> None:
    def add(number: int) -> None:
        for which in range(3):
            store.audit.add(entry(f"event {which}", NOW, f"user{number}"))

    at_once(add)
    assert len(store.audit.list_newest(limit=1000)) == 3 * THREADS
    for number in range(THREADS):
        mine = [found.event for found in store.audit.list_newest(f"user{number}")]
        assert mine == ["event 2", "event 1", "event 0"]


def test_many_who_purge_at_once_get_along(store: Store) -> None:
    for _ in range(50):
        store.audit.add(entry())
    at_once(lambda _: store.audit.purge(NOW + SECOND, 10))
    store.audit.purge(NOW + SECOND)  # Those who looked at once may have found the same ones.
    assert store.audit.list_newest() == []


def test_what_happened_to_a_user_is_found_by_the_id_whatever_they_were_called(audit: Audit) -> None:
    renamed = replace(entry("logout", NOW + 9 * SECOND), username="anna")
    audit.add(renamed)
    found = audit.list_newest_of(id_of("ann"), 3)
    assert [(each.event, each.username) for each in found] == [
        *(("logout", "anna"), ("login", "ann"), ("logout", "ann")),
    ]
    assert audit.list_newest_of(id_of("nobody")) == []
