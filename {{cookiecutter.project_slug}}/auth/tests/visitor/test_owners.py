"""Which login each Streamlit session belongs to."""

import pytest

from auth.visitor import owners


def test_the_oldest_are_forgotten_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owners, "_MAX_KEPT", 2)
    for number in "123":
        owners.own(number, "hash")
    assert [owners.owner_of(number) for number in "123"] == [None, "hash", "hash"]


def test_a_streamlit_session_has_an_owner_until_it_has_none() -> None:
    owners.own("id", "hash")
    assert owners.owner_of("id") == "hash"
    owners.own("id", None)
    assert owners.owner_of("id") is None
