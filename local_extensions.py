"""The grammar of the answers: what they mean, what is wrong with them, how they are written out.

Cookiecutter loads this module as a Jinja extension, so the template and the
hooks ask it through filters.
"""

import io
import json
import keyword
import re
import runpy
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from cookiecutter.exceptions import FailedHookException
from jinja2 import Environment
from jinja2.ext import Extension
from slugify import slugify

ICONS_FILE: Final = Path(__file__).with_name("icons.json")
SOURCE: Final = Path(__file__).read_bytes()
MOST_PAGES: Final = 50
LONGEST_TITLE: Final = 100
LONGEST_ADDRESS: Final = 100
LONGEST_SLUG: Final = 56  # the name of the login cookie, SLUG_session, may have 64
LONGEST_NAME: Final = 82
MOST_HOURS: Final = 8760
LINE_WIDTH: Final = 100  # of the generated projects

VIEW: Final = """\
import streamlit as st

{title}
st.write("Replace this line with what the page is about.")
"""

DEVICE_NAMES: Final = frozenset(
    ["con", "prn", "aux", "nul"] + [f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)]
)
# The modules of a generated project, and the modules and packages that it installs.
MODULE_NAMES: Final = frozenset(
    """
    app auth manage seeds tests views
    altair annotated_types anyio argon2 argon2_cffi argon2_cffi_bindings ast_serialize attr attrs
    blinker cachetools certifi cffi charset_normalizer click colorama cryptography dateutil dotenv
    execnet extra_streamlit_components git gitdb google greenlet h11 httptools idna iniconfig
    itsdangerous jinja2 jsonschema jsonschema_specifications libpass librt markupsafe multipart
    mypy mypy_extensions mypyc narwhals numpy packaging pandas passlib pathspec pil pillow pip
    pluggy pre_commit protobuf py pyarrow pycparser pydantic pydantic_core pydantic_settings
    pydeck pygments pymysql pytest pytest_xdist python_dateutil python_dotenv python_multipart
    referencing requests rpds rpds_py ruff setuptools six smmap sqlalchemy starlette streamlit
    tenacity toml tornado typing_extensions typing_inspection tzdata urllib3 uvicorn watchdog
    websockets xdist
    """.split()
)
# Streamlit answers at these addresses itself.
TAKEN_ADDRESSES: Final = frozenset(["oauth2callback"])
# No escape keeps Streamlit from showing these, between spaces, as → and the like.
ARROWS: Final = frozenset(["->", "<-", "<->", "--", ">=", "<=", "~="])
_ARROW_REASON: Final = "which Streamlit would show as another sign."


class Page(NamedTuple):
    """A page as the user described it.

    Attributes:
        name: The title's ASCII slug: the view's file name and its address.
        title: What the link and the heading say.
        icon: An emoji or ":material/name:", or None.
    """

    name: str
    title: str
    icon: str | None


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


def parse_page(entry: str) -> Page:
    """Read one entry of the `pages` answer: an optional icon, then a title.

    Valid: `About`, `🏠 Home`, `:material/settings: Settings`, `O'Brien`.
    Invalid: ``, `🏠`, `:nope: X`, `★ Stars`, `!!!`, a title in Chinese of 100 signs.

    Raises:
        AnswerError: The entry names no page.
    """
    if problems := _check_showable(f"The page {_quote(entry)}", entry):
        raise AnswerError(*problems)
    icon, title = _split_icon(entry)
    name = slugify(title, separator="_")
    if not title:
        raise AnswerError(f"The page {_quote(entry)} has no title.")
    if len(title) > LONGEST_TITLE:
        raise AnswerError(
            f"The title of the page {_quote(entry)} is longer than {LONGEST_TITLE} characters."
        )
    if not name:
        raise AnswerError(
            f"The page {_quote(entry)} has no letter or digit that an address could be made of."
        )
    if len(name) > LONGEST_ADDRESS:
        raise AnswerError(
            f"The page {_quote(entry)} has an address of more than {LONGEST_ADDRESS} characters."
        )
    if arrow := find_arrow(title):
        raise AnswerError(f"The page {_quote(entry)} has {arrow}, {_ARROW_REASON}")
    if name in DEVICE_NAMES:
        raise AnswerError(f"The page {_quote(entry)} is named like a device of Windows.")
    if name in TAKEN_ADDRESSES:
        raise AnswerError(f"The page {_quote(entry)} has an address that Streamlit needs itself.")
    return Page(name, title, icon)


