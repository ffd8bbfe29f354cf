"""What every store does with tickets."""

from datetime import timedelta

import pytest

from tests.stores.conftest import THREADS, Bench, at_once


def test_a_ticket_is_taken_once_by_one_of_many(bench: Bench) -> None:
    ticket = bench.ticket(1)
    bench.tickets.add(ticket, bench.now)
    assert bench.take(2) is None
    taken = at_once(lambda _: bench.take(1))
    assert [found for found in taken if found] == [ticket]


def test_a_ticket_comes_back_as_it_was(bench: Bench) -> None:
    ticket = bench.ticket(1, payload='{"a": "é日🎈\'\\" %s"}' + "x" * 900)
    bench.tickets.add(ticket, bench.now)
    assert bench.take(1) == ticket


def test_a_ticket_for_something_else_is_worth_nothing_and_stays(bench: Bench) -> None:
    ticket = bench.ticket(1)
    bench.tickets.add(ticket, bench.now)
    for purpose in ["other", "Test", "", "test\0", "tes"]:
        assert bench.take(1, purpose) is None
    assert bench.take(1) == ticket


def test_expired_tickets_are_forgotten(bench: Bench) -> None:
    bench.tickets.add(bench.ticket(1, seconds=-1), bench.now)
    bench.tickets.add(bench.ticket(2), bench.now)
    assert bench.take(1) is None
    assert bench.take(2)


def test_a_ticket_expires_to_the_microsecond(bench: Bench) -> None:
    last = bench.ticket(1)
    bench.tickets.add(last, bench.now)
    bench.tickets.add(bench.ticket(2), last.expires_at - timedelta(microseconds=1))
    assert bench.take(1) == last
    bench.tickets.add(last, bench.now)
    bench.tickets.add(bench.ticket(3, seconds=60), last.expires_at)
    assert bench.take(1) is None


def test_32_threads_each_get_their_tickets_once(bench: Bench) -> None:
    def use(thread: int) -> list[str]:
        ours = range(thread * 100, thread * 100 + 5)
        for number in ours:
            bench.tickets.add(bench.ticket(number, str(number)), bench.now)
        return [ticket.payload for number in ours for ticket in [bench.take(number)] if ticket]

    taken = [payload for payloads in at_once(use) for payload in payloads]
    assert len(taken) == len(set(taken)) == THREADS * 5
    assert not any(bench.take(int(payload)) for payload in taken)


def test_a_secret_is_redeemed_once_and_for_its_purpose_only(bench: Bench) -> None:
    tickets = bench.app.tickets
    secret = tickets.issue("cookie", "payload", timedelta(seconds=30))
    assert tickets.redeem("other", secret) is None
    assert tickets.redeem("cookie", secret[:-1]) is None
    assert tickets.redeem("cookie", secret) == "payload"
    assert tickets.redeem("cookie", secret) is None


@pytest.mark.parametrize("lifetime", [timedelta(0), timedelta(seconds=-1)])
def test_an_expired_secret_is_worth_nothing(bench: Bench, lifetime: timedelta) -> None:
    tickets = bench.app.tickets
    secret = tickets.issue("cookie", "payload", lifetime)
    assert tickets.redeem("cookie", secret) is None


def test_the_store_knows_no_secret(bench: Bench) -> None:
    secret = bench.app.tickets.issue("cookie", "payload", timedelta(seconds=30))
    ticket = bench.tickets.take("cookie", bench.app.tokens.hash_token(secret))
    assert ticket.payload == "payload"
    assert secret not in repr(ticket)
