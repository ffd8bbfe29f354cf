"""The answers chosen from a menu: what is accepted, what is refused, and what comes along."""

import json
import re

import pytest

from answers.choices import (
    CHOICES,
    INCLUDED,
    OTHER_NAMES,
    SEVERAL,
    TOGETHER,
    check_choice,
    name_choice,
    unwanted_paths,
)
from tests.support.baking import TEMPLATE

QUESTIONS = json.loads((TEMPLATE / "cookiecutter.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ("memory", "memory"),
        ("mysql", "mysql"),
        ("1", "memory"),
        (" 3 ", "mysql"),
        ("4", "postgresql"),
        ("MySQL", "mysql"),
        ("postgres", "postgresql"),
        (" PG ", "postgresql"),
        ("MariaDB", "mysql"),
        ("sqlite3", "sqlite"),
    ],
)
def test_a_choice_is_made_by_its_name_or_its_number(answer: str, name: str) -> None:
    assert check_choice("store_backend", answer) == []
    assert name_choice("store_backend", answer) == name


@pytest.mark.parametrize("answer", ["", " ", "0", "5", "-1", "٢", "oracle", "memory, mysql"])
def test_a_choice_that_is_not_offered_is_refused_by_name(answer: str) -> None:
    assert check_choice("store_backend", answer) == [
        f'The store_backend "{answer}" has to be memory, sqlite, mysql or postgresql.'
    ]
    assert name_choice("store_backend", answer) == answer


@pytest.mark.parametrize(
    ("answer", "names"),
    [
        ("pages", "pages"),
        ("1", "pages"),
        ("second_factor", "pages, second_factor"),
        ("2", "pages, second_factor"),
        ("pages, second_factor", "pages, second_factor"),
        (" Second_Factor,1 , pages", "pages, second_factor"),
        ("3", "none"),
        ("None", "none"),
    ],
)
def test_several_choices_are_named_in_one_order_with_what_they_include(
    answer: str, names: str
) -> None:
    assert check_choice("accounts", answer) == []
    assert name_choice("accounts", answer) == names
    assert name_choice("accounts", names) == names


@pytest.mark.parametrize("answer", ["", " ", "0", "pages,", "pages; none", "pages, mail", "all"])
def test_each_of_several_choices_has_to_be_offered(answer: str) -> None:
    (problem,) = check_choice("accounts", answer)
    assert problem.endswith('" has to be pages, second_factor or none.')
    assert name_choice("accounts", answer) == answer


def test_nothing_is_chosen_beside_none() -> None:
    assert check_choice("accounts", "pages, 3") == [
        'The accounts "pages, 3" has none and others: choose one way.'
    ]
    assert name_choice("accounts", "pages, 3") == "pages, 3"


def test_choices_are_told_apart_by_their_names_alone() -> None:
    names = [name for choices in CHOICES.values() for name in choices]
    assert len({*names}) == len(names)
    assert {name for pair in TOGETHER for name in pair} <= {*names}
    for question, alone in SEVERAL.items():
        assert alone in CHOICES[question]
        # A template asks whether a name is in the answer, which is a text.
        others = [one for one in CHOICES[question] for other in CHOICES[question] if one in other]
        assert others == [*CHOICES[question]]
    for name, included in INCLUDED.items():
        (question,) = (each for each, choices in CHOICES.items() if name in choices)
        assert {*included} < {*CHOICES[question]}


def test_every_other_name_is_of_a_choice_and_is_none_itself() -> None:
    for question, names in OTHER_NAMES.items():
        assert set(names.values()) <= set(CHOICES[question])
        assert not set(names) & set(CHOICES[question])


@pytest.mark.parametrize("question", CHOICES)
def test_the_menu_has_the_choices_with_their_numbers(question: str) -> None:
    menu = re.findall(r"(\d)\[/\] - \[bold\](\w+) ", QUESTIONS["__prompts__"][question])
    assert menu == [(str(number), name) for number, name in enumerate(CHOICES[question], start=1)]
    assert QUESTIONS[question] == next(iter(CHOICES[question]))


def test_what_belongs_to_other_choices_is_unwanted() -> None:
    answers = {
        "store_backend": "memory",
        "cookie_transport": "http_only",
        "accounts": "pages, second_factor",
    }
    assert unwanted_paths(answers) == [
        ".streamlit/secrets.toml.example",
        "auth/commands/audit.py",
        "auth/commands/database.py",
        "auth/commands/sessions.py",
        "auth/cookies/component.py",
        "auth/login/second_factor/remembered/never.py",
        "auth/stores/sql",
        "auth/tests/cookies/test_component.py",
        "auth/tests/stores/sql",
        "auth/visitor/frames.py",
        "compose.yaml",
    ]


def test_what_belongs_to_another_database_is_unwanted_within_a_folder_that_is_not() -> None:
    answers = {"store_backend": "sqlite", "cookie_transport": "http_only", "accounts": "pages"}
    unwanted = unwanted_paths(answers)
    assert "auth/stores/sql/databases/mysql.py" in unwanted
    assert not {"auth/stores/sql", "auth/stores/sql/databases/sqlite.py"} & set(unwanted)


def test_what_belongs_to_a_second_factor_and_a_store_needs_both() -> None:
    def unwanted_of(store: str, accounts: str) -> set[str]:
        answers = {"store_backend": store, "cookie_transport": "component", "accounts": accounts}
        return set(unwanted_paths(answers))

    in_memory, in_sql = "auth/stores/memory/factors.py", "auth/stores/sql/factors.py"
    in_both = "auth/stores/factors"
    with_both = unwanted_of("memory", "pages, second_factor")
    assert not {in_memory, in_both} & with_both
    assert "auth/stores/sql" in with_both
    assert {in_memory, in_both} <= unwanted_of("memory", "pages")
    assert not {in_sql, in_both} & unwanted_of("mysql", "pages, second_factor")
    assert {in_sql, in_both} <= unwanted_of("mysql", "pages")


def test_the_pages_of_the_login_are_all_that_accounts_brings_along() -> None:
    others = {"store_backend": "memory", "cookie_transport": "component"}
    with_pages = unwanted_paths({**others, "accounts": "pages"})
    without = unwanted_paths({**others, "accounts": "none"})
    assert set(without) - set(with_pages) == {
        "auth/login/own_account.py",
        "auth/tests/login/test_own_account.py",
        "auth/tests/views",
        "auth/views",
    }
