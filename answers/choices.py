"""The answers that are chosen from a menu, and the files of the project that belong to each.

Cookiecutter's own kind of choice, a list in cookiecutter.json, is of no use
here: it answers a wrong one with a traceback on the command line, and with a
warning and its first entry in a config file.
"""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final

from .texts import quote

# What comes with every database, and with every one that is a server.
_SQL: Final = [
    "auth/commands/audit.py",
    "auth/commands/database.py",
    "auth/commands/sessions.py",
    "auth/stores/sql",
    "auth/tests/stores/sql",
    "compose.yaml",
]
_SERVER: Final = [
    *_SQL,
    ".streamlit/secrets.toml.example",
    "auth/stores/sql/databases/refusals.py",
    "auth/stores/sql/databases/server.py",
    "auth/tests/stores/sql/databases/test_server.py",
    "auth/tests/stores/sql/in_memory.py",
    "auth/tests/stores/sql/on_server.py",
]

# By question, in the order of its menu: each choice with the files and folders that come with it.
CHOICES: Final[Mapping[str, Mapping[str, Sequence[str]]]] = {
    "store_backend": {
        "memory": [
            "auth/commands/memory.py",
            "auth/stores/memory",
            "auth/tests/stores/memory",
        ],
        "sqlite": [
            *_SQL,
            "auth/stores/sql/databases/sqlite.py",
            "auth/tests/stores/sql/databases/test_sqlite.py",
            "auth/tests/stores/sql/in_file.py",
        ],
        "mysql": [
            *_SERVER,
            "auth/stores/sql/databases/mysql.py",
            "auth/tests/stores/sql/databases/test_mysql.py",
        ],
        "postgresql": [
            *_SERVER,
            "auth/stores/sql/databases/patient_connection.py",
            "auth/stores/sql/databases/postgresql.py",
            "auth/stores/sql/databases/postgresql_errors.py",
            "auth/tests/stores/sql/databases/test_postgresql.py",
        ],
    },
    "cookie_transport": {
        "component": [
            "auth/cookies/component.py",
            "auth/tests/cookies/test_component.py",
            "auth/visitor/frames.py",
        ],
        "http_only": [
            "auth/cookies/http_only",
            "auth/tests/cookies/http_only",
        ],
    },
    "accounts": {
        "pages": [
            "auth/login/own_account.py",
            "auth/tests/login/test_own_account.py",
            "auth/tests/views",
            "auth/views",
        ],
        "none": [],
    },
}


# By question: what people call a choice, beside its name.
OTHER_NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "store_backend": {
        "mariadb": "mysql",
        "pg": "postgresql",
        "postgres": "postgresql",
        "sqlite3": "sqlite",
    },
}


def name_choice(question: str, answer: str) -> str:
    """Return the name of the choice that was meant, or the answer if there is none.

    >>> name_choice("store_backend", "3"), name_choice("store_backend", " MariaDB ")
    ('mysql', 'mysql')
    >>> name_choice("store_backend", "5")
    '5'
    """
    names = list(CHOICES[question])
    by_number = {str(number): name for number, name in enumerate(names, start=1)}
    by_name = {name: name for name in names} | dict(OTHER_NAMES.get(question, {}))
    return (by_number | by_name).get(answer.strip().lower(), answer)


def check_choice(question: str, answer: str) -> list[str]:
    """Return what is wrong with an answer that is chosen from a menu.

    Valid: `mysql`, `MariaDB`, and `3` if it is the third in the menu.
    Invalid: ``, `oracle`, `0`.
    """
    names = list(CHOICES[question])
    if name_choice(question, answer) in names:
        return []
    return [f"The {question} {quote(answer)} has to be {either(names)}."]


def unwanted_paths(answers: Mapping[str, str]) -> list[str]:
    """Return the files and folders that belong to choices which were not made.

    What is in such a folder goes with it, and is not named.
    """
    wanted = {path for question in CHOICES for path in CHOICES[question][answers[question]]}
    every = {path for choices in CHOICES.values() for paths in choices.values() for path in paths}
    unwanted = every - wanted
    return sorted(
        path for path in unwanted if not unwanted & set(map(str, PurePosixPath(path).parents))
    )


def either(names: Sequence[str]) -> str:
    """Return names as a sentence offers them.

    >>> either(["one", "two"]), either(["one", "two", "three"])
    ('one or two', 'one, two or three')
    """
    *others, last = names
    return f"{', '.join(others)} or {last}"
