"""The part of the page Users that warns of the demo users."""

from collections.abc import Callable
from contextlib import suppress

import streamlit as st

from auth.gate import forms
from auth.records import UnavailableError
from auth.users import demo, directory


def draw(remove: Callable[[], None]) -> None:
    """Draw a warning, as long as there are demo users.

    Args:
        remove: The callback that removes them.
    """
    # Without the store the rest of the page says so.
    with suppress(UnavailableError):
        found = [user for user in directory.list_demo() if not user.disabled]
        if not found:
            return
        names = forms.plain(demo.name_some(found))
        if demo.is_production():
            st.info(f"There are demo users, who cannot log in here: {names}.")
        else:
            st.warning(
                f"Anybody can log in with these names, each of which is its own password: {names}."
            )
        st.button("Remove demo users", on_click=remove)
