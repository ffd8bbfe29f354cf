"""The project's name and description, and how a message names a text."""

from collections.abc import Callable

import pytest

from answers.texts import check_description, check_project_name, quote


@pytest.mark.parametrize("name", ["Sales", "O'Brien's \"C:\\new\"", "🎈", "{{ 7*7 }}", "日" * 100])
def test_an_awkward_project_name_is_accepted(name: str) -> None:
    assert check_project_name(name) == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [("", "empty"), (" ", "empty"), ("in -> out", "has ->"), ("x" * 101, "longer than 100")],
)
def test_a_project_name_that_cannot_work_is_refused(name: str, reason: str) -> None:
    (problem,) = check_project_name(name)
    assert "project_name" in problem
    assert reason in problem


@pytest.mark.parametrize("description", ["", " ", "in -> out", "x" * 1000, "''' \"\"\" \\"])
def test_any_line_is_a_description(description: str) -> None:
    assert check_description(description) == []


@pytest.mark.parametrize("check", [check_project_name, check_description])
@pytest.mark.parametrize("char", ["\n", "\r", "\t", "\0", "\x7f", "\u2028", "\ud83c"])
def test_a_line_break_or_the_like_is_refused_in_any_text(
    check: Callable[[str], list[str]], char: str
) -> None:
    (problem,) = check(f"one{char}two")
    escaped = char.encode("unicode_escape").decode()
    assert f'"one{escaped}two"' in problem
    assert "line break or another unprintable character" in problem


def test_a_message_names_a_long_text_by_its_beginning() -> None:
    assert quote("x" * 80) == f'"{"x" * 80}"'
    assert quote("x" * 81) == f'"{"x" * 77}..."'
