"""The grammar of the answers: what is accepted, what is refused, and how it is written out."""

import ast
import json
import random
import re
import subprocess
import sys
import tomllib
import unicodedata
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from streamlit.emojis import ALL_EMOJIS
from streamlit.material_icon_names import ALL_MATERIAL_ICONS
from streamlit.string_util import is_emoji, validate_icon_or_emoji
from streamlit.testing.v1 import AppTest

import local_extensions as answers
from tests.support.baking import TEMPLATE

GOOD = {
    "project_name": "Sales",
    "project_slug": "sales",
    "description": "About sales.",
    "pages": "Home",
    "demo_users": "ann",
    "session_hours": "24",
}
AWKWARD_TITLES = [
    *("Calendar", "Email", "Profile", "Statistics", "Class", "Import", "None", "__init__"),
    *('Sales & "Margin"', "Über uns", "日本語", "Q&A", "O'Brien", "C:\\new", "{{ 7*7 }}"),
    *("'''", '"""x', "\\", "a\\", "{% raw %}", "{# a #}", "$x$ `y` *z* [a](b)", "1", "2024", "0_1"),
    *("#1", "<b>bold</b>", ":red[x]", "9" * 100, "x" * 100, "e\u0301te", "a\u200bb", "100 %"),
]


def problems_of(**changes: object) -> list[str]:
    return answers.find_problems({**GOOD, **changes})


def is_accepted(entry: str) -> bool:
    return not answers.check_pages(entry)


@pytest.mark.parametrize("slug", ["sales", "sales_app", "app2", "a", "a_1__b", "x" * 56])
def test_an_ordinary_slug_is_accepted(slug: str) -> None:
    assert problems_of(project_slug=slug) == []


@pytest.mark.parametrize(
    ("slug", "reason"),
    [
        ("Sales", "small letter"),
        ("2nd", "begin with a small letter"),
        ("_a", "begin with a small letter"),
        ("a-b", "small letters, digits and _"),
        ("a b", "small letters, digits and _"),
        ("über", "small letter"),
        ("../escape", "small letter"),
        ("a/b", "small letters, digits and _"),
        ("a\\b", "small letters, digits and _"),
        ("c:", "small letters, digits and _"),
        ("a.", "small letters, digits and _"),
        ("sales_", "end with a letter or a digit"),
        ("class", "word of the Python language"),
        ("con", "device of Windows"),
        ("lpt1", "device of Windows"),
        ("json", "module that Python brings"),
        ("streamlit", "module that the app uses"),
        ("auth", "module that the app uses"),
        ("app", "module that the app uses"),
        ("views", "module that the app uses"),
        ("libpass", "module that the app uses"),
        ("pydantic__settings", "module that the app uses"),
        ("x" * 57, "longer than 56 characters"),
    ],
)
def test_a_slug_that_cannot_work_is_refused_by_name(slug: str, reason: str) -> None:
    (problem,) = problems_of(project_slug=slug)
    assert slug in problem
    assert reason in problem


def test_an_empty_slug_is_refused() -> None:
    (problem,) = problems_of(project_slug="")
    assert "project_slug is empty" in problem


def test_no_slug_can_shadow_a_module_or_package_of_the_app() -> None:
    names = packages_of_the_app()
    modules = {
        normal(module)
        for module, packages in metadata.packages_distributions().items()
        if names & {normal(package) for package in packages}
    }
    for name in names | modules:
        assert answers.check_slug(name), f"{name} would be accepted"


def packages_of_the_app() -> set[str]:
    """Return the names of all packages that a generated app installs, on any system."""
    text = (TEMPLATE / "{{cookiecutter.project_slug}}" / "pyproject.toml").read_text("utf-8")
    waiting = [Requirement(entry) for entry in re.findall(r'"([\w-]+(?:\[\w+\])?>=[^"]*)"', text)]
    waiting += [Requirement("SQLAlchemy"), Requirement("PyMySQL[rsa]")]
    done = set()
    while waiting:
        requirement = waiting.pop()
        for extra in requirement.extras or {""}:
            if (requirement.name, extra) in done:
                continue
            done.add((requirement.name, extra))
            waiting += needs(requirement.name, extra)
    return {normal(name) for name, _ in done}


