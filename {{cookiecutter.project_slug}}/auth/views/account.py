"""The page Account: what users do about their own login."""

from collections.abc import Callable, Sequence

import streamlit as st

from auth import gate, texts
from auth.gate import claims, forms, recent, refusals, way_in
from auth.login import own_account
from auth.records import UnavailableError
from auth.visitor.internals import hidden

from auth.views import audit, logins, notices, profile, tables

_CURRENT = hidden("auth_current_password")
_NEW = hidden("auth_new_password")
_REPEATED = hidden("auth_repeated_password")
_CHANGE = hidden("auth_change_password")
_NOTICE = hidden("auth_password_notice")


def show(
    parts: Sequence[Callable[[], None]] = (), below_password: Callable[[], None] = lambda: None
) -> None:
    """Draw the page.

    Args:
        parts: Functions of the app's own, each of which draws a part below the others.
        below_password: Draws what stands below the part about the password.
    """
    say = texts.current()
    st.title(say.account)
    tables.draw_style()
    profile.draw()
    _draw_password()
    below_password()
    try:
        logins.draw()
        audit.draw_own()
    except UnavailableError as error:
        st.error(refusals.explain(error, outage=say.unchecked))
    for draw in parts:
        draw()


def _draw_password() -> None:
    say = texts.current()
    st.subheader(say.password, anchor=False)
    st.caption(say.about_password)
    notices.draw(_NOTICE)
    if why_not := way_in.why_no_new_password():
        st.caption(why_not)
        return
    with st.form("auth_change_password"):
        st.text_input(
            say.current_password, key=_CURRENT, type="password", autocomplete="current-password"
        )
        forms.draw_new_password(_NEW, _REPEATED)
        st.form_submit_button(
            say.change_password, key=_CHANGE, type="primary", on_click=_change_password
        )


@gate.login_required
def _change_password() -> None:
    """Change the password as it was typed. Runs before the script, as a callback."""
    say = texts.current()
    password, new, repeated = map(forms.typed_password, (_CURRENT, _NEW, _REPEATED))

    def change(who: claims.Finding) -> str:
        return own_account.change_password(who.user.name, password, new)

    problem = way_in.why_no_new_password() or forms.find_problem(new, repeated, password)
    problem = problem or recent.renew(change, say.wrong_current_password)
    notices.keep(_NOTICE, problem, say.password_changed)
