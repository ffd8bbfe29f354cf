"""The pages of main.py, and which users may see each."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from auth import gate
from auth.access import NOBODY, CurrentUser, Rule
from auth.settings import PROJECT

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

Roles = tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """A page of main.py.

    Attributes:
        address: The last part of its address; "" for the landing page.
        rule: Who may see it.
    """

    address: str
    rule: Rule

    def __str__(self) -> str:
        """Return what the page is called in the names of tests."""
        return self.address or "landing page"

    @property
    def is_public(self) -> bool:
        """Whether nobody has to log in."""
        return self.rule(NOBODY)

    def roles_of_somebody(self, *, who_may: bool) -> Roles | None:
        """Return the roles of a user who may see the page, or of one who may not; None without one."""
        asked = _roles_asked_for(self.rule)
        for roles in [(), *((role,) for role in asked), tuple(asked)]:
            if self.rule(CurrentUser("1", "somebody", frozenset(roles))) is who_may:
                return roles
        return None


def find_pages() -> list[Page]:
    """Return the pages of main.py."""
    found: list[Page] = []

    def note(page: "StreamlitPage", pages: "dict[StreamlitPage, Rule]") -> NoReturn:
        found.extend(Page(page.url_path, rule) for page, rule in pages.items())
        st.stop()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gate, "admit", note)
        AppTest.from_file(PROJECT / "main.py", default_timeout=30).run()
    return found


def _roles_asked_for(rule: Rule) -> list[str]:
    """Return the roles that a rule looks for."""
    asked: list[str] = []

    class Asked(CurrentUser):
        def has_role(self, role: str) -> bool:
            asked.append(role)
            return False

    rule(Asked("1", "somebody"))
    return asked
