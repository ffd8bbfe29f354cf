"""The form in which somebody chooses a password, in place of what an administrator gave them."""

from collections.abc import Callable

import streamlit as st

from auth import texts
from auth.gate import forms
from auth.visitor.internals import hidden

_CHOSEN = hidden("auth_chosen_password")
_REPEATED = hidden("auth_chosen_password_again")
_SAVE = hidden("auth_clicked@save")
_NOTICE = hidden("auth_notice_choice")


def draw(
    heading: str,
    explanation: str,
    on_submit: Callable[[], None],
    cancel: tuple[str, Callable[[], None]],
    draw_code: Callable[[], None] = lambda: None,
) -> None:
    """Draw the form in place of a page.

    Args:
        heading, explanation: What stands over the fields.
        on_submit: Called before the next script run, when it is submitted.
        cancel: The label of a button, and what is called likewise, when somebody goes elsewhere.
        draw_code: Draws what else the form has.
    """
    say = texts.current()
    with forms.card():
        if notice := st.session_state.pop(_NOTICE, None):
            st.error(notice)
        with st.form("auth_choice", border=False):
            st.subheader(heading, anchor=False)
            st.caption(explanation)
            draw_code()
            forms.draw_new_password(_CHOSEN, _REPEATED)
            st.form_submit_button(
                say.save, key=_SAVE, type="primary", width="stretch", on_click=on_submit
            )
        st.button(cancel[0], type="tertiary", width="stretch", on_click=cancel[1])
    forms.focus("new-password", 2)


def typed() -> tuple[str, str]:
    """Return what was chosen as a password, and again, and empty both fields."""
    return forms.typed_password(_CHOSEN), forms.typed_password(_REPEATED)


def refuse(notice: str) -> None:
    """Have the form show a notice."""
    st.session_state[_NOTICE] = notice
