"""What is drawn in place of a page: the login form, and why there is none."""

import re
from collections.abc import Callable

import streamlit as st

from auth.settings import load_settings

_USERNAME = "auth_username"
_PASSWORD = "auth_password"  # noqa: S105 - the key of a field
_NOTICE = "auth_notice"


def plain(text: str) -> str:
    """Return text that Streamlit shows as it is, and not as Markdown."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def draw_login(on_submit: Callable[[], None]) -> None:
    """Draw the login form.

    Args:
        on_submit: Called before the next script run, when somebody submits it.
    """
    st.title(plain(load_settings().app_name))
    with st.form("login"):
        st.text_input("Username", key=_USERNAME, autocomplete="username")
        st.text_input("Password", key=_PASSWORD, type="password", autocomplete="current-password")
        st.form_submit_button("Log in", type="primary", on_click=on_submit)
    if _NOTICE in st.session_state:
        st.error(st.session_state[_NOTICE])


def typed() -> tuple[str, str]:
    """Return what was typed into the login form, username and password, and empty the password."""
    username, password = _text(_USERNAME).strip(), _text(_PASSWORD)
    st.session_state[_PASSWORD] = ""
    return username, password


def notify(notice: str | None) -> None:
    """Have the login form show a notice, or remove it."""
    st.session_state.pop(_NOTICE, None)
    if notice:
        st.session_state[_NOTICE] = notice


def draw_outage(sentence: str) -> None:
    """Draw that logins cannot be checked, and a button that tries again."""
    st.error(sentence)
    st.button("Try again")


def draw_problem(sentence: str) -> None:
    """Draw why there is no page."""
    st.error(sentence)


def _text(key: str) -> str:
    """Return what a field holds. A browser sends text; a raw client can send anything."""
    value = st.session_state.get(key, "")
    return value if isinstance(value, str) else ""
