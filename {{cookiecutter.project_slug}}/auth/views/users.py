"""The page Users: what administrators do about everybody's login."""

from collections.abc import Callable
from functools import wraps

import streamlit as st

from auth import gate, texts
from auth.gate import forms, refusals
from auth.login import one_time
from auth.records import NotAcceptableError, UnavailableError, User
from auth.usernames import stored_form
from auth.users import demo as demo_accounts
from auth.users import directory, roles
from auth.visitor.internals import hidden

from auth.views import actions, audit, demo, invitations
from auth.views.actions import Notice, administrators_only

_ON_A_PAGE = 20
_NEW = hidden("auth_new_username")
_SEARCH = hidden("auth_user_search")
_OFFSET = hidden("auth_user_offset")


def show() -> None:
    """Draw the page."""
    st.title(texts.current().users)
    gate.require_recent_login()
    demo.draw(_remove_demo)
    actions.draw_notice()
    _draw_addition()
    try:
        _draw_users()
        audit.draw()
    except UnavailableError as error:
        st.error(refusals.explain(error, outage=texts.current().not_now))


def _draw_addition() -> None:
    with st.form("auth_add_user"):
        st.text_input(texts.current().new_username, key=_NEW, autocomplete="off")
        with st.container(horizontal=True):
            st.form_submit_button(texts.current().add_user, on_click=_add_user)
            invitations.draw_button("users", _NEW)


def _draw_users() -> None:
    say = texts.current()
    st.text_input(say.search, key=_SEARCH, autocomplete="off", live=True, on_change=_start_again)
    text, offset = forms.typed_text(_SEARCH), st.session_state.get(_OFFSET, 0)
    # One more, to know whether there is another page.
    one_more = directory.search(text, _ON_A_PAGE + 1, offset)
    if offset and not one_more:  # The last users there were removed, perhaps just now.
        _start_again()
        offset = 0
        one_more = directory.search(text, _ON_A_PAGE + 1)
    found = one_more[:_ON_A_PAGE]
    if not found:
        st.info(say.no_such_user)
        return
    st.table(list(map(_row, found)), hide_index=True)
    _draw_turning(offset, is_last=len(one_more) == len(found))
    names = [user.username for user in found]
    # Nobody is chosen because they are all that is left: a second click would be about them.
    exact = stored_form(text)
    chosen = names.index(exact) if exact in names else None
    name = st.selectbox(say.user, names, chosen, key=_choice(), placeholder=say.choose_user)
    if name:
        _draw_user(found[names.index(name)])


def _row(user: User) -> dict[str, str]:
    """Return a row of the table, in which texts are Markdown."""
    say, state = texts.current(), one_time.describe(user)
    return {
        say.username: forms.plain(user.username),
        say.roles: forms.plain(", ".join(user.roles)),
        say.state: say.disabled if user.disabled else state,
    }


def _draw_turning(offset: int, *, is_last: bool) -> None:
    """Draw the way to the users before and after these."""
    if not offset and is_last:
        return
    say = texts.current()
    with st.container(horizontal=True):
        back = max(0, offset - _ON_A_PAGE)
        st.button(say.previous, disabled=not offset, on_click=_turn, args=[back])
        st.button(say.next, disabled=is_last, on_click=_turn, args=[offset + _ON_A_PAGE])


def _draw_user(user: User) -> None:
    say, name = texts.current(), user.username
    with st.container(border=True):
        st.subheader(forms.plain(name), anchor=False)
        with st.form(f"auth_roles_form_{name}", border=False):
            had = " ".join(user.roles)
            key = hidden(f"auth_roles_{name}_{had}")
            st.text_input(say.roles_with_spaces, had, key=key, autocomplete="off")
            st.form_submit_button(say.save_roles, on_click=_set_roles, args=[name, key, had])
        with st.form(f"auth_rename_form_{name}", border=False):
            new = hidden(f"auth_rename_{name}")
            st.text_input(say.rename_to, name, key=new, autocomplete="off")
            st.form_submit_button(say.rename, on_click=_rename, args=[name, new])
        with st.container(horizontal=True):
            switch = (say.enable, _enable) if user.disabled else (say.disable, _disable)
            for label, action in (
                switch,
                (say.unlock, _unlock),
                (say.end_sessions, _end_sessions),
                (say.reset_password, _reset_password),
                (say.remove, _remove),
            ):
                st.button(label, key=hidden(f"auth_{label}_{name}"), on_click=action, args=[name])


def _choice() -> str:
    """Return the key of the field that says who was chosen among those that are shown."""
    shown = st.session_state.get(_OFFSET, 0), forms.typed_text(_SEARCH)
    return hidden(f"auth_chosen_{shown}")


def _start_again() -> None:
    """Show the first users that are found."""
    st.session_state[_OFFSET] = 0


def _turn(offset: int) -> None:
    """Show other users. Runs as a callback."""
    st.session_state[_OFFSET] = offset


@administrators_only
def _add_user() -> Notice:
    name = stored_form(forms.typed_text(_NEW))
    password = one_time.add_user(name)
    st.session_state[_NEW] = ""
    return Notice(texts.current().added.format(name=name), password=password)


def _action_on_user(action: Callable[..., str | Notice]) -> Callable[..., None]:
    """Have a callback act on the user who was chosen, as `administrators_only`.

    What was chosen or typed may have changed since the page was drawn: then the click was
    meant for somebody else than the callback knows.
    """

    @wraps(action)
    def act(name: str, *arguments: str) -> str | Notice:
        if st.session_state.get(_choice()) != name:
            raise NotAcceptableError(texts.current().another_was_chosen)
        return action(name, *arguments)

    return administrators_only(act)


@_action_on_user
def _reset_password(name: str) -> Notice:
    password = one_time.reset_password(name)
    done = texts.current().password_was_reset.format(name=name)
    return Notice(done, password=password)


@_action_on_user
def _set_roles(name: str, key: str, had: str) -> str:
    roles.replace(name, forms.typed_text(key).split(), had.split())
    return texts.current().roles_saved.format(name=name)


@_action_on_user
def _rename(name: str, key: str) -> str:
    new_name = directory.rename_user(name, forms.typed_text(key))
    return texts.current().was_renamed.format(name=name, new_name=new_name)


@_action_on_user
def _disable(name: str) -> str:
    directory.disable_user(name)
    return texts.current().was_disabled.format(name=name)


@_action_on_user
def _enable(name: str) -> str:
    directory.enable_user(name)
    return texts.current().was_enabled.format(name=name)


@_action_on_user
def _unlock(name: str) -> str:
    directory.unlock(name)
    return texts.current().was_unlocked.format(name=name)


@_action_on_user
def _end_sessions(name: str) -> str:
    directory.end_sessions(name)
    return texts.current().sessions_were_ended.format(name=name)


@_action_on_user
def _remove(name: str) -> str:
    directory.remove_user(name)
    return texts.current().was_removed.format(name=name)


@administrators_only
def _remove_demo() -> str:
    return str(demo_accounts.remove_all())
