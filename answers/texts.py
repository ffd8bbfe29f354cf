"""Texts as people type them: lists, what can be shown, and how a message names them."""

import unicodedata
from typing import Final

MAX_PROJECT_NAME: Final = 100
MAX_QUOTED: Final = 80
# No escape keeps Streamlit from showing these, between spaces, as → and the like.
ARROWS: Final = frozenset(["->", "<-", "<->", "--", ">=", "<=", "~="])
LINE_BREAKS_AND_CONTROLS: Final = frozenset(["Cc", "Cs", "Zl", "Zp"])


class AnswerError(ValueError):
    """An answer cannot be used; the message is a sentence for the person who gave it."""


def split_list(answer: str) -> list[str]:
    """Return the entries of a comma-separated answer, without spaces around them.

    >>> split_list(" a, b ")
    ['a', 'b']
    >>> split_list(" ")
    []
    """
    return [entry.strip() for entry in answer.split(",")] if answer.strip() else []


def check_project_name(name: str) -> list[str]:
    """Return what is wrong with the `project_name` answer.

    Valid: `Sales`, `🎈 O'Brien's`.
    Invalid: ``, `in -> out`, more than 100 characters, a line break.
    """
    if not name.strip():
        return ["The project_name is empty: it is the title of the app."]
    what = f"The project_name {quote(name)}"
    problems = check_printable(what, name) + check_arrows(what, name)
    if len(name) > MAX_PROJECT_NAME:
        problems.append(f"{what} is longer than {MAX_PROJECT_NAME} characters.")
    return problems


def check_description(description: str) -> list[str]:
    """Return what is wrong with the `description` answer.

    Valid: ``, `A "small" app.`.
    Invalid: a line break.
    """
    return check_printable(f"The description {quote(description)}", description)


def check_printable(what: str, text: str) -> list[str]:
    """Return a problem if a text is not one line of printable characters."""
    if all(map(is_printable, text)):
        return []
    return [f"{what} has a line break or another unprintable character."]


def check_arrows(what: str, text: str) -> list[str]:
    """Return a problem if Streamlit would not show a text as it is.

    >>> check_arrows("The title", "in-out")
    []
    >>> check_arrows("The title", "in -> out")
    ['The title has ->, which Streamlit would show as a different character.']
    """
    arrow = next((word for word in text.split() if word in ARROWS), None)
    if arrow is None:
        return []
    return [f"{what} has {arrow}, which Streamlit would show as a different character."]


def is_printable(char: str) -> bool:
    """Say whether a character can stand in a line: also those that only join or change others."""
    return unicodedata.category(char) not in LINE_BREAKS_AND_CONTROLS


def quote(text: str) -> str:
    r"""Return a text as a message names it: short, and in one line.

    >>> print(quote("in\nout"))
    "in\nout"
    """
    short = text if len(text) <= MAX_QUOTED else f"{text[: MAX_QUOTED - 3]}..."
    shown = (
        char if is_printable(char) else char.encode("unicode_escape").decode() for char in short
    )
    return f'"{"".join(shown)}"'
