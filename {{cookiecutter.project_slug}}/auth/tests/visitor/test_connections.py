"""What is kept of each open connection."""

import pytest

from auth.visitor import connections


def test_a_connection_is_the_same_until_it_is_closed() -> None:
    key, connection = connections.open_one()
    connection.login = "hash"
    assert connections.find(key) is connection
    connections.close(key)
    connections.close(key)
    assert connections.find(key).login is None


def test_each_has_a_key_and_a_name_of_its_own() -> None:
    (key, one), (other_key, other) = connections.open_one(), connections.open_one()
    assert key != other_key
    assert one.name not in (other.name, key)


def test_behind_a_wall_only_what_it_opened_is_kept() -> None:
    connections.leave_to_wall()
    connections.find("made up").login = "hash"
    assert connections.find("made up").login is None


def test_without_one_those_unused_for_longest_are_forgotten_when_there_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connections, "_MAX_KEPT", 2)
    for number in "1213":
        connections.find(number).login = "hash"
    assert list(connections._open) == ["1", "3"]
