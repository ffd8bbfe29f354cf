"""A main.py of the tests' own, with the pages that come with the login."""

import streamlit as st

from auth import gate
from auth.access import logged_in

from auth.views import account_pages


def show_home() -> None:
    st.header("Home")


def show_shoes() -> None:
    st.text_input("Shoe size")


PAGES = {st.Page(show_home, title="Home", url_path="home"): logged_in}
PAGES |= account_pages(show_shoes)
page = st.navigation(list(PAGES), position="hidden")
gate.admit(page, PAGES)
page.run()
