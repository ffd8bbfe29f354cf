"""A main.py of the tests' own: they know who may see its pages, whatever the project's are."""

import streamlit as st

from auth import gate
from auth.access import CurrentUser, logged_in, public, roles


def bosses(user: CurrentUser) -> bool:
    """Let every user with the role see a page."""
    return user.has_role("boss")


def show_private() -> None:
    st.header("Private")
    st.text(f"page: {gate.current_user().name or 'nobody'}")
    show_part()
    st.button("Any", on_click=note, args=["any"])
    st.button("User", on_click=gate.login_required(note), args=["user"])
    st.button("Boss", on_click=gate.role_required("boss")(note), args=["boss"])


def show_open() -> None:
    st.header("Open")
    st.text(f"page: {gate.current_user().name or 'nobody'}")


def show_help() -> None:
    st.header("Help")


def show_bosses() -> None:
    st.header("Bosses")


def show_careful() -> None:
    gate.require_recent_login()
    st.text("secret")
    st.button("Act", on_click=gate.recent_login_required(note), args=["careful"])


def show_state() -> None:
    """Do to st.session_state what many apps do."""
    st.header("Idioms")
    st.write(st.session_state)
    kept = st.session_state.to_dict()
    for name in st.session_state:
        st.session_state[name] = st.session_state[name]
    for key in list(st.session_state.keys()):
        del st.session_state[key]
    st.session_state.update(kept)
    for key in kept:
        st.session_state.setdefault(key, None)
    st.session_state.clear()


def show_called() -> None:
    st.text(gate.current_user().email)
    st.text(gate.current_user().display_name)


def show_long() -> None:
    for act in st.session_state["meanwhile"]:
        act()
        st.text(gate.current_user().name)


@st.fragment
def show_part() -> None:
    st.text(f"fragment: {gate.current_user().name or 'nobody'}")
    show_guarded_part()


@gate.login_required
def show_guarded_part() -> None:
    st.text("guarded part")


def note(callback: str) -> None:
    """Keep which callback was called, and by whom."""
    st.session_state["called"] = f"{callback}: {gate.current_user().name or 'nobody'}"


PAGES = {
    st.Page(show_private, title="Private", url_path="private", default=True): logged_in,
    st.Page(show_open, title="Open", url_path="open"): public,
    st.Page(show_state, title="Idioms", url_path="state"): public,
    st.Page(show_help, title="Help", url_path="help"): public,
    st.Page(show_careful, title="Careful", url_path="careful"): logged_in,
    st.Page(show_called, title="Called", url_path="called"): roles("called"),
    st.Page(show_long, title="Long", url_path="long"): roles("tester"),
    st.Page(show_bosses, title="Bosses", url_path="bosses"): bosses,
}
page = st.navigation(list(PAGES), position="hidden")
gate.admit(page, PAGES)
page.run()
