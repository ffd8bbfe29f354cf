"""The source code that is written for pages: it runs, and looks formatted."""

import json
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from slugify import slugify
from streamlit.source_util import page_icon_and_name
from streamlit.testing.v1 import AppTest

from answers.pages import Page, check_pages, parse_page
from answers.views import infer_address, page_row, rule_names, view_sources
from tests.support.awkward import TITLES, random_texts

ICONS = [None, "🏠", "ℹ️", ":material/settings:", "👨‍👩‍👧‍👦", "1️⃣"]


def test_a_page_is_a_row_with_who_may_see_it() -> None:
    assert page_row(parse_page("🏠 Home")) == (
        'st.Page("views/home.py", title="Home", icon="🏠"): logged_in,'
    )


def test_a_page_for_some_or_for_everybody_says_so() -> None:
    assert page_row(parse_page("Help @public")) == (
        'st.Page("views/help.py", title="Help"): public,'
    )
    assert page_row(parse_page("📈 Sales @sales @finance")) == (
        'st.Page("views/sales.py", title="Sales", icon="📈"): roles("sales", "finance"),'
    )


@pytest.mark.parametrize(
    ("pages", "names"),
    [
        ("Home", "logged_in"),
        ("Help @public, Home @public", "public"),
        ("Sales @sales, Money @finance", "roles"),
        ("Sales @sales, Help @public, Home", "logged_in, public, roles"),
    ],
)
def test_only_the_rules_of_the_pages_are_imported(pages: str, names: str) -> None:
    assert rule_names(pages) == names


def test_a_row_that_may_be_too_long_has_a_line_for_each_argument() -> None:
    title = "A long title " * 6
    assert page_row(Page("2024_sales", title, "🏠")) == (
        "st.Page(\n"
        '        "views/2024_sales.py",\n'
        f'        title="{title}",\n'
        '        icon="🏠",\n'
        '        url_path="2024_sales",\n'
        "    ): logged_in,"
    )


@pytest.mark.parametrize(
    ("name", "is_written"), [("home", False), ("2024", False), ("2024_sales", True), ("1a", True)]
)
def test_the_address_is_written_only_if_streamlit_would_infer_another(
    name: str, is_written: bool
) -> None:
    assert ("url_path" in page_row(Page(name, "Title", None))) == is_written


def test_addresses_are_inferred_as_streamlit_does() -> None:
    parts = ["", "1", "20", "a", "b2", "2b", "sales"]
    slugs = {slugify(" ".join(words), separator="_") for words in product(parts, repeat=4)}
    for slug in slugs - {""}:
        assert infer_address(slug) == page_icon_and_name(Path(f"{slug}.py"))[1], slug


def test_streamlit_takes_every_page_that_is_accepted(tmp_path: Path) -> None:
    entries = [f"{ICONS[n % len(ICONS)] or ''} {title}" for n, title in enumerate(TITLES)]
    entries += ["10 things", "7eleven", "3 4 5", "eleven", "things"]
    pages = [parse_page(entry.strip()) for entry in entries if not check_pages(entry)]
    unique = {page.name: page for page in pages}.values()
    (tmp_path / "views").mkdir()
    for page in unique:
        (tmp_path / "views" / f"{page.name}.py").touch()
    rows = "\n".join(f"    {page_row(page)}" for page in unique)
    (tmp_path / "main.py").write_text(
        f"import streamlit as st\n\nlogged_in = True\nPAGES = {{\n{rows}\n}}\n"
        "st.navigation(list(PAGES)).run()\n"
        "st.json([[page.title, page.icon, page.url_path] for page in PAGES])\n",
        encoding="utf-8",
    )
    app = AppTest.from_file(str(tmp_path / "main.py"), default_timeout=30).run()
    assert not app.exception
    seen = json.loads(app.json[0].value)
    # The first page is the landing page, which has no path of its own.
    expected = [[page.title, page.icon or "", page.name] for page in unique]
    assert seen == [[*expected[0][:2], ""], *expected[1:]]


def test_the_landing_page_greets_and_shows_a_chart_and_a_table() -> None:
    source = view_sources("🏠 Start _here_")["start_here"]
    assert (
        'st.title("Start \\\\_here\\\\_")\nst.text(f"Welcome, {current_user().name}.")\n' in source
    )
    assert "chart.bar_chart(" in source
    assert "table.dataframe(" in source


def test_about_says_what_the_app_is_to_those_who_use_it() -> None:
    source = view_sources("🏠 Home, ℹ️ About")["about"]
    assert 'st.title("About")\nst.text(load_settings().app_description)\n' in source
    for word in ("views/", "main.py", "README"):
        assert word not in source


def test_every_other_page_says_that_it_is_empty() -> None:
    assert view_sources("🏠 Home, About _us_")["about_us"] == (
        "import streamlit as st\n"
        "\n"
        'st.title("About \\\\_us\\\\_")\n'
        'st.write("Replace this line with what the page is about.")\n'
    )


def test_no_view_is_long() -> None:
    for source in view_sources("🏠 Home, ℹ️ About, Sales").values():
        assert len(source.splitlines()) < 30


def test_a_public_landing_page_greets_nobody_by_an_empty_name() -> None:
    assert "{current_user().name or 'visitor'}" in view_sources("Home @public, Sales")["home"]
    assert "{current_user().name}" in view_sources("Home, Help @public")["home"]


def test_the_formatter_leaves_every_row_and_view_as_it_is(tmp_path: Path) -> None:
    titles = [*TITLES, *random_texts(3000)]
    # The one character that takes three columns, around the end of the line.
    titles += ["\N{KHMER SIGN BEYYAL}" * count for count in range(10, 50)]
    pages = [
        Page(
            "1_" * (n % 2) + "a_1" * (n % 34 + 1),
            title,
            ICONS[n % len(ICONS)],
            tuple("r" * (n % 31 + 1) + str(role % 10) for role in range(n % 7)),
        )
        for n, title in enumerate(titles)
    ]
    rows = "".join(f"    {page_row(page)}\n" for page in pages)
    assert "    st.Page(\n" in rows
    assert '    st.Page("' in rows
    assert ": roles(\n" in rows
    assert ': roles("' in rows
    source = tmp_path / "main.py"
    source.write_text(f"PAGES = {{  # a page: who may see it\n{rows}}}\n", encoding="utf-8")
    good = [title for title in titles if not check_pages(f"x{title}".replace(",", ""))]
    for number, title in enumerate(good):
        (text,) = view_sources(f"x{title}").values()
        (tmp_path / f"view_{number}.py").write_text(text, encoding="utf-8")
    ruff = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length", "100", "--diff"]
    result = subprocess.run(
        [*ruff, str(tmp_path)], capture_output=True, encoding="utf-8", check=False
    )
    assert result.stdout == ""
    assert result.returncode == 0
