"""The pages that come with the login, and who may see each."""

from collections.abc import Callable
from functools import partial

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from auth import texts
from auth.access import Rule, logged_in, roles
from auth.users import administrators

{% if "second_factor" in cookiecutter.accounts %}
from auth.views import account, second_factor, second_factor_reset, users
{% else %}
from auth.views import account, users
{% endif %}


def account_pages(*parts: Callable[[], None]) -> dict[StreamlitPage, Rule]:
    """Return the pages, new ones in every run: no two runs may share one.

    Args:
        parts: Functions of the app's own, each of which draws a part of the page Account,
            below the others.
    """
    say = texts.current()
{% if "second_factor" in cookiecutter.accounts %}
    show_account = partial(account.show, parts, second_factor.draw)
    show_users = partial(users.show, second_factor_reset.draw_button)
{% else %}
    show_account, show_users = partial(account.show, parts), users.show
{% endif %}
    return {
        st.Page(show_account, title=say.account, icon="👤", url_path="account"): logged_in,
        st.Page(show_users, title=say.users, icon="👥", url_path="users"): roles(
            administrators.ROLE
        ),
    }
