"""The part of the page Users that helps somebody who has lost their second factor."""

import streamlit as st

from auth import texts
from auth.records import User
from auth.users import administrators, directory
from auth.users.factors import kept
from auth.visitor.internals import hidden

from auth.views.person import action_on_user


def draw_button(user: User) -> None:
    """Draw the button, for somebody who has a second factor.

    Args:
        user: Who is chosen.
    """
    if kept.has_any(user):
        key = hidden(f"auth_reset_second_factor_{user.id}")
        st.button(
            texts.current().reset_second_factor,
            key=key,
            on_click=_reset,
            args=[user.id, user.username],
        )


@action_on_user
def _reset(name: str) -> str:
    user = directory.get(name)
    administrators.check_not_oneself(user)
    kept.remove_all(user)
    return texts.current().second_factor_was_reset.format(name=name)
