"""The part of the page Users that warns of the demo users."""

from collections.abc import Callable
from contextlib import suppress

import streamlit as st

from auth import demo, first_users, forms
from auth.settings import SettingsError
from auth.stores.base import StoreUnavailableError


def draw(remove: Callable[[], None]) -> None:
    """Draw a warning, as long as there are demo users.

    Args:
        remove: The callback that removes them.
    """
    # Without the store the rest of the page says so.
    with suppress(SettingsError, StoreUnavailableError):
        found = [user for user in first_users.list_known() if not user.disabled]
        if not found:
            return
        names = forms.plain(first_users.name_some(found))
        if demo.is_production():
            st.info(f"There are demo users, who cannot log in here: {names}.")
        else:
            st.warning(
                f"Anybody can log in with these names, each of which is its own password: {names}."
            )
        st.button("Remove demo users", on_click=remove)