def needs(package: str, extra: str) -> list[Requirement]:
    try:
        entries = metadata.requires(package) or []
    except metadata.PackageNotFoundError:  # needed on another system
        return []
    found = [Requirement(entry) for entry in entries]
    return [
        requirement
        for requirement in found
        if requirement.marker is None
        or any(
            requirement.marker.evaluate({"extra": extra, "sys_platform": system})
            for system in ("linux", "darwin", "win32")
        )
    ]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "_", name).lower()


@pytest.mark.parametrize("title", AWKWARD_TITLES)
def test_an_awkward_title_is_kept_as_it_is_or_refused_by_name(title: str) -> None:
    problems = answers.check_pages(title)
    if problems:
        assert all(title in problem for problem in problems)
    else:
        assert [page.title for page in answers.parse_pages(title)] == [title]


@pytest.mark.parametrize(
    ("answer", "titles"),
    [
        ("Calendar, Email, Profile, Statistics, Class", "Calendar Email Profile Statistics Class"),
        (" 🏠 Home ,ℹ️ About", "Home About"),
        (":material/settings: Settings", "Settings"),
        (":material/settings:Settings", "Settings"),
        ("🏠Home", "Home"),
        ("日本語", "日本語"),
    ],
)
def test_pages_are_read_in_order(answer: str, titles: str) -> None:
    assert answers.check_pages(answer) == []
    assert [page.title for page in answers.parse_pages(answer)] == titles.split()


@pytest.mark.parametrize(
    ("answer", "named", "reason"),
    [
        ("", "page", "at least one"),
        (" ", "page", "at least one"),
        (",", "Page 2 of 2", "comma too many"),
        ("Home,", "Page 2 of 2", "comma too many"),
        ("Home, , About", "Page 2 of 3", "comma too many"),
        ("🏠", '"🏠"', "no title"),
        (":material/home:", '":material/home:"', "no title"),
        ("🎈 🎈", '"🎈 🎈"', "no letter or digit"),
        ("!!!", '"!!!"', "no letter or digit"),
        ("Home, home", '"Home" and "home"', "same address, /home"),
        ("Über uns, 🎈 Uber-uns", '"Über uns" and "🎈 Uber-uns"', "same address, /uber_uns"),
        (":nope: X", '":nope: X"', "is no icon"),
        (":material/no_such_icon: X", '":material/no_such_icon: X"', "is no icon"),
        (":MATERIAL/home: X", '":MATERIAL/home: X"', "is no icon"),
        ("★ Stars", '"★ Stars"', "symbol that is no emoji"),
        ("🇦🇧 X", '"🇦🇧 X"', "symbol that is no emoji"),
        ("ℹ\ufe0e About", '"ℹ\ufe0e About"', "symbol that is no emoji"),
        ("👩\u200d🦲\u200d🦲 X", '"👩\u200d🦲\u200d🦲 X"', "symbol that is no emoji"),
        ("in -> out", '"in -> out"', "has ->"),
        ("Con", '"Con"', "device of Windows"),
        ("oauth2callback", '"oauth2callback"', "address that Streamlit needs"),
        ("x" * 101, '"xxx', "longer than 100 characters"),
        ("囍" * 60, '"囍囍', "address of more than 100 characters"),
        (", ".join(f"P{n}" for n in range(51)), "51 pages", "at most 50"),
    ],
)
def test_pages_that_cannot_work_are_refused_by_name(answer: str, named: str, reason: str) -> None:
    (*_, problem) = answers.check_pages(answer)
    assert named in problem
    assert reason in problem


def test_fifty_pages_are_accepted() -> None:
    assert is_accepted(", ".join(f"Page {number}" for number in range(50)))


def test_every_emoji_that_streamlit_knows_is_an_icon_in_all_its_spellings() -> None:
    for emoji in ALL_EMOJIS:
        plain = emoji.replace("\ufe0f", "")
        for icon in {emoji, plain, f"{plain}\ufe0f"}:
            assert is_emoji(icon)
            assert answers.parse_page(f"{icon} Title") == ("title", "Title", icon)


