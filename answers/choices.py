"""The answers that are chosen from a menu, and the files of the project that belong to each.

One choice answers most questions; those in `SEVERAL` take some at once.

Cookiecutter's own kind of choice, a list in cookiecutter.json, is of no use
here: it answers a wrong one with a traceback on the command line, and with a
warning and its first entry in a config file.
"""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final

from .texts import quote, split_list

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
        "second_factor": [
            "auth/commands/second_factor.py",
            "auth/gate/second_factor",
            "auth/login/second_factor",
            "auth/server/reconnection.py",
            "auth/stores/factors",
            "auth/tests/gate/second_factor",
            "auth/tests/login/second_factor",
            "auth/tests/second_factors.py",
            "auth/tests/stores/test_factors_contract.py",
            "auth/tests/test_second_factor_commands.py",
            "auth/tests/users/factors",
            "auth/tests/views/test_second_factor.py",
            "auth/tests/views/test_second_factor_reset.py",
            "auth/users/factors",
            "auth/views/second_factor.py",
            "auth/views/second_factor_reset.py",
        ],
        "none": [],
    },
}

_FACTORS_IN_SQL: Final = [
    "auth/stores/sql/factor_tables.py",
    "auth/stores/sql/factors.py",
    "auth/stores/sql/migrations/versions/auth_factors_0001.py",
    "auth/tests/stores/sql/test_factors.py",
]
# What two choices of different questions have only together.
TOGETHER: Final[Mapping[tuple[str, str], Sequence[str]]] = {
    ("memory", "second_factor"): [
        "auth/stores/memory/factors.py",
        "auth/tests/stores/memory/test_factors.py",
    ],
    ("sqlite", "second_factor"): _FACTORS_IN_SQL,
    ("mysql", "second_factor"): _FACTORS_IN_SQL,
    ("postgresql", "second_factor"): _FACTORS_IN_SQL,
    ("component", "second_factor"): ["auth/login/second_factor/remembered/never.py"],
    ("http_only", "second_factor"): [
        "auth/login/second_factor/remembered/by_device.py",
        "auth/tests/login/second_factor/test_remembered.py",
    ],
}
EVERY_PATH: Final = sorted(
    {path for choices in CHOICES.values() for paths in choices.values() for path in paths}.union(
        *TOGETHER.values()
    )
)

# The questions that take more than one choice, and the choice that stands alone.
SEVERAL: Final[Mapping[str, str]] = {"accounts": "none"}
# A choice: the others of its question that come with it.
INCLUDED: Final[Mapping[str, Sequence[str]]] = {"second_factor": ["pages"]}

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

    Of a question that takes several, the names stand in the order of the menu, with those that
    are included.

    >>> name_choice("store_backend", "3"), name_choice("store_backend", " MariaDB ")
    ('mysql', 'mysql')
    >>> name_choice("store_backend", "5")
    '5'
    >>> name_choice("accounts", "2"), name_choice("accounts", "none")
    ('pages, second_factor', 'none')
    """
    if question not in SEVERAL:
        return _name_one(question, answer)
    names = {_name_one(question, entry) for entry in split_list(answer)}
    names |= {included for name in names for included in INCLUDED.get(name, ())}
    if check_choice(question, answer):
        return answer
    return ", ".join(name for name in CHOICES[question] if name in names)


def check_choice(question: str, answer: str) -> list[str]:
    """Return what is wrong with an answer that is chosen from a menu.

    Valid: `mysql`, `MariaDB`, and `3` if it is the third in the menu; `pages, second_factor`.
    Invalid: ``, `oracle`, `0`; `pages, none`.
    """
    entries = (split_list(answer) or [answer]) if question in SEVERAL else [answer]
    names = {_name_one(question, entry): entry for entry in entries}
    problems = [
        f"The {question} {quote(entry)} has to be {either(list(CHOICES[question]))}."
        for name, entry in names.items()
        if name not in CHOICES[question]
    ]
    alone = SEVERAL.get(question)
    if alone in names and len(names) > 1:
        problems.append(f"The {question} {quote(answer)} has {alone} and others: choose one way.")
    return problems


def _name_one(question: str, answer: str) -> str:
    names = list(CHOICES[question])
    by_number = {str(number): name for number, name in enumerate(names, start=1)}
    by_name = {name: name for name in names} | dict(OTHER_NAMES.get(question, {}))
    return (by_number | by_name).get(answer.strip().lower(), answer)


def unwanted_paths(answers: Mapping[str, str]) -> list[str]:
    """Return the files and folders that belong to choices which were not made.

    What is in such a folder goes with it, and is not named.
    """
    by_choice = {name: paths for choices in CHOICES.values() for name, paths in choices.items()}
    chosen = {name for question in CHOICES for name in split_list(answers[question])}
    together = [paths for pair, paths in TOGETHER.items() if chosen.issuperset(pair)]
    wanted = {path for name in chosen for path in by_choice[name]}.union(*together)
    unwanted = {*EVERY_PATH} - wanted
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
