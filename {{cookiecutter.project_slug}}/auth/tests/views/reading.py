"""What people read in the tables of the pages, and a choice in one."""

import json
from html.parser import HTMLParser
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState

from auth.tests.tab import Tab
from auth.users import directory

_USERS = "auth_users"


class _Reader(HTMLParser):
    """Reads the cells of a table, or of a list of facts."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._is_in_cell = False

    def handle_starttag(self, tag: str, _: object) -> None:
        if tag in ("tr", "dt"):
            self.rows.append([])
        if tag in ("th", "td", "dt", "dd"):
            self.rows[-1].append("")
            self._is_in_cell = True

    def handle_endtag(self, tag: str) -> None:
        self._is_in_cell = self._is_in_cell and tag not in ("th", "td", "dt", "dd")

    def handle_data(self, data: str) -> None:
        if self._is_in_cell:
            self.rows[-1][-1] += data


def bodies_of(tab: Tab) -> list[str]:
    """Return the HTML of a tab, apart from the table of users."""
    return [message.delta.new_element.html.body for message in tab.sent]


def tables_of(tab: Tab) -> list[list[list[str]]]:
    """Return the rows of each table on the page, the names of its columns first."""
    return [_rows(body) for body in bodies_of(tab) if "<table" in body]


def facts_of(tab: Tab) -> dict[str, str]:
    """Return what the lists of facts on the page say."""
    rows = [row for body in bodies_of(tab) if "<dl" in body for row in _rows(body)]
    return {name: text.strip() for name, text in rows}


def users_of(tab: Tab) -> list[dict[str, str]]:
    """Return the rows of the table of users, each with the names of its columns."""
    for component in _components(tab):
        columns, *rows = _rows(json.loads(component.json)["table"])
        return [
            {name: text.strip() for name, text in zip(columns, row, strict=True)} for row in rows
        ]
    return []


def chosen_in(tab: Tab) -> str | None:
    """Return the name of the user who is chosen."""
    for component in _components(tab):
        user_id = json.loads(component.json)["chosen"]
        return next((user.username for user in directory.list_users() if user.id == user_id), None)
    return None


def choice_of(tab: Tab, username: str) -> WidgetState:
    """Return what a browser sends when somebody clicks in the row of a user."""
    (component,) = _components(tab)
    value = json.dumps({"user": directory.get(username).id})
    return WidgetState(id=component.id, json_value=value)


def _components(tab: Tab) -> list[Any]:
    elements = [message.delta.new_element.bidi_component for message in tab.sent]
    return [element for element in elements if element.component_name == _USERS]


def _rows(html: str) -> list[list[str]]:
    reader = _Reader()
    reader.feed(html)
    return reader.rows
