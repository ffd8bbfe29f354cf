"""A main.py whose landing page is for few, and whose other page is for few others."""

import streamlit as st

from auth import gate
from auth.access import CurrentUser, roles


def ann_only(user: CurrentUser) -> bool:
    """Let one user see a page."""
    return user.name == "ann"


def show_bosses() -> None:
    st.header("Bosses")


def show_open() -> None:
    st.header("Open")


PAGES = {
    st.Page(show_bosses, title="Bosses", url_path="bosses"): roles("boss"),
    st.Page(show_open, title="Open", url_path="open"): ann_only,
}
page = st.navigation(list(PAGES), position="hidden")
gate.admit(page, PAGES)
page.run()
