"""The demo users: what is accepted, and what is refused."""

import pytest

from answers.demo_users import DemoUser, check_demo_users, parse_demo_users


@pytest.mark.parametrize(
    "answer",
    [
        "",
        " ",
        "test1, test2",
        "ann@example.com",
        "a.b-c_D",
        "x" * 64,
        "ann @admin @sales",
        "@ann @sales",
    ],
)
def test_ordinary_demo_users_are_accepted(answer: str) -> None:
    assert check_demo_users(answer) == []


@pytest.mark.parametrize(
    ("answer", "named", "reason"),
    [
        ("a b", '"a b"', "letters, digits"),
        ("ann,", '""', "letters, digits"),
        ("ann, Zoë", '"Zoë"', "letters, digits"),
        ("x" * 65, '"xxx', "1 to 64"),
        ("../ann", '"../ann"', "letters, digits"),
        ("ann, bob, ann", '"ann"', "2 times"),
        ("ann, bob, Ann @sales", '"ann"', "2 times"),
        ("ann@example.com @", '"ann@example.com @"', 'the role ""'),
        ("ann @Sales", '"ann @Sales"', "lowercase"),
        ("ann @public", '"ann @public"', "not a role"),
        ("ann @sales @sales", '"ann @sales @sales"', "more than once"),
        (f"ann @{'x' * 33}", '"ann @xxx', "31 lowercase"),
    ],
)
def test_a_demo_user_that_cannot_work_is_refused_by_name(
    answer: str, named: str, reason: str
) -> None:
    (problem,) = check_demo_users(answer)
    assert named in problem
    assert reason in problem


def test_a_demo_user_has_a_name_in_lower_case_and_roles() -> None:
    assert parse_demo_users("Ann @admin @sales, ben") == [
        DemoUser("ann", ("admin", "sales")),
        DemoUser("ben", ()),
    ]
