"""The pages as source code: a row of main.py and a file in views/ each."""

import re
from typing import Final

from .literals import fits, markdown_text, python_call, python_literal
from .pages import Page, parse_pages

LANDING_VIEW: Final = """\
import streamlit as st

from auth.gate import current_user

VISITS = {{  # made up: put your own figures here
    "Day": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    "Visits": [120, 132, 101, 134, 190, 230, 210],
}}

{heading}
st.text(f"Welcome, {{current_user().name{nobody}}}.")
st.subheader("Visits this week", anchor=False)
chart, table = st.columns([3, 2])
chart.bar_chart(VISITS, x="Day", y="Visits", sort=False)
table.dataframe(VISITS)
"""
ABOUT_VIEW: Final = """\
import streamlit as st

from auth.settings import load_settings

{heading}
st.text(load_settings().app_description)
st.subheader("Your login", anchor=False)
st.markdown(
    \"""
- You stay logged in after a reload and in a new tab.
- On a computer that others use, log out when you are done.
- Something is missing, or not right? Tell whoever runs this app.
\"""
)
"""
OTHER_VIEW: Final = """\
import streamlit as st

{heading}
st.write("Replace this line with what the page is about.")
"""


def page_row(page: Page) -> str:
    """Return a page and who may see it, as an entry of the dict in main.py."""
    arguments = [python_literal(f"views/{page.name}.py"), f"title={python_literal(page.title)}"]
    if page.icon:
        arguments.append(f"icon={python_literal(page.icon)}")
    if infer_address(page.name) != page.name:
        arguments.append(f"url_path={python_literal(page.name)}")
    rule = _rule(page)
    row = python_call("st.Page", arguments, after=f": {rule},", indent=4)
    if fits(row.splitlines()[-1], indent=4):
        return row
    roles = "".join(f"        {python_literal(role)},\n" for role in page.roles)
    return python_call("st.Page", arguments, after=": roles(", indent=4) + f"\n{roles}    ),"


def rule_names(answer: str) -> str:
    """Return the names that main.py imports to say who may see the pages of an answer.

    >>> rule_names("Home, Sales @sales @finance"), rule_names("Help @public")
    ('logged_in, roles', 'public')
    """
    return ", ".join(sorted({_rule(page).partition("(")[0] for page in parse_pages(answer)}))


def _rule(page: Page) -> str:
    if page.is_public:
        return "public"
    if page.roles:
        return f"roles({', '.join(map(python_literal, page.roles))})"
    return "logged_in"


def infer_address(name: str) -> str:
    """Return the address that Streamlit gives a page by its file's name.

    >>> infer_address("2024_sales"), infer_address("2024"), infer_address("sales_2024")
    ('sales', '2024', 'sales_2024')
    """
    return re.sub(r"^[0-9]+_*", "", name) or name


def view_sources(answer: str) -> dict[str, str]:
    """Return the source of each page's view, by the page's name."""
    landing, *others = parse_pages(answer)
    views = {landing: LANDING_VIEW}
    for page in others:
        views[page] = ABOUT_VIEW if page.name == "about" else OTHER_VIEW
    return {
        # On a public page there may be nobody to call by name.
        page.name: view.format(heading=_heading(page), nobody=" or 'visitor'" * page.is_public)
        for page, view in views.items()
    }


def _heading(page: Page) -> str:
    return python_call("st.title", [python_literal(markdown_text(page.title))])
