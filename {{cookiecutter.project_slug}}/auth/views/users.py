"""The page Users: what administrators do about everybody's login."""

from collections.abc import Callable

import streamlit as st

from auth import gate, texts
from auth.gate import forms, refusals
from auth.login import one_time
from auth.records import UnavailableError, User
from auth.usernames import stored_form
from auth.users import demo as demo_accounts
from auth.users import roles
from auth.visitor.internals import hidden

from auth.views import actions, asking, audit, demo, invitations, listing, person, tables
from auth.views.actions import Notice, administrators_only
from auth.views.listing import Listing

_NEW = hidden("auth_new_username")
_ADD = hidden("auth_add")
_NEW_ROLES = hidden("auth_new_roles")


def show(draw_action: Callable[[User], None] = lambda user: None) -> None:
    """Draw the page.

    Args:
        draw_action: Draws what else can be done about the user who is chosen.
    """
    say = texts.current()
    st.title(say.users)
    gate.require_recent_login()
    tables.draw_style()
    st.caption(say.about_users)
    asked = asking.take()
    demo.draw(asked, _remove_demo)
    left, right = st.columns([8, 5], gap="large")
    shown = Listing()
    try:
        with left.container(key="auth_users"):
            shown = listing.draw()
    except UnavailableError as error:
        left.error(refusals.explain(error, outage=say.not_now))
    with right.container(key="auth_beside_users"):
        actions.draw_notice()
        if shown.chosen:
            person.draw(shown.chosen, shown, asked, draw_action)
        _draw_addition(shown.roles)
    try:
        audit.draw()
    except UnavailableError as error:
        st.error(refusals.explain(error, outage=say.not_now))


def _draw_addition(known_roles: set[str]) -> None:
    say = texts.current()
    with st.form("auth_add_user"):
        st.subheader(say.add_a_user, anchor=False)
        st.caption(say.about_adding)
        st.text_input(say.new_username, key=_NEW, autocomplete="off")
        person.draw_roles(_NEW_ROLES, known_roles)
        with st.container(horizontal=True):
            st.form_submit_button(say.add_user, key=_ADD, type="primary", on_click=_add_user)
            invitations.draw_button("users", _NEW, _NEW_ROLES)


@administrators_only
def _add_user() -> Notice:
    name = stored_form(forms.typed_text(_NEW))
    password = one_time.add_user(name, roles=roles.checked(forms.typed_list(_NEW_ROLES)))
    st.session_state[_NEW], st.session_state[_NEW_ROLES] = "", []
    return Notice(texts.current().added.format(name=name), password=password)


@administrators_only
def _remove_demo() -> str:
    return str(demo_accounts.remove_all())
