"""Entry point of every script run: navigation, then the gate, then the page."""

import re

import streamlit as st

from auth import gate
{% if cookiecutter.cookie_transport == "http_only" %}
from auth.routes import are_served
{% endif %}

TITLE = {{ cookiecutter.project_name | python }}


def plain(text: str) -> str:
    """Return text that Streamlit shows as it is, and not as Markdown."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


st.set_page_config(
    page_title=TITLE,
    menu_items={
        "About": {{ cookiecutter.description | markdown | python }},
    },
)

# A page is a file in views/ and a line here; the first is the landing page.
pages = [
{% for page in cookiecutter.pages | pages %}
    {{ page | page_row }}
{% endfor %}
]
page = st.navigation(pages, position="hidden")

{% if cookiecutter.cookie_transport == "http_only" %}
if not are_served():
    st.error("Please start this app by: streamlit run app.py")
    st.stop()

{% endif %}
user = gate.require_login(plain(TITLE))

with st.sidebar:
    st.text(f"Signed in as {user}")
    for link in pages:
        st.page_link(link, label=plain(link.title))
    gate.logout_button()

page.run()
