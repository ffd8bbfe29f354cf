"""Who is acting."""

import pytest

from auth import actor


def test_nobody_is_named_but_within_the_block() -> None:
    assert actor.current() is None
    with actor.acting_as("boss"):
        with actor.acting_as("ann", "192.0.2.1"):
            assert actor.current() == ("ann", "192.0.2.1")
        assert actor.current() == ("boss", None)
    assert actor.current() is None


def test_nobody_is_named_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), actor.acting_as("boss"):
        raise ZeroDivisionError
    assert actor.current() is None