def find_arrow(text: str) -> str | None:
    """Return the first word of a text that Streamlit would show as another sign.

    >>> find_arrow("in -> out"), find_arrow("in-out")
    ('->', None)
    """
    return next((word for word in text.split() if word in ARROWS), None)


def parse_pages(answer: str) -> list[Page]:
    """Return the pages of an answer without mistakes."""
    return [parse_page(entry) for entry in split_list(answer)]


def check_pages(answer: str) -> list[str]:
    """Return what is wrong with the `pages` answer.

    Valid: `🏠 Home, ℹ️ About`, `Calendar, Email`.
    Invalid: ``, `Home,`, `Home, home`, `:nope: X`, more than 50 pages.
    """
    entries = split_list(answer)
    if not entries:
        return ["There has to be at least one page."]
    problems = []
    if len(entries) > MOST_PAGES:
        problems.append(f"There are {len(entries)} pages; at most {MOST_PAGES} are possible.")
    entry_of: dict[str, str] = {}
    for number, entry in enumerate(entries, start=1):
        if not entry:
            problems.append(f"Page {number} of {len(entries)} is empty: there is a comma too many.")
            continue
        try:
            page = parse_page(entry)
        except AnswerError as error:
            problems.append(str(error))
            continue
        if page.name in entry_of:
            problems.append(
                f"The pages {_quote(entry_of[page.name])} and {_quote(entry)} "
                f"would have the same address, /{page.name}."
            )
        entry_of.setdefault(page.name, entry)
    return problems


def check_project_name(name: str) -> list[str]:
    """Return what is wrong with the `project_name` answer.

    Valid: `Sales`, `🎈 O'Brien's`.
    Invalid: ``, `in -> out`, a name too long for a line of code.
    """
    if not name.strip():
        return ["The project_name is empty: it is the title of the app."]
    problems = _check_showable(f"The project_name {_quote(name)}", name)
    if _width(python_literal(name)) > LONGEST_NAME:
        problems.append(f"The project_name is too long: it may take {LONGEST_NAME} columns.")
    if arrow := find_arrow(name):
        problems.append(f"The project_name has {arrow}, {_ARROW_REASON}")
    return problems


def check_description(description: str) -> list[str]:
    """Return what is wrong with the `description` answer: only a character that has no sign."""
    return _check_showable(f"The description {_quote(description)}", description)


def check_slug(slug: str) -> list[str]:
    """Return what is wrong with the `project_slug` answer.

    Valid: `sales_app`, `app2`.
    Invalid: ``, `Sales`, `2nd`, `a-b`, `a_`, `../a`, `class`, `json`, `streamlit`, `con`.
    """
    if not slug:
        return ["The project_slug is empty: it names the folder to create."]
    if not re.fullmatch(r"[a-z][a-z0-9_]*", slug):
        return [
            f"The project_slug {_quote(slug)} has to begin with a small letter (a-z) and "
            "go on with small letters, digits and _ only."
        ]
    if slug.endswith("_"):
        return [f"The project_slug {_quote(slug)} has to end with a letter or a digit."]
    if len(slug) > LONGEST_SLUG:
        return [f"The project_slug {_quote(slug)} is longer than {LONGEST_SLUG} characters."]
    if keyword.iskeyword(slug):
        return [f"The project_slug {_quote(slug)} is a word of the Python language."]
    if slug in DEVICE_NAMES:
        return [f"The project_slug {_quote(slug)} is the name of a device of Windows."]
    if slug in sys.stdlib_module_names:
        return [f"The project_slug {_quote(slug)} is the name of a module that Python brings."]
    if re.sub(r"_+", "_", slug) in MODULE_NAMES:
        return [f"The project_slug {_quote(slug)} is the name of a module that the app uses."]
    return []


