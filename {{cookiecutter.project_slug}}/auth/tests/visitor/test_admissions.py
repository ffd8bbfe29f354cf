"""Which login each connection and each Streamlit session belongs to."""

import pytest

from auth.visitor import admissions

ONE, OTHER = (
    admissions.connection_name("key of one"),
    admissions.connection_name("key of the other"),
)


def test_a_connection_is_called_by_the_hash_of_its_key() -> None:
    assert "key" not in ONE
    assert ONE != OTHER
    assert admissions.connection_name("key of one") == ONE


def test_a_connection_is_admitted_with_a_login_until_it_is_not() -> None:
    assert admissions.admitted_with(ONE) is None
    admissions.admit(ONE, "hash")
    assert admissions.admitted_with(ONE) == "hash"
    assert admissions.admitted_with(OTHER) is None
    admissions.admit(ONE, None)
    assert admissions.admitted_with(ONE) is None


def test_nothing_is_kept_of_a_closed_connection() -> None:
    admissions.admit(ONE, "hash")
    admissions.forget(ONE)
    admissions.forget(ONE)
    assert admissions.admitted_with(ONE) is None


def test_the_oldest_are_forgotten_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admissions, "_MAX_KEPT", 2)
    for number in "123":
        admissions.admit(number, "hash")
        admissions.own(number, "hash")
    assert [admissions.admitted_with(number) for number in "123"] == [None, "hash", "hash"]
    assert [admissions.owner_of(number) for number in "123"] == [None, "hash", "hash"]


def test_a_streamlit_session_has_an_owner_until_it_has_none() -> None:
    admissions.own("id", "hash")
    assert admissions.owner_of("id") == "hash"
    admissions.own("id", None)
    assert admissions.owner_of("id") is None
