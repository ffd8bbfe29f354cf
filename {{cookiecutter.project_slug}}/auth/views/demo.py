"""The part of the page Users that warns of the demo users."""

from collections.abc import Callable
from contextlib import suppress

import streamlit as st

from auth import texts
from auth.gate import forms
from auth.records import UnavailableError
from auth.users import demo, directory


def draw(remove: Callable[[], None]) -> None:
    """Draw a warning, as long as there are demo users.

    Args:
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
        st.button(say.demo_remove, on_click=remove)