def check_demo_users(answer: str) -> list[str]:
    """Return what is wrong with the `demo_users` answer.

    Valid: ``, `test1, test2`, `ann@example.com`.
    Invalid: `a b`, `ann,`, `ann, ann`, a name of more than 64 characters.
    """
    names = split_list(answer)
    problems = [
        f"The demo user {_quote(name)} has to be 1 to 64 letters, digits or any of _ . @ and -."
        for name in names
        if not re.fullmatch(r"[A-Za-z0-9._@-]{1,64}", name)
    ]
    problems += [
        f"The demo user {_quote(name)} is there {times} times."
        for name, times in Counter(names).items()
        if times > 1 and name
    ]
    return problems


def check_session_hours(answer: str) -> list[str]:
    """Return what is wrong with the `session_hours` answer.

    Valid: `24`, `0.5`, `.5`, `8760`.
    Invalid: ``, `0`, `-1`, `1e3`, `day`, `8761`.
    """
    number = answer.strip()
    if re.fullmatch(r"\d{0,9}\.?\d{1,9}", number, re.ASCII) and 0 < Decimal(number) <= MOST_HOURS:
        return []
    return [
        f"The session_hours {_quote(answer)} has to be a number over 0 and at most {MOST_HOURS}."
    ]


CHECKS: Final[Mapping[str, Callable[[str], list[str]]]] = {
    "project_name": check_project_name,
    "project_slug": check_slug,
    "description": check_description,
    "pages": check_pages,
    "demo_users": check_demo_users,
    "session_hours": check_session_hours,
}


def find_problems(answers: Mapping[str, object]) -> list[str]:
    """Return everything that is wrong with the answers, a sentence each."""
    problems = []
    for name, answer in answers.items():
        if name.startswith("_"):
            continue
        if not isinstance(answer, str):
            problems.append(f"The {name} has to be text: put it in quotes.")
        elif name in CHECKS:
            problems += CHECKS[name](answer)
    return problems


def check_answers(answers: Mapping[str, object]) -> str:
    """Stop before cookiecutter writes anything, if an answer is wrong.

    Raises:
        FailedHookException: Something is wrong. What it is stands on standard error.
    """
    problems = find_problems(answers)
    if problems:
        for problem in problems:
            print(f"ERROR: {problem}", file=sys.stderr)
        raise FailedHookException("Nothing was generated. Please run cookiecutter again.")
    return "yes"


def python_literal(text: str) -> str:
    """Return a Python string literal, quoted as the formatter would quote it.

    >>> print(python_literal("O'Brien"), python_literal('a "b"'))
    "O'Brien" 'a "b"'
    """
    quote = "'" if text.count('"') > text.count("'") else '"'
    escaped = "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode()
        for char in text.replace("\\", "\\\\").replace(quote, f"\\{quote}")
    )
    return f"{quote}{escaped}{quote}"


def page_row(page: Page) -> str:
    """Return a page as a row of the list in app.py."""
    arguments = [python_literal(f"views/{page.name}.py"), f"title={python_literal(page.title)}"]
    if page.icon:
        arguments.append(f"icon={python_literal(page.icon)}")
    arguments.append(f"url_path={python_literal(page.name)}")
    return _call("st.Page", arguments, indent=4) + ","


def number_literal(answer: str) -> str:
    """Return a number without zeros that mean nothing.

    >>> number_literal("024.50")
    '24.5'
    """
    text = f"{Decimal(answer.strip()):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def json_literal(value: object) -> str:
    """Return JSON that keeps every character: also a TOML or YAML string."""
    return json.dumps(value, ensure_ascii=False)


def markdown_text(text: str) -> str:
    r"""Return text that Markdown shows as it is, in a heading or a line of its own.

    >>> print(markdown_text(r"Q&A_1 in C:\new, {{ 7*7 }}"))
    Q&A\_1 in C:\new, {{ 7\*7 }}
    """
    special = r"[`*_\[\]<>#~$]|\\(?=[!-/:-@\[-`{-~]|$)|&(?=#?\w+;)"
    if re.search(r":[\w+/-]+[:\[]", text):
        special += "|:"
    return re.sub(f"({special})", r"\\\1", text)


