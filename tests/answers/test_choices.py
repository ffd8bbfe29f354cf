"""The answers chosen from a menu: what is accepted, what is refused, and what comes along."""

import json
import re

import pytest

from answers.choices import CHOICES, OTHER_NAMES, check_choice, name_choice, unwanted_paths
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
    answers = {"store_backend": "memory", "cookie_transport": "http_only", "accounts": "none"}
    assert unwanted_paths(answers) == [
        ".streamlit/secrets.toml.example",
        "auth/commands/audit.py",
        "auth/commands/database.py",
        "auth/commands/sessions.py",
        "auth/cookies/component.py",
        "auth/login/own_account.py",
        "auth/stores/sql",
        "auth/tests/cookies/test_component.py",
        "auth/tests/login/test_own_account.py",
        "auth/tests/stores/sql",
        "auth/tests/views",
        "auth/views",
        "auth/visitor/frames.py",
        "compose.yaml",
    ]


def test_what_belongs_to_another_database_is_unwanted_within_a_folder_that_is_not() -> None:
    answers = {"store_backend": "sqlite", "cookie_transport": "http_only", "accounts": "pages"}
    unwanted = unwanted_paths(answers)
    assert "auth/stores/sql/databases/mysql.py" in unwanted
    assert not {"auth/stores/sql", "auth/stores/sql/databases/sqlite.py"} & set(unwanted)


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
