"""The part of the page Users that warns of the demo users."""

from collections.abc import Callable
from contextlib import suppress
from typing import Final

import streamlit as st

from auth import texts
from auth.gate import forms
from auth.records import UnavailableError
from auth.users import demo, directory

from auth.views import asking

_ALL: Final = "demo users"


def draw(asked: str | None, remove: Callable[[], None]) -> None:
    """Draw a warning, as long as there are demo users.

    Args:
        asked: Whom the page is to ask about, or None.
        remove: The callback that removes them.
    """
    say = texts.current()
    # Without the store the rest of the page says so.
    with suppress(UnavailableError):
        found = [user for user in directory.list_demo() if not user.disabled]
        if not found:
            return
        names = forms.plain(demo.name_some(found))
        if demo.is_production():
            st.info(say.demo_cannot.format(names=names))
        else:
            st.warning(say.demo_can.format(names=names))
        with st.container(key="auth_danger_demo"):
            st.button(say.demo_remove, on_click=asking.ask, args=[_ALL])
        if asked == _ALL:
            means = say.removal_means.format(name=demo.name_some(found))
            asking.draw(say.demo_remove_question, means, remove)
