"""Who is visiting."""

import pytest

from auth.tests.people import visit
from auth.visitor import visiting
from auth.visitor.visiting import Visitor


def test_whoever_is_noted_is_visiting() -> None:
    assert visiting.current() == Visitor()
    visit("192.0.2.1", "device", "Firefox on Linux")
    assert visiting.current() == Visitor("192.0.2.1", "Firefox on Linux", "device")


def test_who_acts_is_known_within_the_block_and_as_before_after_it() -> None:
    visit("192.0.2.1")
    with visiting.acting_as("boss"):
        with visiting.acting_as("ann"):
            assert visiting.current() == Visitor("192.0.2.1", actor="ann")
        assert visiting.current().actor == "boss"
    assert visiting.current() == Visitor("192.0.2.1")


def test_who_acts_is_forgotten_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), visiting.acting_as("boss"):
        raise ZeroDivisionError
    assert visiting.current().actor is None
