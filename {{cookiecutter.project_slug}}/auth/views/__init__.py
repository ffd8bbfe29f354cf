"""The pages that come with the login, and who may see each."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from auth.access import Rule, logged_in, roles
from auth.users import administrators
from auth.views import account, users


def account_pages() -> dict[StreamlitPage, Rule]:
    """Return the pages. They are new ones in every run: no two runs may share one."""
    return {
        st.Page(account.show, title="Account", icon="👤", url_path="account"): logged_in,
        st.Page(users.show, title="Users", icon="👥", url_path="users"): roles(administrators.ROLE),
    }
