"""The answers that are chosen from a menu, and the files of the project that belong to each.

Cookiecutter's own kind of choice, a list in cookiecutter.json, is of no use
here: it answers a wrong one with a traceback on the command line, and with a
warning and its first entry in a config file.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from .texts import quote

# By question, in the order of its menu: each choice with the files and folders that come with it.
CHOICES: Final[Mapping[str, Mapping[str, Sequence[str]]]] = {
    "store_backend": {
        "memory": [
            "auth/stores/file_change.py",
            "auth/stores/memory.py",
            "tests/stores/memory",
        ],
        "mysql": [
            ".streamlit/secrets.toml.example",
            "auth/commands/database.py",
            "auth/stores/sql",
            "compose.yaml",
            "tests/stores/sql",
        ],
    },
    "cookie_transport": {
        "component": [
            "auth/cookies/component.py",
            "tests/cookies/test_component.py",
        ],
        "http_only": [
            "auth/cookies/http_only",
            "tests/cookies/http_only",
        ],
    },
}


def name_choice(question: str, answer: str) -> str:
    """Return the name of the choice that was meant, or the answer if there is none.

    >>> name_choice("store_backend", "2"), name_choice("store_backend", " MySQL ")
    ('mysql', 'mysql')
    >>> name_choice("store_backend", "3")
    '3'
    """
    names = list(CHOICES[question])
    meant = answer.strip().lower()
    by_number = {str(number): name for number, name in enumerate(names, start=1)}
    return by_number.get(meant, meant if meant in names else answer)


def check_choice(question: str, answer: str) -> list[str]:
    """Return what is wrong with an answer that is chosen from a menu.

    Valid: `mysql`, and `2` if it is the second in the menu.
    Invalid: ``, `postgres`, `0`.
    """
    names = list(CHOICES[question])
    if name_choice(question, answer) in names:
        return []
    return [f"The {question} {quote(answer)} has to be {' or '.join(names)}."]


def unwanted_paths(answers: Mapping[str, str]) -> list[str]:
    """Return the files and folders that belong to choices which were not made."""
    wanted = {path for question in CHOICES for path in CHOICES[question][answers[question]]}
    every = {path for choices in CHOICES.values() for paths in choices.values() for path in paths}
    return sorted(every - wanted)
