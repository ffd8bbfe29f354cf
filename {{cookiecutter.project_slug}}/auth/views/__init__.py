"""The pages that come with the login, and who may see each."""

from collections.abc import Callable
from functools import partial

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from auth import texts
from auth.access import Rule, logged_in, roles
from auth.users import administrators

from auth.views import account, users


def account_pages(*parts: Callable[[], None]) -> dict[StreamlitPage, Rule]:
    """Return the pages, new ones in every run: no two runs may share one.

    Args:
        parts: Functions of the app's own, each of which draws a part of the page Account,
            below the others.
    """
    say = texts.current()
    return {
        st.Page(
            partial(account.show, parts), title=say.account, icon="👤", url_path="account"
        ): logged_in,
        st.Page(users.show, title=say.users, icon="👥", url_path="users"): roles(
            administrators.ROLE
        ),
    }
