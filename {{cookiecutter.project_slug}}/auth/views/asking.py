"""The dialog that asks before somebody is removed."""

from collections.abc import Callable

import streamlit as st

from auth import texts
from auth.gate import forms
from auth.visitor.internals import hidden

_ASKED = hidden("auth_asked")
_YES = hidden("auth_yes_remove")


def ask(about: str) -> None:
    """Have the page ask in its next run. Runs as a callback.

    Args:
        about: Whom about: an id, or another word that the page knows.
    """
    st.session_state[_ASKED] = about


def take() -> str | None:
    """Return whom the page is to ask about, once: whoever closes the dialog has said no."""
    asked: str | None = st.session_state.pop(_ASKED, None)
    return asked


def draw(question: str, means: str, remove: Callable[..., None], *arguments: str) -> None:
    """Draw the dialog.

    Args:
        question: The question.
        means: What it means to say yes.
        remove: The callback of the button.
        arguments: Those of the callback.
    """
    yes = texts.current().yes_remove

    def show() -> None:
        st.text(means)
        # After a click in a dialog, Streamlit runs what is in it, and not the page.
        if st.button(yes, key=_YES, type="primary", on_click=remove, args=arguments):
            st.rerun()

    st.dialog(forms.plain(question))(show)()
