"""The list of pages: what is accepted, and what is refused."""

import pytest

from answers.pages import Page, check_pages, check_pages_beside_accounts, parse_pages
from tests.support.awkward import TITLES


@pytest.mark.parametrize("title", TITLES)
def test_an_awkward_title_is_kept_as_it_is_or_refused_by_name(title: str) -> None:
    problems = check_pages(title)
    if problems:
        assert all(title in problem for problem in problems)
    else:
        assert [page.title for page in parse_pages(title)] == [title]


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
    assert check_pages(answer) == []
    assert [page.title for page in parse_pages(answer)] == titles.split()


@pytest.mark.parametrize(
    ("answer", "named", "reason"),
    [
        ("", "page", "at least one"),
        (" ", "page", "at least one"),
        (",", "Page 2 of 2", "extra comma"),
        ("Home,", "Page 2 of 2", "extra comma"),
        ("Home, , About", "Page 2 of 3", "extra comma"),
        ("🏠", '"🏠"', "no title"),
        (":material/home:", '":material/home:"', "no title"),
        ("🎈 🎈", '"🎈 🎈"', "no letter or digit"),
        ("!!!", '"!!!"', "no letter or digit"),
        ("Home, home", '"Home" and "home"', "same address, /home"),
        ("Über uns, 🎈 Uber-uns", '"Über uns" and "🎈 Uber-uns"', "same address, /uber_uns"),
        (":nope: X", '":nope: X"', "not an icon that Streamlit knows"),
        (":material/no_such_icon: X", '":material/no_such_icon: X"', "not an icon"),
        (":material/: X", '":material/: X"', "not an icon"),
        (":x/home: X", '":x/home: X"', "not an icon"),
        (":MATERIAL/home: X", '":MATERIAL/home: X"', "not an icon"),
        ("★ Stars", '"★ Stars"', "symbol that is not an emoji"),
        ("🇦🇧 X", '"🇦🇧 X"', "symbol that is not an emoji"),
        ("ℹ\ufe0e About", '"ℹ\ufe0e About"', "symbol that is not an emoji"),
        ("👩\u200d🦲\u200d🦲 X", '"👩\u200d🦲\u200d🦲 X"', "symbol that is not an emoji"),
        ("in -> out", '"in -> out"', "has ->"),
        ("Con", '"Con"', "reserved Windows name"),
        ("oauth2callback", '"oauth2callback"', "address that Streamlit uses"),
        ("x" * 101, '"xxx', "title of more than 100 characters"),
        ("囍" * 60, '"囍囍', "address of more than 100 characters"),
        (", ".join(f"P{n}" for n in range(51)), "51 pages", "at most 50"),
        ("Home, @public", '"@public"', "no title"),
        ("🏠 @sales", '"🏠 @sales"', "no title"),
        ("Sales @", '"Sales @"', 'the role ""'),
        ("Sales @Sales", '"Sales @Sales"', "lowercase"),
        ("Sales @sälés", '"Sales @sälés"', "lowercase"),
        ("Sales @1st", '"Sales @1st"', "lowercase"),
        ("Sales @sales @sales", '"Sales @sales @sales"', "more than once"),
        ("Help @public @sales", '"Help @public @sales"', "no other mark"),
        ("Help @public @public", '"Help @public @public"', "no other mark"),
        (f"Sales @{'x' * 33}", '"Sales @xxx', "31 lowercase"),
        ("Sales " + " ".join(f"@r{n}" for n in range(21)), '"Sales @r0', "at most 20"),
        ("Sales @sales, Sales @finance", '"Sales @sales" and "Sales @finance"', "same address"),
    ],
)
def test_pages_that_cannot_work_are_refused_by_name(answer: str, named: str, reason: str) -> None:
    (*_, problem) = check_pages(answer)
    assert named in problem
    assert reason in problem


def test_fifty_pages_are_accepted() -> None:
    assert check_pages(", ".join(f"Page {number}" for number in range(50))) == []


def test_an_entry_with_a_line_break_is_named_among_many_pages() -> None:
    entries = [f"Page {number}" for number in range(40)]
    (problem,) = check_pages(", ".join([*entries, "in\nout"]))
    assert '"in\\nout"' in problem


def test_who_may_see_a_page_stands_behind_its_title() -> None:
    assert parse_pages("Home, 📈 Sales @sales @key_account-2, Help  @public, Q @ A, a@b") == [
        Page("home", "Home", None),
        Page("sales", "Sales", "📈", ("sales", "key_account-2")),
        Page("help", "Help", None, is_public=True),
        Page("q_a", "Q @ A", None),
        Page("a_b", "a@b", None),
    ]


def test_every_wrong_role_is_named() -> None:
    problems = check_pages("Sales @Sales @1st, Home, Help @HELP")
    for problem, role in zip(problems, ["Sales", "1st", "HELP"], strict=True):
        assert f'the role "{role}"' in problem


def test_the_addresses_of_the_pages_that_come_with_the_login_are_refused_by_name() -> None:
    assert check_pages_beside_accounts("Home, Accounts, User, :nope: X, ,") == []
    problems = check_pages_beside_accounts("Home, 👥 Users, account")
    assert [problem.split(" has ")[0] for problem in problems] == [
        'The page "👥 Users"',
        'The page "account"',
    ]
