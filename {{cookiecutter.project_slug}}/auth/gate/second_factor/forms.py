"""The form for a second factor, after the password: a code, a passkey, or a recovery code."""

import streamlit as st

from auth import texts
from auth.gate import claims, forms, refusals
from auth.gate.second_factor import finishing, passkey
from auth.login.second_factor import between, proving, remembered
from auth.login.second_factor.between import Between
from auth.login.second_factor.proving import WrongCodeError
from auth.login.throttle import ThrottledError
from auth.records import UnavailableError
from auth.users.factors import PASSKEY, TOTP
from auth.visitor import handshake, internals, visiting
from auth.visitor.connections import Connection
from auth.visitor.internals import hidden

_CODE = hidden("auth_typed@code")
_RECOVERY_CODE = hidden("auth_typed@recovery_code")
_CONTINUE = hidden("auth_clicked@code")
_REMEMBER = hidden("auth_clicked@remember")
_NOTICE = hidden("auth_notice_code")


def draw(waiting: Between) -> None:
    """Draw the form, and the ways to use something else.

    Args:
        waiting: The login that waits on this connection.
    """
    say, device = texts.current(), visiting.current().device
    between.keep_for_page(handshake.connection(), internals.session_id(), device)
    if notice := st.session_state.pop(_NOTICE, None):
        st.error(notice)
    if waiting.wants_recovery:
        _draw_form(waiting, say.enter_recovery_code, say.recovery_code, _RECOVERY_CODE, "off")
    elif TOTP in waiting.kinds:
        _draw_form(waiting, say.enter_code, say.code, _CODE, "one-time-code")
    if PASSKEY in waiting.kinds and not waiting.wants_recovery:
        passkey.draw_use(waiting)
    with st.container(gap="xxsmall"):
        if not waiting.wants_recovery:
            label = say.use_recovery_code
            st.button(label, type="tertiary", width="stretch", on_click=_use_recovery_code)
        st.button(say.back, type="tertiary", width="stretch", on_click=_go_back)


def _draw_form(waiting: Between, why: str, label: str, key: str, autocomplete: str) -> None:
    say = texts.current()
    with st.form("auth_second_factor", border=False):
        st.caption(why)
        st.text_input(label, key=key, autocomplete=autocomplete)
        st.form_submit_button(
            say.continue_, key=_CONTINUE, type="primary", width="stretch", on_click=_submit
        )
        if remembered.days() and not waiting.is_again:
            label = say.continue_and_remember.format(days=f"{remembered.days():g}")
            st.form_submit_button(
                label, key=_REMEMBER, width="stretch", on_click=_submit, args=[True]
            )
    forms.focus(autocomplete)


def _submit(remember: bool = False) -> None:
    """Check what was typed. Runs before the script, as a callback."""
    # Whose form it was: another connection may take the session over during the check.
    connection, say = handshake.connection(), texts.current()
    waiting = between.find(connection)
    if waiting is None:
        forms.notify(say.login_ended)
        return
    typed = forms.typed_password(_RECOVERY_CODE if waiting.wants_recovery else _CODE).strip()
    if not typed:
        return
    try:
        problem = _check(connection, waiting, typed, remember=remember)
    except (ThrottledError, UnavailableError) as error:
        problem = refusals.explain(error)
    if problem and between.find(connection):
        st.session_state[_NOTICE] = problem
    elif problem:
        (forms.refuse_password if waiting.is_again else forms.notify)(problem)


def _check(connection: Connection, waiting: Between, typed: str, *, remember: bool) -> str | None:
    """Let somebody in if a code is right. Return a sentence that says why not, or None."""
    say = texts.current()
    claims.ask()  # It notes who is visiting.
    if not between.is_current(waiting):
        between.end(waiting)
        return say.login_ended
    proof, prove = "code", proving.by_code
    if waiting.wants_recovery:
        proof, prove = "recovery code", proving.by_recovery_code
    try:
        prove(waiting.user, typed)
    except WrongCodeError:
        if between.count_wrong(waiting):
            return say.wrong_recovery_code if waiting.wants_recovery else say.wrong_code
        return say.too_many_codes
    return finishing.finish(waiting, connection, proof, remember=remember)


def _use_recovery_code() -> None:
    if waiting := between.find(handshake.connection()):
        waiting.wants_recovery = True


def _go_back() -> None:
    """Show the code's form again, or what came before it. Runs as a callback."""
    waiting = between.find(handshake.connection())
    if waiting and waiting.wants_recovery:
        waiting.wants_recovery = False
    elif waiting:
        between.end(waiting)
