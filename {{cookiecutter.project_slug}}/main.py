"""What people see: the pages, and who may see each."""

import streamlit as st

from auth import gate
from auth.access import {{ cookiecutter.pages | rule_names }}
{% if "pages" in cookiecutter.accounts %}

from auth.views import account_pages
{% endif %}

PAGES = {  # a page: who may see it
{% for page in cookiecutter.pages | pages %}
    {{ page | page_row }}
{% endfor %}
}
{% if "pages" in cookiecutter.accounts %}

PAGES |= account_pages()
{% endif %}

page = st.navigation(list(PAGES), position="hidden")  # first, so that the address survives a stop
gate.admit(page, PAGES)  # the login form or a refusal, or else the sidebar
page.run()