def test_every_material_icon_that_streamlit_knows_is_an_icon() -> None:
    for name in ALL_MATERIAL_ICONS:
        icon = f":material/{name}:"
        assert validate_icon_or_emoji(icon) == icon
        assert answers.parse_page(f"{icon} Title") == ("title", "Title", icon)


def test_the_lists_of_icons_are_those_of_streamlit() -> None:
    icons = answers._load_icons()
    assert icons["emoji"] == {emoji.replace("\ufe0f", "") for emoji in ALL_EMOJIS}
    assert icons["material"] == ALL_MATERIAL_ICONS


def test_no_other_character_is_taken_for_an_icon() -> None:
    every_sign = (chr(code) for code in range(0x20000))  # above are letters only
    for sign in (sign for sign in every_sign if unicodedata.category(sign)[0] not in "LC"):
        for start in (sign, f"{sign}\ufe0e", f"{sign}\u20e3"):
            entry = f"{start} Title"
            page = None if answers.check_pages(entry) else answers.parse_page(entry.strip())
            if page and page.icon:
                assert is_emoji(page.icon), entry
                assert page.title == "Title", entry
            elif page:
                assert page.title == entry.strip()


def test_streamlit_takes_every_page_that_is_accepted(tmp_path: Path) -> None:
    icons = ["", "🏠 ", "ℹ️ ", ":material/settings: ", "👨‍👩‍👧‍👦 ", "1️⃣ "]
    entries = [f"{icons[n % len(icons)]}{title}" for n, title in enumerate(AWKWARD_TITLES)]
    pages = [answers.parse_page(entry) for entry in entries if is_accepted(entry)]
    unique = {page.name: page for page in pages}.values()
    (tmp_path / "views").mkdir()
    for page in unique:
        (tmp_path / "views" / f"{page.name}.py").touch()
    rows = "\n".join(f"    {answers.page_row(page)}" for page in unique)
    (tmp_path / "app.py").write_text(
        f"import streamlit as st\n\npages = [\n{rows}\n]\nst.navigation(pages).run()\n"
        "st.json([[page.title, page.icon, page.url_path] for page in pages])\n",
        encoding="utf-8",
    )
    app = AppTest.from_file(str(tmp_path / "app.py"), default_timeout=30).run()
    assert not app.exception
    seen = json.loads(app.json[0].value)
    # The first page is the landing page, which has no path of its own.
    expected = [[page.title, page.icon or "", page.name] for page in unique]
    assert seen == [[*expected[0][:2], ""], *expected[1:]]


@pytest.mark.parametrize(
    "answer", ["", " ", "test1, test2", "ann@example.com", "a.b-c_D", "x" * 64]
)
def test_ordinary_demo_users_are_accepted(answer: str) -> None:
    assert problems_of(demo_users=answer) == []


@pytest.mark.parametrize(
    ("answer", "named", "reason"),
    [
        ("a b", '"a b"', "letters, digits"),
        ("ann,", '""', "letters, digits"),
        ("ann, Zoë", '"Zoë"', "letters, digits"),
        ("x" * 65, '"xxx', "1 to 64"),
        ("../ann", '"../ann"', "letters, digits"),
        ("ann, bob, ann", '"ann"', "2 times"),
    ],
)
def test_a_demo_user_that_cannot_work_is_refused_by_name(
    answer: str, named: str, reason: str
) -> None:
    (problem,) = problems_of(demo_users=answer)
    assert named in problem
    assert reason in problem


@pytest.mark.parametrize(
    ("answer", "number"),
    [("24", "24"), (" 024.50 ", "24.5"), (".5", "0.5"), ("8760.0", "8760"), ("100", "100")],
)
def test_hours_are_numbers_without_needless_zeros(answer: str, number: str) -> None:
    assert problems_of(session_hours=answer) == []
    assert answers.number_literal(answer) == number


@pytest.mark.parametrize(
    "answer", ["", "0", "0.0", "-1", "+1", "1e3", "day", "8761", "8760.1", "٣", "1,5", "nan", "inf"]
)
def test_hours_that_cannot_work_are_refused_by_name(answer: str) -> None:
    (problem,) = problems_of(session_hours=answer)
    assert f'"{answer}"' in problem
    assert "over 0 and at most 8760" in problem


