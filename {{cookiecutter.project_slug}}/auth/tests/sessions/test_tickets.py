"""Tickets: single-use secrets."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from auth.records import Ticket
from auth.sessions import tickets
from auth.stores.interface import Store
from auth.tests.conftest import Clock

PURPOSE = "test"
PAYLOAD = "what it is worth"
LIFETIME = timedelta(seconds=30)


def test_a_secret_is_worth_its_payload_once() -> None:
    secret = tickets.issue(PURPOSE, PAYLOAD, LIFETIME)
    assert tickets.redeem(PURPOSE, secret) == PAYLOAD
    assert tickets.redeem(PURPOSE, secret) is None


def test_a_secret_may_be_brought_along() -> None:
    secret = "s" * 43
    assert tickets.issue(PURPOSE, PAYLOAD, LIFETIME, secret) == secret
    assert tickets.redeem(PURPOSE, secret) == PAYLOAD


def test_a_secret_expires(clock: Clock) -> None:
    secret = tickets.issue(PURPOSE, PAYLOAD, LIFETIME)
    clock.forward(seconds=30)
    assert tickets.redeem(PURPOSE, secret) is None


def test_a_secret_is_worth_nothing_for_another_purpose() -> None:
    secret = tickets.issue(PURPOSE, PAYLOAD, LIFETIME)
    assert tickets.redeem("another", secret) is None
    assert tickets.redeem(PURPOSE, secret) == PAYLOAD


@pytest.mark.parametrize("secret", ["", "x", "x" * 43, "x" * 100_000, "ü" * 43, "\0" * 43])
def test_a_made_up_secret_is_worth_nothing(secret: str) -> None:
    tickets.issue(PURPOSE, PAYLOAD, LIFETIME)
    assert tickets.redeem(PURPOSE, secret) is None


def test_of_many_who_bring_a_secret_one_gets_its_payload() -> None:
    secret = tickets.issue(PURPOSE, PAYLOAD, LIFETIME)
    with ThreadPoolExecutor(8) as threads:
        payloads = list(threads.map(lambda _: tickets.redeem(PURPOSE, secret), range(32)))
    assert [payload for payload in payloads if payload] == [PAYLOAD]


def test_the_store_does_not_have_the_secret(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Ticket] = []
    monkeypatch.setattr(type(store.tickets), "add", lambda _, ticket, now: kept.append(ticket))
    secret = tickets.issue(PURPOSE, PAYLOAD, LIFETIME)
    assert len(kept) == 1
    assert secret not in repr(kept)
