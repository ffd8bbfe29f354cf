"""Entry point of every script run: navigation, then the gate, then the page."""

import streamlit as st

from auth import gate
from views import DESCRIPTION, PAGES, TITLE, plain

st.set_page_config(page_title=TITLE, menu_items={"About": plain(DESCRIPTION)})

pages = [
    st.Page(f"views/{view.name}.py", title=view.title, icon=view.icon, url_path=view.name)
    for view in PAGES
]
page = st.navigation(pages, position="hidden")

user = gate.require_login(plain(TITLE))

with st.sidebar:
    st.text(f"Signed in as {user}")
    for link in pages:
        st.page_link(link, label=plain(link.title))
    gate.logout_button()

page.run()
