"""The length of a login: what is accepted, what is refused, and how it is written out."""

import pytest

from answers.hours import check_session_hours, number_literal


@pytest.mark.parametrize(
    ("answer", "number"),
    [("24", "24"), (" 024.50 ", "24.5"), (".5", "0.5"), ("8760.0", "8760"), ("100", "100")],
)
def test_hours_are_numbers_without_needless_zeros(answer: str, number: str) -> None:
    assert check_session_hours(answer) == []
    assert number_literal(answer) == number


@pytest.mark.parametrize(
    "answer", ["", "0", "0.0", "-1", "+1", "1e3", "day", "8761", "8760.1", "٣", "1,5", "nan", "inf"]
)
def test_hours_that_cannot_work_are_refused_by_name(answer: str) -> None:
    (problem,) = check_session_hours(answer)
    assert f'"{answer}"' in problem
    assert "over 0 and at most 8760" in problem
