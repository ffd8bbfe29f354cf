"""The part of the page Users that invites somebody."""

import streamlit as st

from auth import texts
from auth.gate import forms
from auth.login import invitations
from auth.usernames import stored_form
from auth.visitor import handshake

from auth.views.actions import Notice, administrators_only


def draw_button(page: str, name_key: str) -> None:
    """Draw the button, inside of the form that adds users.

    Args:
        page: The path of the page that the form is on.
        name_key: The key of the field for the new name.
    """
    st.form_submit_button(texts.current().invite, on_click=_invite, args=[page, name_key])


@administrators_only
def _invite(page: str, name_key: str) -> Notice:
    name = stored_form(forms.typed_text(name_key))
    link = invitations.invite(name, address=handshake.app_url(page))
    st.session_state[name_key] = ""
    return Notice(texts.current().invited.format(name=name), link=link)
