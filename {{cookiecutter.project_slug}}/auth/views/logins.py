"""The part of the page Account that says where one is logged in, and ends logins."""

from collections.abc import Callable

import streamlit as st

from auth import gate, texts
from auth.gate import claims, recent, refusals, way_in
from auth.login import own_account
from auth.records import Session, UnavailableError, UnknownUserError, User
from auth.sessions import sessions, tokens
from auth.users import directory
from auth.visitor.internals import hidden

from auth.views import notices, tables, times

_NOTICE = hidden("auth_logins_notice")


def draw() -> None:
    """Draw it."""
    say = texts.current()
    st.subheader(say.where_logged_in, anchor=False)
    st.caption(say.about_logins)
    notices.draw(_NOTICE)
    found = claims.ask()
    own = sessions.list_sessions(directory.get(found.user.name))
    may_end = recent.is_recent()
    with st.container(border=True, key="auth_logins"):
        for session, _ in own:
            _draw_session(session, session.token_hash == found.login, may_end)
    if not may_end:
        way_in.draw_again(say.confirm_on_account)
    elif len(own) > 1:
        st.button(say.log_out_elsewhere, on_click=_end_other_sessions)


def _draw_session(session: Session, is_this: bool, may_end: bool) -> None:
    say = texts.current()
    times_of_it = say.since_and_last_used.format(
        since=times.in_words(session.created_at), last_used=times.in_words(session.last_seen_at)
    )
    known = [session.user_agent or say.unknown_browser, session.address]
    where = tables.join(
        " · ".join(filter(None, known)), tables.badge(say.this_one) if is_this else ""
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(tables.lines(where, times_of_it), width="stretch")
        label = tokens.session_label(session.token_hash)
        if may_end and not is_this:
            st.button(say.end, key=hidden(f"auth_end_{label}"), on_click=_end_session, args=[label])


@gate.recent_login_required
def _end_session(label: str) -> None:
    """End one of the user's sessions. Runs as a callback."""
    _end(lambda user, _: own_account.end_session(user, label), texts.current().session_ended)


@gate.recent_login_required
def _end_other_sessions() -> None:
    """End all of the user's sessions except this one. Runs as a callback."""
    _end(own_account.end_other_sessions, texts.current().logged_out_elsewhere)


def _end(end: Callable[[User, str], None], success: str) -> None:
    problem = None
    try:
        found = claims.ask()
        if found.login:
            end(directory.get(found.user.name), found.login)
    except UnavailableError as error:
        problem = refusals.explain(error, outage=texts.current().unchecked)
    except UnknownUserError:
        problem = texts.current().login_ended
    notices.keep(_NOTICE, problem, success)
