"""What every store does with tickets."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from auth.stores.interface import Store, Tickets
from tests.stores.records import HOUR, NOW, ticket


@pytest.fixture
def tickets(store: Store) -> Tickets:
    """The tickets of a store that has one."""
    store.tickets.add(ticket(), NOW)
    return store.tickets


def test_a_ticket_can_be_taken_once(tickets: Tickets) -> None:
    assert tickets.take("test", ticket().ticket_hash) == ticket()
    assert tickets.take("test", ticket().ticket_hash) is None


def test_a_ticket_is_for_its_purpose_only_and_stays_for_it(tickets: Tickets) -> None:
    for purpose in ("other", "Test", "", "test "):
        assert tickets.take(purpose, ticket().ticket_hash) is None
    assert tickets.take("test", ticket().ticket_hash) == ticket()


@pytest.mark.parametrize("ticket_hash", ["", "f" * 64])
def test_what_no_ticket_has_is_not_found(tickets: Tickets, ticket_hash: str) -> None:
    assert tickets.take("test", ticket_hash) is None


def test_a_ticket_that_is_taken_leaves_the_others(tickets: Tickets) -> None:
    tickets.add(ticket("2"), NOW)
    assert tickets.take("test", ticket().ticket_hash) == ticket()
    assert tickets.take("test", ticket("2").ticket_hash) == ticket("2")


def test_a_new_ticket_has_expired_ones_forgotten(tickets: Tickets) -> None:
    tickets.add(ticket("2", NOW + HOUR), NOW + HOUR)
    assert tickets.take("test", ticket().ticket_hash) is None
    assert tickets.take("test", ticket("2").ticket_hash) == ticket("2", NOW + HOUR)


def test_of_many_who_take_a_ticket_at_once_one_gets_it(tickets: Tickets) -> None:
    hashes = [ticket().ticket_hash] * 32
    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(lambda ticket_hash: tickets.take("test", ticket_hash), hashes))
    assert [found for found in taken if found] == [ticket()]
