"""What the gate has admitted each connection to."""

import pytest

from auth import connections, owners

ONE, OTHER = connections.name("key of one"), connections.name("key of the other")


def test_a_connection_is_called_by_the_hash_of_its_key() -> None:
    assert "key" not in ONE
    assert ONE != OTHER
    assert connections.name("key of one") == ONE


def test_a_connection_is_admitted_with_a_login_until_it_is_not() -> None:
    assert connections.admitted_with(ONE) is None
    connections.admit(ONE, "hash")
    assert connections.admitted_with(ONE) == "hash"
    assert connections.admitted_with(OTHER) is None
    connections.admit(ONE, None)
    assert connections.admitted_with(ONE) is None


def test_nothing_is_kept_of_a_closed_connection() -> None:
    connections.admit(ONE, "hash")
    connections.forget(ONE)
    connections.forget(ONE)
    assert connections.admitted_with(ONE) is None


def test_the_oldest_are_forgotten_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_MAX_CONNECTIONS", 2)
    monkeypatch.setattr(owners, "_MAX_OWNERS", 2)
    for number in "123":
        connections.admit(number, "hash")
        owners.note(number, "hash")
    assert [connections.admitted_with(number) for number in "123"] == [None, "hash", "hash"]
    assert [owners.owner_of(number) for number in "123"] == [None, "hash", "hash"]


def test_a_streamlit_session_has_an_owner_until_it_has_none() -> None:
    owners.note("id", "hash")
    assert owners.owner_of("id") == "hash"
    owners.note("id", None)
    assert owners.owner_of("id") is None
