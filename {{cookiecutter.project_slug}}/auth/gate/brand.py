"""The app's logo and name: on the card of the login form, and at the top of the sidebar."""

from functools import cache
from pathlib import Path
from typing import Final

import streamlit as st

from auth.settings import PROJECT
from auth.visitor import elements

LOGOS: Final = {  # the first that is there, and what it is
    PROJECT / "static" / "logo.svg": "image/svg+xml",
    PROJECT / "static" / "logo.png": "image/png",
}


@cache
def find_logo() -> Path | None:
    """Return the file of the app's logo, or None. It is looked for once."""
    return next((file for file in LOGOS if file.exists()), None)


def picture() -> str | None:
    """Return the logo as HTML, or None if there is none."""
    if logo := find_logo():
        return f'<img src="{elements.address_of(logo, LOGOS[logo])}" alt="">'
    return None


def draw(plain_name: str) -> None:
    """Draw logo and name at the top of the sidebar.

    Args:
        plain_name: The app's name, as Markdown that shows it as it is.
    """
    if logo := find_logo():
        elements.draw_logo(logo)
    with st.container(key="auth_brand"):
        st.markdown(f"**{plain_name}**")