@pytest.mark.parametrize("name", ["Sales", "O'Brien's \"C:\\new\"", "🎈", "{{ 7*7 }}", "x" * 80])
def test_an_awkward_project_name_is_accepted(name: str) -> None:
    assert problems_of(project_name=name) == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [("", "empty"), (" ", "empty"), ("in -> out", "has ->"), ("x" * 81, "too long")],
)
def test_a_project_name_that_cannot_work_is_refused(name: str, reason: str) -> None:
    (problem,) = problems_of(project_name=name)
    assert "project_name" in problem
    assert reason in problem


@pytest.mark.parametrize("question", ["project_name", "description", "pages"])
@pytest.mark.parametrize("sign", ["\n", "\r", "\t", "\0", "\x7f", "\u2028", "\ud83c"])
def test_a_line_break_or_the_like_is_refused_in_any_text(question: str, sign: str) -> None:
    (problem,) = problems_of(**{question: f"one{sign}two"})
    escaped = sign.encode("unicode_escape").decode()
    assert f'"one{escaped}two"' in problem
    assert "line break or another character that cannot be shown" in problem


@pytest.mark.parametrize("question", GOOD)
@pytest.mark.parametrize("answer", [None, True, 24, ["a"]])
def test_an_answer_that_is_no_text_is_refused(question: str, answer: object) -> None:
    (problem,) = problems_of(**{question: answer})
    assert f"The {question} has to be text" in problem


def test_an_entry_with_a_line_break_is_named_among_many_pages() -> None:
    entries = [f"Page {number}" for number in range(40)]
    (problem,) = answers.check_pages(", ".join([*entries, "in\nout"]))
    assert '"in\\nout"' in problem


def test_all_wrong_answers_are_found_at_once() -> None:
    problems = problems_of(
        project_name="", project_slug="con", pages="!!!, ?", demo_users="a b", session_hours="0"
    )
    assert len(problems) == 6


def test_a_python_literal_is_the_text_again() -> None:
    for text in [*AWKWARD_TITLES, *random_texts(500)]:
        assert ast.literal_eval(answers.python_literal(text)) == text


def test_a_toml_or_json_literal_is_the_text_again() -> None:
    for text in [*AWKWARD_TITLES, *random_texts(500)]:
        assert tomllib.loads(f"text = {answers.json_literal(text)}") == {"text": text}


def test_markdown_shows_the_text_again() -> None:
    for text in [*AWKWARD_TITLES, *random_texts(500)]:
        shown = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", answers.markdown_text(text))
        assert shown == text


def test_generated_lines_are_as_the_formatter_would_write_them(tmp_path: Path) -> None:
    titles = [text for text in random_texts(3000) if not answers.find_arrow(text)]
    icons = [None, "🏠", ":material/settings:", "👨‍👩‍👧‍👦"]
    rows = [
        answers.page_row(answers.Page("a_1" * (n % 34 + 1), title, icons[n % 4]))
        for n, title in enumerate(titles)
    ]
    # The one character that takes three columns, exactly at the end of the line.
    titles += ["\N{KHMER SIGN BEYYAL}" * count for count in range(20, 50)]
    views = [source for title in titles for source in answers.view_sources(f"x{title}").values()]
    calls = [view.split("\n\n", 1)[1].split("\nst.write")[0] for view in views]
    source = tmp_path / "source.py"
    source.write_text(
        "\n".join(["import streamlit as st", "", "pages = [", *(f"    {row}" for row in rows), "]"])
        + "\n"
        + "".join(f"{call}\n" for call in calls),
        encoding="utf-8",
    )
    ruff = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", "100", "--diff"]
    result = subprocess.run(
        [*ruff, str(source)], capture_output=True, encoding="utf-8", check=False
    )
    assert result.stdout == ""
    assert result.returncode == 0


def random_texts(count: int) -> list[str]:
    """Return texts of awkward characters, the same ones in every run."""
    generator = random.Random(20)
    signs = [*"ab Z9'\"\\{}%#$é日🏠*_[]<>&`~:", "\u0301", "\u200b", "\u202e", "\u00a0", "\\N{x}"]
    return [
        "".join(generator.choices(signs, k=generator.randint(0, 110)))[:99].strip()
        for _ in range(count)
    ]
