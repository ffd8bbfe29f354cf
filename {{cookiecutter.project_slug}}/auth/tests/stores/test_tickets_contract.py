"""What every store does with tickets."""

from dataclasses import replace
from datetime import timedelta

import pytest

from auth.records import Ticket
from auth.stores.interface import Store, Tickets
from auth.tests.stores.at_once import THREADS, at_once
from auth.tests.stores.records import HOUR, NOW, ticket


@pytest.fixture
def tickets(store: Store) -> Tickets:
    """The tickets of a store that has one."""
    store.tickets.add(ticket(), NOW)
    return store.tickets


def test_a_ticket_can_be_taken_once(tickets: Tickets) -> None:
    assert tickets.take("test", ticket().ticket_hash) == ticket()
    assert tickets.take("test", ticket().ticket_hash) is None


def test_a_ticket_is_for_its_purpose_only_and_stays_for_it(tickets: Tickets) -> None:
    for purpose in ("other", "Test", "", "test ", "test\0", "tes"):
        assert tickets.take(purpose, ticket().ticket_hash) is None
    assert tickets.take("test", ticket().ticket_hash) == ticket()


@pytest.mark.parametrize("ticket_hash", ["", "f" * 64])
def test_what_no_ticket_has_is_not_found(tickets: Tickets, ticket_hash: str) -> None:
    assert tickets.take("test", ticket_hash) is None


def test_a_ticket_that_is_taken_leaves_the_others(tickets: Tickets) -> None:
    tickets.add(ticket("2"), NOW)
    assert tickets.take("test", ticket().ticket_hash) == ticket()
    assert tickets.take("test", ticket("2").ticket_hash) == ticket("2")


def test_any_text_comes_back_as_it_was(tickets: Tickets) -> None:
    strange = replace(ticket("2"), payload='{"a": "é日🎈\'\\" %s"}' + "x" * 900)
    tickets.add(strange, NOW)
    assert tickets.take("test", strange.ticket_hash) == strange


def test_a_ticket_is_there_to_the_microsecond(tickets: Tickets) -> None:
    tickets.add(ticket("2"), NOW + HOUR - timedelta(microseconds=1))
    assert tickets.take("test", ticket().ticket_hash) == ticket()


def test_a_new_ticket_has_expired_ones_forgotten(tickets: Tickets) -> None:
    tickets.add(ticket("2", NOW + HOUR), NOW + HOUR)
    assert tickets.take("test", ticket().ticket_hash) is None
    assert tickets.take("test", ticket("2").ticket_hash) == ticket("2", NOW + HOUR)


def take_at_once(tickets: Tickets, wanted: Ticket) -> list[Ticket]:
    """Return what many got who took a ticket at once."""
    taken = at_once(lambda _: tickets.take("test", wanted.ticket_hash))
    return [found for found in taken if found]


def test_of_many_who_take_a_ticket_at_once_one_gets_it(tickets: Tickets) -> None:
    for name in ("2", "3", "4", "5", "6"):
        tickets.add(ticket(name), NOW)
        assert take_at_once(tickets, ticket(name)) == [ticket(name)]


def test_threads_each_get_their_tickets_once(tickets: Tickets) -> None:
    each = [ticket(str(100 + number)) for number in range(THREADS)]

    def use(number: int) -> list[object]:
        tickets.add(each[number], NOW)
        return [tickets.take("test", each[number].ticket_hash) for _ in range(2)]

    assert at_once(use) == [[mine, None] for mine in each]
