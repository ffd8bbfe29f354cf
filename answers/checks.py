"""What is wrong with the answers, all of them together."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from .choices import check_choice, name_choice
from .demo_users import check_demo_users
from .hours import check_session_hours
from .pages import check_pages, check_pages_beside_accounts
from .slug import check_slug
from .texts import check_description, check_project_name

# Stands in a command line for an answer that is still to be given.
TO_FILL_IN: Final = "???"
CHECKS: Final[Mapping[str, Callable[[str], list[str]]]] = {
    "project_name": check_project_name,
    "project_slug": check_slug,
    "description": check_description,
    "pages": check_pages,
    "store_backend": partial(check_choice, "store_backend"),
    "cookie_transport": partial(check_choice, "cookie_transport"),
    "accounts": partial(check_choice, "accounts"),
    "demo_users": check_demo_users,
    "session_hours": check_session_hours,
}


def find_problems(answers: Mapping[str, object]) -> dict[str, list[str]]:
    """Return everything that is wrong with the answers: sentences by question."""
    problems = {question: _check(question, answers[question]) for question in CHECKS}
    pages, accounts = answers["pages"], answers["accounts"]
    has_account_pages = isinstance(accounts, str) and "pages" in name_choice("accounts", accounts)
    if has_account_pages and isinstance(pages, str):
        problems["pages"] += check_pages_beside_accounts(pages)
    return {question: sentences for question, sentences in problems.items() if sentences}


def _check(question: str, answer: object) -> list[str]:
    if not isinstance(answer, str):
        return [f"The {question} has to be text: put it in quotes."]
    if answer.strip() == TO_FILL_IN:
        return [f"The answer to {question} is still {TO_FILL_IN}: write yours in its place."]
    return CHECKS[question](answer)
