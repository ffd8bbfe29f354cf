"""The part of the page Users that invites somebody."""

import streamlit as st

from auth import texts
from auth.gate import forms
from auth.login import invitations
from auth.usernames import stored_form
from auth.visitor import handshake
from auth.visitor.internals import hidden

from auth.views.actions import Notice, administrators_only

_INVITE = hidden("auth_invite")


def draw_button(page: str, name_key: str, roles_key: str) -> None:
    """Draw the button, inside of the form that adds users.

    Args:
        page: The path of the page that the form is on.
        name_key: The key of the field for the new name.
        roles_key: The key of the field for their roles.
    """
    arguments = [page, name_key, roles_key]
    st.form_submit_button(texts.current().invite, key=_INVITE, on_click=_invite, args=arguments)


@administrators_only
def _invite(page: str, name_key: str, roles_key: str) -> Notice:
    name = stored_form(forms.typed_text(name_key))
    roles = forms.typed_list(roles_key)
    link = invitations.invite(name, roles, address=handshake.app_url(page))
    st.session_state[name_key], st.session_state[roles_key] = "", []
    return Notice(texts.current().invited.format(name=name), link=link)
