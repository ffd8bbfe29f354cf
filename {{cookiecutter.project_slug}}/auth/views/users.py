"""The page Users: what administrators do about everybody's login."""

from collections.abc import Callable
from functools import wraps
from typing import NamedTuple

import streamlit as st

from auth import (
    actor,
    administrators,
    first_users,
    forms,
    gate,
    handshake,
    one_time,
    refusals,
    roles,
    users,
)
from auth.administrators import OwnAccountError
from auth.settings import SettingsError
from auth.stores.base import (
    LastUserError,
    StoreUnavailableError,
    UnknownUserError,
    User,
    UserExistsError,
)
from auth.usernames import stored_form
from auth.views import audit, demo

_ON_A_PAGE = 20
_NEW = "auth_new_username"
_SEARCH = "auth_user_search"
_OFFSET = "auth_user_offset"
_NOTICE = "auth_users_notice"
_OUTAGE = "This is not possible right now. Please try again in a moment."


class _Notice(NamedTuple):
    """What the page says once: what was done or why not, and a password that was made up."""

    text: str
    is_problem: bool = False
    password: str | None = None


def show() -> None:
    """Draw the page."""
    st.title("Users")
    gate.require_recent_login()
    demo.draw(_remove_demo)
    _draw_notice()
    _draw_addition()
    try:
        _draw_users()
        audit.draw()
    except (SettingsError, StoreUnavailableError) as error:
        st.error(refusals.explain(error, outage=_OUTAGE))


def _draw_notice() -> None:
    notice: _Notice | None = st.session_state.pop(_NOTICE, None)
    if notice is None:
        return
    (st.error if notice.is_problem else st.success)(forms.plain(notice.text))
    if notice.password:
        st.code(notice.password, language=None)
        st.caption(
            "Hand this password over now: it is shown once. It is good for one login within "
            "24 hours, at which its user chooses another."
        )


def _draw_addition() -> None:
    with st.form("auth_add_user"):
        st.text_input("New username", key=_NEW, autocomplete="off")
        st.form_submit_button("Add user", on_click=_add_user)


def _draw_users() -> None:
    text = st.text_input(
        "Search", key=_SEARCH, autocomplete="off", live=True, on_change=_start_again
    )
    offset = st.session_state.get(_OFFSET, 0)
    # One more, to know whether there is another page.
    one_more = users.search(text or "", _ON_A_PAGE + 1, offset)
    found = one_more[:_ON_A_PAGE]
    if not found:
        st.info("There is no such user.")
        return
    st.table(list(map(_row, found)), hide_index=True)
    _draw_turning(offset, is_last=len(one_more) == len(found))
    names = [user.username for user in found]
    exact = stored_form(text or "")
    chosen = names.index(exact) if exact in names else 0 if len(names) == 1 else None
    name = st.selectbox(
        "User", names, chosen, key=f"auth_chosen_{offset}_{text}", placeholder="Choose a user"
    )
    if name:
        _draw_user(found[names.index(name)])


def _row(user: User) -> dict[str, str]:
    """Return a row of the table, in which texts are Markdown."""
    state = "has not chosen a password yet" if user.has_one_time_password else ""
    return {
        "Username": forms.plain(user.username),
        "Roles": forms.plain(", ".join(user.roles)),
        "State": "disabled" if user.disabled else state,
    }


def _draw_turning(offset: int, *, is_last: bool) -> None:
    """Draw the way to the users before and after these."""
    if not offset and is_last:
        return
    with st.container(horizontal=True):
        back = max(0, offset - _ON_A_PAGE)
        st.button("Previous", disabled=not offset, on_click=_turn, args=[back])
        st.button("Next", disabled=is_last, on_click=_turn, args=[offset + _ON_A_PAGE])


def _draw_user(user: User) -> None:
    name = user.username
    with st.container(border=True):
        with st.form(f"auth_roles_form_{name}", border=False):
            had = " ".join(user.roles)
            key = f"auth_roles_{name}_{had}"
            st.text_input("Roles, with spaces between them", had, key=key, autocomplete="off")
            st.form_submit_button("Save roles", on_click=_set_roles, args=[name, key])
        with st.container(horizontal=True):
            if user.disabled:
                st.button("Enable", on_click=_enable, args=[name])
            else:
                st.button("Disable", on_click=_disable, args=[name])
            st.button("Unlock", on_click=_unlock, args=[name])
            st.button("End sessions", on_click=_end_sessions, args=[name])
            st.button("Reset password", on_click=_reset_password, args=[name])
            st.button("Remove", on_click=_remove, args=[name])


def _start_again() -> None:
    """Show the first users that are found. Runs as a callback."""
    st.session_state[_OFFSET] = 0


def _turn(offset: int) -> None:
    """Show other users. Runs as a callback."""
    st.session_state[_OFFSET] = offset


def _action(action: Callable[..., str | _Notice]) -> Callable[..., None]:
    """Have a callback run for administrators only, as themselves, and the page say how it went.

    Args:
        action: Called with the arguments of the callback. Returns what was done.
    """

    @gate.role_required(administrators.ROLE)
    @gate.recent_login_required
    @wraps(action)
    def act(*arguments: str) -> None:
        with actor.acting_as(gate.current_user().name, handshake.address()):
            try:
                done = action(*arguments)
            except OwnAccountError:
                problem = "You cannot do this to yourself. Another administrator can."
            except LastUserError as error:
                problem = f"{error} is the last administrator who may log in: make another first."
            except UnknownUserError as error:
                problem = f"There is no user {error} any more."
            except UserExistsError as error:
                problem = f"The user {error} already exists."
            except ValueError as error:
                problem = str(error)
            except (SettingsError, StoreUnavailableError) as error:
                problem = refusals.explain(error, outage=_OUTAGE)
            else:
                st.session_state[_NOTICE] = _Notice(done) if isinstance(done, str) else done
                return
        st.session_state[_NOTICE] = _Notice(problem, is_problem=True)

    return act


@_action
def _add_user() -> _Notice:
    name = stored_form(forms.typed_text(_NEW))
    password = one_time.add_user(name)
    st.session_state[_NEW] = ""
    return _Notice(f"Added {name}.", password=password)


@_action
def _reset_password(name: str) -> _Notice:
    password = one_time.reset_password(name)
    return _Notice(f"Reset the password of {name} and ended their sessions.", password=password)


@_action
def _set_roles(name: str, key: str) -> str:
    roles.replace(name, forms.typed_text(key).split())
    return f"Saved the roles of {name}."


@_action
def _disable(name: str) -> str:
    users.disable_user(name)
    return f"Disabled {name} and ended their sessions."


@_action
def _enable(name: str) -> str:
    users.enable_user(name)
    return f"Enabled {name}."


@_action
def _unlock(name: str) -> str:
    users.unlock(name)
    return f"Forgot the failed logins of {name}."


@_action
def _end_sessions(name: str) -> str:
    users.end_sessions(name)
    return f"Ended the sessions of {name}."


@_action
def _remove(name: str) -> str:
    users.remove_user(name)
    return f"Removed {name} and ended their sessions."


@_action
def _remove_demo() -> str:
    return str(first_users.remove_all())
