"""The part of the page Account about what a login takes besides the password."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import streamlit as st

from auth import gate, texts
from auth.gate import forms, recent, refusals
from auth.gate.second_factor import passkey, setting_up
from auth.records import NotAcceptableError, UnavailableError, UnknownUserError, User
from auth.users import directory
from auth.users.factors import TOTP, Factor, LastFactorError, kept, recovery
from auth.visitor.internals import hidden

from auth.views import notices, tables, times

_NOTICE = hidden("auth_second_factor_notice")


def draw() -> None:
    """Draw it. What there is can be read at any time, and changed after a recent login."""
    say = texts.current()
    st.subheader(say.second_factor, anchor=False)
    st.caption(say.about_second_factor)
    notices.draw(_NOTICE)
    try:
        user = directory.get(gate.current_user().name)
        factors, codes_left = kept.list_of(user), recovery.codes_left(user)
    except UnavailableError as error:
        st.error(refusals.explain(error, outage=say.unchecked))
        return
    may_change = recent.is_recent()
    if factors:
        with st.container(border=True, key="auth_factors"):
            for factor in factors:
                _draw_factor(factor, may_change)
            with _row(say.recovery_codes, say.codes_left.format(number=codes_left)):
                if may_change:
                    st.button(say.new_recovery_codes, on_click=_make_recovery_codes)
    if not may_change:
        st.caption(say.confirm_for_second_factor)
    elif setting_up.is_begun(user):
        with st.container(border=True):
            setting_up.draw(user, setting_up.leave)
    else:
        if all(factor.kind != TOTP for factor in factors):
            st.button(say.set_up_authenticator, on_click=_begin)
        passkey.draw_adding(user)


def _draw_factor(factor: Factor, may_change: bool) -> None:
    say, name = texts.current(), _name_of(factor)
    added = say.factor_added if factor.kind == TOTP else say.passkey_added
    about = added.format(ago=times.in_words(factor.added_at))
    if factor.last_used_at:
        about += f", {say.factor_last_used.format(ago=times.in_words(factor.last_used_at))}"
    with _row(name, about):
        if not may_change:
            return
        arguments = [factor.factor_id, name]
        if factor.kind == TOTP:
            st.button(say.turn_off, on_click=_remove, args=arguments)
            return
        with st.popover(say.rename):
            key = hidden(f"auth_passkey_{factor.factor_id}_{name}")
            with st.form(f"auth_rename_{factor.factor_id}", border=False):
                st.text_input(say.passkey_name, name, key=key, autocomplete="off")
                save = hidden(f"auth_save_{factor.factor_id}")
                about_it = [factor.factor_id, key]
                st.form_submit_button(say.save, key=save, on_click=_rename, args=about_it)
        key = hidden(f"auth_remove_{factor.factor_id}")
        st.button(say.remove, key=key, on_click=_remove, args=arguments)


@contextmanager
def _row(name: str, about: str) -> Iterator[None]:
    """Have what can be done about something stand beside it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.html(tables.lines(name, about), width="stretch")
        with st.container(horizontal=True, width="content"):
            yield


def _name_of(factor: Factor) -> str:
    return texts.current().authenticator_app if factor.kind == TOTP else factor.name


@gate.recent_login_required
def _begin() -> None:
    """Have the key of an authenticator app shown. Runs as a callback, as those below."""
    _change(setting_up.begin)


@gate.recent_login_required
def _make_recovery_codes() -> None:
    _change(setting_up.make_recovery_codes)


@gate.recent_login_required
def _remove(factor_id: str, name: str) -> None:
    done = texts.current().factor_removed.format(name=forms.plain(name))
    _change(lambda user: kept.remove(user, factor_id), done)


@gate.recent_login_required
def _rename(factor_id: str, key: str) -> None:
    _change(lambda user: kept.rename(user, factor_id, forms.typed_text(key)))


def _change(change: Callable[[User], object], done: str | None = None) -> None:
    """Change something about whoever is there, and have the part say how it went."""
    say, problem = texts.current(), None
    try:
        change(directory.get(gate.current_user().name))
    except LastFactorError:
        problem = say.last_factor
    except NotAcceptableError as error:
        problem = str(error)
    except UnknownUserError:
        problem = say.login_ended
    except UnavailableError as error:
        problem = refusals.explain(error, outage=say.unchecked)
    notices.keep(_NOTICE, problem, done)
