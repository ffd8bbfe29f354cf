"""Setting up an authenticator app: a picture and a key, its first code, and recovery codes once.

Nothing is on before that code was right: until then the key is in this tab's state, on the server.
"""

from collections.abc import Callable
from html import escape
from typing import Literal

import segno
import streamlit as st

from auth import clock, texts
from auth.gate import claims, forms, recent, refusals
from auth.login.second_factor import codes
from auth.records import UnavailableError, UnknownUserError, User
from auth.settings import load_settings
from auth.users import directory
from auth.users.factors import kept, recovery
from auth.visitor.internals import hidden

_KEY = hidden("auth_new_key")
_CODE = hidden("auth_typed@first_code")
_CONFIRM = hidden("auth_clicked@confirm")
_LEAVE = hidden("auth_clicked@leave")
_PROBLEM = hidden("auth_set_up_problem")
_RECOVERY_CODES = hidden("auth_recovery_codes")

# The picture is as large as a camera needs it, and a key or a code stands on one line if it can.
_STYLE = """<style>
.st-key-auth_key .auth-picture { width: 12.25rem; height: auto; max-width: none; margin: 0 }
.st-key-auth_key > :has(code) { min-width: min(100%, 17.5rem) }
:is(.st-key-auth_key, .st-key-auth_codes) code { font-size: 0.8125rem }
</style>"""


def draw_unfinished(
    found: claims.Finding,
    cancel: tuple[str, Callable[[], None]],
    draw_other: Callable[[User, Literal["stretch"]], None],
) -> bool:
    """Draw, in place of a page, the set-up that somebody owes, or recovery codes to be kept.

    Args:
        found: Who is there. Whoever is no more than its `unfinished` lacks what they have to have.
        cancel: The label of a button, and its callback, for whoever goes elsewhere.
        draw_other: Draws another way to have one than an app.

    Returns:
        Whether there was any of it.
    """
    say, user = texts.current(), found.unfinished
    if not (user or _has_recovery_codes(found.user.id)):
        return False
    with forms.card():
        if user:
            st.subheader(say.set_up_second_factor, anchor=False)
            st.caption(say.second_factor_required)
            draw(user)
            draw_other(user, "stretch")
            st.button(cancel[0], type="tertiary", width="stretch", on_click=cancel[1])
        else:
            _draw_recovery_codes(found.user.name)
    return True


def begin(user: User) -> str:
    """Make up a key for a user, and return it. It is worth nothing before its first code."""
    key = codes.new_seed()
    st.session_state[_KEY] = user.id, key
    return key


def is_begun(user: User) -> bool:
    """Tell whether a user has begun in this tab, and is not done."""
    return _key_of(user) is not None


def leave() -> None:
    """Forget the key. Runs as a callback."""
    st.session_state.pop(_KEY, None)


def draw(user: User, on_back: Callable[[], None] | None = None) -> None:
    """Draw the picture, the key, and the form for its first code.

    Args:
        user: Whose app it is to be.
        on_back: Called when they want to go back; None where that is no way out.
    """
    say, key = texts.current(), _key_of(user) or begin(user)
    st.html(_STYLE)
    st.write(say.scan_this)
    with st.container(horizontal=True, vertical_alignment="center", key="auth_key"):
        st.html(_picture(codes.address_of(user, key), say.picture_of_key), width="content")
        with st.container(width="stretch", gap="xxsmall"):
            st.caption(say.or_enter_this)
            st.code(key, language=None, wrap_lines=True)
    if problem := st.session_state.pop(_PROBLEM, None):
        st.error(problem)
    with st.form("auth_set_up", border=False):
        st.text_input(say.code, key=_CODE, autocomplete="one-time-code")
        with st.container(horizontal=True):
            width: Literal["content", "stretch"] = "content" if on_back else "stretch"
            st.form_submit_button(
                say.confirm, key=_CONFIRM, type="primary", width=width, on_click=_confirm
            )
            if on_back:
                st.form_submit_button(say.back, key=_LEAVE, type="tertiary", on_click=on_back)


def make_recovery_codes(user: User) -> None:
    """Replace a user's recovery codes, and have the new ones drawn in place of the page."""
    st.session_state[_RECOVERY_CODES] = user.id, recovery.make_codes(user)


def _key_of(user: User) -> str | None:
    """Return the key that was made up for a user in this tab, and not for whoever was there before."""
    whose, key = st.session_state.get(_KEY, (None, None))
    return key if whose == user.id else None


def _confirm() -> None:
    """Keep the key if the code is right. Runs before the script, as a callback."""
    say, typed = texts.current(), forms.typed_text(_CODE)
    st.session_state[_CODE] = ""
    try:
        found = claims.ask()
        user = found.unfinished or directory.find(found.user.name)
        key = user and _key_of(user)
        if not (user and key and recent.is_recent()):
            return
        step = codes.find_step(key, typed, clock.now())
        if step is None:
            st.session_state[_PROBLEM] = say.wrong_first_code
            return
        kept.add_authenticator(user, key, step)
        leave()
        if not recovery.codes_left(user):
            make_recovery_codes(user)
    except UnknownUserError:
        st.session_state[_PROBLEM] = say.login_ended
    except UnavailableError as error:
        st.session_state[_PROBLEM] = refusals.explain(error, outage=say.unchecked)
    claims.forget()


def _has_recovery_codes(user_id: str) -> bool:
    """Tell whether a user has yet to put recovery codes away. It takes a recent login, as making them."""
    whose, _ = st.session_state.get(_RECOVERY_CODES, (None, None))
    if whose and not (whose == user_id and recent.is_recent()):
        _put_away()
    return _RECOVERY_CODES in st.session_state


def _draw_recovery_codes(username: str) -> None:
    """Draw the recovery codes, and a way to keep them."""
    say, text = texts.current(), "\n".join(st.session_state[_RECOVERY_CODES][1])
    about = say.recovery_codes_of.format(name=username, app=load_settings().app_name)
    st.subheader(say.recovery_codes, anchor=False)
    st.caption(say.keep_recovery_codes)
    st.html(_STYLE)
    with st.container(key="auth_codes"):
        st.code(text, language=None)
    st.download_button(
        say.download_codes,
        f"{about}\n\n{text}\n",
        file_name="recovery-codes.txt",
        mime="text/plain",
        on_click="ignore",
        width="stretch",
    )
    st.button(say.codes_are_kept, type="primary", width="stretch", on_click=_put_away)


def _put_away() -> None:
    st.session_state.pop(_RECOVERY_CODES, None)


def _picture(address: str, text: str) -> str:
    """Return an address as a picture that a camera reads, on white whatever the theme."""
    uri = segno.make(address, micro=False).svg_data_uri(scale=4, border=4, light="#fff")
    return f'<img class="auth-picture" src="{escape(uri)}" alt="{escape(text)}">'
