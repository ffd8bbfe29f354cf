"""The pages, in the order of the sidebar; the first one is the landing page.

A page is a file here and a line below, and nothing else: the gate in app.py
stands before all of them.
"""

import re
from typing import NamedTuple


class View(NamedTuple):
    """A page: the file views/NAME.py, shown at the address /NAME.

    Attributes:
        name: The file's name without .py, and the last part of the address.
        title: The text of the link and of the browser's tab.
        icon: An emoji or ":material/name:", or None.
    """

    name: str
    title: str
    icon: str | None = None


TITLE = {{ cookiecutter.project_name | python }}
DESCRIPTION = {{ cookiecutter.description | python }}

PAGES = [
{% for page in cookiecutter.pages | pages %}
    {{ page | view_row }}
{% endfor %}
]


def plain(text: str) -> str:
    """Return `text` escaped, so that Streamlit shows it as it is and not as Markdown."""
    return re.sub(r"([^\w\s]|_)", r"\\\1", text)
