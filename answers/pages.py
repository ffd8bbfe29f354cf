"""The `pages` answer: an icon, a title and who may see it each, the landing page first."""

from contextlib import suppress
from typing import Final, NamedTuple

from slugify import slugify

from .icons import split_icon
from .roles import PUBLIC, check_roles, split_marks
from .slug import RESERVED_WINDOWS_NAMES
from .texts import AnswerError, check_arrows, check_printable, quote, split_list

MAX_PAGES: Final = 50
MAX_TITLE: Final = 100
MAX_ADDRESS: Final = 100
# Streamlit answers at these addresses itself.
TAKEN_ADDRESSES: Final = frozenset(["oauth2callback"])
# At these are the pages that come with the login.
ACCOUNT_ADDRESSES: Final = frozenset(["account", "users"])


class Page(NamedTuple):
    """A page as the user described it.

    Attributes:
        name: The title's ASCII slug: the view's file name and its address.
        title: What the link and the heading say.
        icon: An emoji or ":material/name:", or None.
        roles: Who may see it: users with one of these; every user if there are none.
        is_public: Whether everybody may see it, without a login.
    """

    name: str
    title: str
    icon: str | None
    roles: tuple[str, ...] = ()
    is_public: bool = False


def parse_pages(answer: str) -> list[Page]:
    """Return the pages of an answer without mistakes."""
    return [parse_page(entry) for entry in split_list(answer)]


def parse_page(entry: str) -> Page:
    """Read one entry of the `pages` answer: an optional icon, a title, and who may see it.

    Valid: `About`, `🏠 Home`, `:material/settings: Settings`, `O'Brien`, `Help @public`,
    `📈 Sales @sales @finance`.
    Invalid: ``, `🏠`, `:nope: X`, `★ Stars`, `!!!`, a title in Chinese of 100 characters,
    `@public`, `Help @public @sales`, `Sales @Sales`.

    Raises:
        AnswerError: The entry names no page.
    """
    what = f"The page {quote(entry)}"
    if problems := check_printable(what, entry):
        raise AnswerError(*problems)
    text, marks = split_marks(entry)
    icon, title = split_icon(text)
    name = slugify(title, separator="_")
    if problems := _check_title(what, title) or _check_address(what, name):
        raise AnswerError(problems[0])
    is_public = marks == (PUBLIC,)
    if not is_public and (problems := _check_marks(what, marks)):
        raise AnswerError(*problems)
    return Page(name, title, icon, () if is_public else marks, is_public)


def _check_marks(what: str, marks: tuple[str, ...]) -> list[str]:
    if PUBLIC in marks:
        return [f"{what} is @public, which everybody may see, and so can have no other mark."]
    return check_roles(what, marks)


def _check_title(what: str, title: str) -> list[str]:
    if not title or title.startswith("@"):
        return [f"{what} has no title."]
    if len(title) > MAX_TITLE:
        return [f"{what} has a title of more than {MAX_TITLE} characters."]
    return check_arrows(what, title)


def _check_address(what: str, name: str) -> list[str]:
    if not name:
        return [f"{what} has no letter or digit to make an address from."]
    if len(name) > MAX_ADDRESS:
        return [f"{what} has an address of more than {MAX_ADDRESS} characters."]
    if name in RESERVED_WINDOWS_NAMES:
        return [f"{what} has an address that is a reserved Windows name."]
    if name in TAKEN_ADDRESSES:
        return [f"{what} has an address that Streamlit uses itself."]
    return []


def check_pages(answer: str) -> list[str]:
    """Return what is wrong with the `pages` answer.

    Valid: `🏠 Home, ℹ️ About`, `Calendar, Email`.
    Invalid: ``, `Home,`, `Home, home`, `:nope: X`, more than 50 pages.
    """
    entries = split_list(answer)
    if not entries:
        return ["There has to be at least one page."]
    problems = []
    if len(entries) > MAX_PAGES:
        problems.append(f"There are {len(entries)} pages; at most {MAX_PAGES} are possible.")
    entry_of: dict[str, str] = {}
    for number, entry in enumerate(entries, start=1):
        if not entry:
            problems.append(f"Page {number} of {len(entries)} is empty: there is an extra comma.")
            continue
        try:
            page = parse_page(entry)
        except AnswerError as error:
            problems += error.args
            continue
        if page.name in entry_of:
            problems.append(
                f"The pages {quote(entry_of[page.name])} and {quote(entry)} "
                f"would have the same address, /{page.name}."
            )
        entry_of.setdefault(page.name, entry)
    return problems


def check_pages_beside_accounts(answer: str) -> list[str]:
    """Return which pages have the address of a page that comes with the login.

    >>> check_pages_beside_accounts("Home, Users")
    ['The page "Users" has the address /users, which is that of a page that comes with the login.']
    """
    problems = []
    for entry in split_list(answer):
        with suppress(AnswerError):  # what check_pages says
            if (page := parse_page(entry)).name in ACCOUNT_ADDRESSES:
                problems.append(
                    f"The page {quote(entry)} has the address /{page.name}, "
                    "which is that of a page that comes with the login."
                )
    return problems