def view_sources(answer: str) -> dict[str, str]:
    """Return the source of each page's view, by the page's name."""
    return {
        page.name: VIEW.format(title=_call("st.title", [python_literal(markdown_text(page.title))]))
        for page in parse_pages(answer)
    }


def _call(function: str, arguments: list[str], indent: int = 0) -> str:
    """Return a call as the formatter would leave it: one line, or one for each argument."""
    line = f"{function}({', '.join(arguments)})"
    if indent + _width(line) < LINE_WIDTH:
        return line
    inner = "".join(f"{' ' * indent}    {argument},\n" for argument in arguments)
    return f"{function}(\n{inner}{' ' * indent})"


def _width(text: str) -> int:
    """Return how many columns a text takes at the most."""
    return sum(_char_width(char) for char in text)


def _char_width(char: str) -> int:
    if char == "\N{KHMER SIGN BEYYAL}":
        return 3
    return 1 if char.isascii() else 2


def _split_icon(entry: str) -> tuple[str | None, str]:
    """Separate the icon of an entry from its title.

    Raises:
        AnswerError: The entry begins like an icon, but Streamlit knows none of that name.
    """
    icons = _load_icons()
    if named := re.match(r":([^\s:]*):", entry):
        name = named[1].removeprefix("material/")
        if name == named[1] or name not in icons["material"]:
            raise AnswerError(
                f"The page {_quote(entry)} begins with {named[0]}, which is no icon: write an "
                "emoji, or :material/name: with a name from Material Symbols."
            )
        return named[0], entry[named.end() :].strip()

    longest = 0
    plain = ""
    for position, char in enumerate(entry):
        if char != "\N{VARIATION SELECTOR-16}":
            plain += char
        if len(plain) > icons["longest"]:
            break
        if plain in icons["emoji"]:
            longest = position + 1
    title = entry[longest:].strip()
    # What joins an emoji or changes it makes another symbol of it.
    no_start = {"Mn", "Me", "Cf", "Sk"} if longest else {"So", "Sk", "Cn"}
    if title and unicodedata.category(title[0]) in no_start:
        raise AnswerError(
            f"The page {_quote(entry)} begins with a symbol that is no emoji, "
            "so it cannot be an icon."
        )
    return entry[:longest] or None, title


@cache
def _load_icons() -> dict[str, Any]:
    """Return what Streamlit knows as icons: sets of emoji and of Material names."""
    names = json.loads(ICONS_FILE.read_text(encoding="utf-8"))
    return {
        "emoji": frozenset(names["emoji"]),
        "material": frozenset(names["material"]),
        "longest": max(map(len, names["emoji"])),
    }


def _is_showable(text: str) -> bool:
    return not any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in text)


def _check_showable(what: str, text: str) -> list[str]:
    if _is_showable(text):
        return []
    return [f"{what} has a line break or another character that cannot be shown."]


def _quote(text: str) -> str:
    """Return a text as a sentence names it: short, and in one line."""
    short = text if len(text) <= 80 else f"{text[:77]}..."
    shown = (
        char if _is_showable(char) else char.encode("unicode_escape").decode() for char in short
    )
    return f'"{"".join(shown)}"'


def _let_the_console_show_any_character() -> None:
    """Keep the prompts from failing on a console that has no emoji."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


FILTERS: Final[Mapping[str, Callable[..., object]]] = {
    "check_answers": check_answers,
    "json": json_literal,
    "markdown": markdown_text,
    "names": split_list,
    "number": number_literal,
    "page_row": page_row,
    "pages": parse_pages,
    "problems": find_problems,
    "python": python_literal,
    "toml": json_literal,
    "views": view_sources,
}


class AnswerExtension(Extension):
    """The filters of the template and the hooks."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.filters.update(_current_filters())
        _let_the_console_show_any_character()


def _current_filters() -> Mapping[str, Callable[..., object]]:
    """Return the filters as the file has them now.

    Cruft bakes the old version of a template and the new one in one process and
    from one folder, so Python goes on with the module of the old one.
    """
    file = Path(__file__)
    if not file.exists() or file.read_bytes() == SOURCE:
        return FILTERS
    filters: Mapping[str, Callable[..., object]] = runpy.run_path(str(file))["FILTERS"]
    return filters
