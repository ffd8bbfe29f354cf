"""The page Account: what users do about their own login."""

from collections.abc import Callable, Sequence
from datetime import datetime

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from auth import clock, gate, texts
from auth.gate import claims, forms, recent, refusals
from auth.login import own_account
from auth.records import NotAcceptableError, Session, UnavailableError, UnknownUserError, User
from auth.sessions import sessions, tokens
from auth.users import directory
from auth.visitor.internals import hidden

from auth.views import audit, profile

_CURRENT = hidden("auth_current_password")
_NEW = hidden("auth_new_password")
_REPEATED = hidden("auth_repeated_password")
_NOTICE = hidden("auth_account_notice")


def show(parts: Sequence[Callable[[], None]] = ()) -> None:
    """Draw the page.

    Args:
        parts: Functions of the app's own, each of which draws a part below the others.
    """
    say = texts.current()
    st.title(say.account)
    st.text(say.your_username.format(name=gate.current_user().name))
    problem, success = st.session_state.pop(_NOTICE, (None, None))
    if problem:
        st.error(problem)
    elif success:
        st.success(success)
    profile.draw(_notify)
    _draw_password()
    try:
        audit.draw_own()
        _draw_sessions()
    except UnavailableError as error:
        st.error(refusals.explain(error, outage=texts.current().unchecked))
    for draw in parts:
        draw()


def _draw_password() -> None:
    say = texts.current()
    st.subheader(say.password)
    with st.form("auth_change_password"):
        _draw_field(say.current_password, _CURRENT, "current-password")
        _draw_field(say.new_password, _NEW, "new-password")
        _draw_field(say.repeat_new_password, _REPEATED, "new-password")
        st.form_submit_button(say.change_password, on_click=_change_password)


def _draw_field(label: str, key: str, autocomplete: str) -> None:
    st.text_input(label, key=key, type="password", autocomplete=autocomplete)


def _draw_sessions() -> None:
    say = texts.current()
    st.subheader(say.where_logged_in)
    found = claims.ask()
    own = sessions.list_sessions(directory.get(found.user.name))
    may_end = recent.is_recent()
    for session, _ in own:
        is_this = session.token_hash == found.login
        _draw_session(session, is_this, may_end)
    if not may_end:
        forms.draw_password(recent.log_in_again)
    elif len(own) > 1:
        st.button(say.log_out_elsewhere, on_click=_end_other_sessions)


def _draw_session(session: Session, is_this: bool, may_end: bool) -> None:
    say = texts.current()
    with st.container(border=True):
        where, since, last_used, end = st.columns([5, 3, 3, 2])
    known = [part for part in (session.user_agent, session.address) if part]
    _draw_value(where, say.where, " · ".join(known) or say.unknown)
    _draw_value(since, say.since, _ago(session.created_at))
    _draw_value(last_used, say.last_used, _ago(session.last_seen_at))
    label = tokens.session_label(session.token_hash)
    if is_this:
        end.badge(say.this_one)
    elif may_end:
        end.button(say.end, key=hidden(f"auth_end_{label}"), on_click=_end_session, args=[label])


def _draw_value(place: DeltaGenerator, label: str, value: str) -> None:
    place.caption(label)
    place.text(value)


def _ago(time: datetime) -> str:
    """Return how long ago a time was, in words."""
    say = texts.current()
    seconds = (clock.now() - time).total_seconds()
    for one, many, length in (
        (say.day_ago, say.days_ago, 86400),
        (say.hour_ago, say.hours_ago, 3600),
        (say.minute_ago, say.minutes_ago, 60),
    ):
        if seconds >= length:
            number = int(seconds // length)
            return (one if number == 1 else many).format(number=number)
    return say.just_now


@gate.login_required
def _change_password() -> None:
    """Change the password as it was typed. Runs before the script, as a callback."""
    password, new, repeated = map(forms.typed_password, (_CURRENT, _NEW, _REPEATED))

    def change(who: claims.Finding) -> str:
        return own_account.change_password(who.user.name, password, new)

    if new != repeated:
        _notify(texts.current().passwords_differ)
        return
    try:
        problem = recent.renew(change, texts.current().wrong_current_password)
    except NotAcceptableError as error:
        problem = str(error)
    except UnknownUserError:
        problem = texts.current().login_ended
    _notify(problem, texts.current().password_changed)


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
    _notify(problem, success)


def _notify(problem: str | None, success: str | None = None) -> None:
    """Have the page say what went wrong, or else what was done."""
    st.session_state[_NOTICE] = problem, success
