"""What `make test` leaves out, and `make test-all` runs."""

from collections.abc import Iterable
from typing import Any

import pytest

sweep = pytest.mark.sweep


def swept(values: Iterable[Any]) -> list[Any]:
    """Return values of a parameter, or of several in tuples, for the sweep only."""
    several = (value if isinstance(value, tuple) else (value,) for value in values)
    return [pytest.param(*value, marks=sweep) for value in several]


def first_of(values: Iterable[Any]) -> list[Any]:
    """Return values of a parameter, all except the first for the sweep only."""
    first, *others = values
    return [first, *swept(others)]
