"""A main.py of the tests' own, with the pages that come with the login."""

import streamlit as st

from auth import gate
from auth.access import logged_in
from auth.views import account_pages


def show_home() -> None:
    st.header("Home")


PAGES = {st.Page(show_home, title="Home", url_path="home"): logged_in} | account_pages()
page = st.navigation(list(PAGES), position="hidden")
user = gate.admit(PAGES[page], PAGES)
gate.sidebar(PAGES, user)
page.run()
