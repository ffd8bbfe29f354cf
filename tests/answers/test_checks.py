"""The answers together."""

import json

import pytest

from answers.checks import CHECKS, find_problems
from tests.support.baking import TEMPLATE

GOOD = {
    "project_name": "Sales",
    "project_slug": "sales",
    "description": "About sales.",
    "pages": "Home",
    "store_backend": "memory",
    "cookie_transport": "component",
    "accounts": "pages",
    "demo_users": "ann",
    "session_hours": "24",
}


def test_every_question_has_a_check_in_the_order_of_the_questions() -> None:
    questions = json.loads((TEMPLATE / "cookiecutter.json").read_text(encoding="utf-8"))
    assert list(CHECKS) == [name for name in questions if not name.startswith("_")]
    assert list(CHECKS) == [*questions["__prompts__"]]


def test_good_answers_have_no_problems() -> None:
    assert find_problems(GOOD) == {}
    assert find_problems({**GOOD, "_template": None, "not_asked": 1}) == {}


@pytest.mark.parametrize("question", GOOD)
@pytest.mark.parametrize("answer", [None, True, 24, ["a"]])
def test_an_answer_that_is_not_text_is_refused(question: str, answer: object) -> None:
    (problem,) = find_problems({**GOOD, question: answer})[question]
    assert f"The {question} has to be text" in problem


@pytest.mark.parametrize("question", GOOD)
def test_an_answer_that_is_still_to_be_given_is_refused(question: str) -> None:
    found = find_problems({**GOOD, question: " ??? "})
    assert found == {
        question: [f"The answer to {question} is still ???: write yours in its place."]
    }


def test_all_wrong_answers_are_found_at_once() -> None:
    wrong = {
        "project_name": "",
        "project_slug": "con",
        "description": "in\nout",
        "pages": "!!!, ?",
        "store_backend": "paper",
        "cookie_transport": "",
        "accounts": "all",
        "demo_users": "a b",
        "session_hours": "0",
    }
    problems = find_problems(wrong)
    assert list(problems) == list(wrong)
    assert len(problems["pages"]) == 2
    assert sum(map(len, problems.values())) == 10


def test_a_page_may_have_the_address_of_one_of_the_login_where_that_is_left_out() -> None:
    (problem,) = find_problems({**GOOD, "pages": "Home, Users"})["pages"]
    assert "/users" in problem
    assert find_problems({**GOOD, "pages": "Home, Users", "accounts": "3"}) == {}


def test_a_second_factor_includes_the_pages_of_the_login() -> None:
    for accounts in ("2", "second_factor", "pages, second_factor"):
        (problem,) = find_problems({**GOOD, "pages": "Home, Users", "accounts": accounts})["pages"]
        assert "/users" in problem
