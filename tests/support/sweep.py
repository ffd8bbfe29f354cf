"""What `make test` leaves out, and `make test-all` runs."""

from collections.abc import Iterable
from typing import Any

import pytest

sweep = pytest.mark.sweep


def swept(values: Iterable[Any]) -> list[Any]:
    """Return values of a parameter for the sweep only."""
    return [pytest.param(value, marks=sweep) for value in values]


def first_of(values: Iterable[Any]) -> list[Any]:
    """Return values of a parameter, all except the first for the sweep only."""
    first, *others = values
    return [first, *swept(others)]
