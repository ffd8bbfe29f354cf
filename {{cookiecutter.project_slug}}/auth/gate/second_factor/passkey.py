"""Passkeys in a page: a button, and on the login form what the browser offers in the field.

There is no frame. A script of ours takes the click on Streamlit's button, because a browser wants
to be asked by a person, and sends what the passkey signed.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, Literal

import streamlit as st

from auth import texts
from auth.gate import claims, forms, recent, refusals
from auth.gate.second_factor import finishing, setting_up
from auth.login.second_factor import between, passkeys, places
from auth.login.second_factor.between import Between
from auth.login.second_factor.challenges import Challenge, Kind
from auth.login.second_factor.passkeys import PasskeyRefusedError
from auth.login.second_factor.places import Place
from auth.login.throttle import ThrottledError
from auth.records import UnavailableError, UnknownUserError, User
from auth.users import directory
from auth.users.factors import TOTP, recovery
from auth.visitor import handshake
from auth.visitor.connections import Connection
from auth.visitor.internals import hidden

_PROBLEM = hidden("auth_passkey_problem")

_STYLE = """<style>
div:has(> .st-key-auth_passkey_place),
body[data-auth-passkeys="none"] div:has(> .st-key-auth_passkey) { display: none }
</style>"""
# A browser has one open request at a time: that of autofill is ended before a click's. While one
# form gives way to another, Streamlit may call the first once more, and then end it.
_ASK = """
const forms = new Map()
let open = { done: Promise.resolve() }

const close = () => {
  open.abort?.()
  open = { done: open.done }
}

document.addEventListener("click", (event) => {
  const form = [...forms.values()].at(-1)
  if (!form || !event.target.closest?.(".st-key-auth_passkey button")) return
  event.preventDefault()
  event.stopPropagation()
  form.ask()
}, true)

export default function ({ data, key, setStateValue }) {
  const browser = window.PublicKeyCredential
  const { challenge } = data.options
  if (!browser?.parseCreationOptionsFromJSON) {
    document.body.setAttribute("data-auth-passkeys", "none")
    return
  }
  const request = async (mediation, signal) => {
    try {
      const publicKey = data.kind === "create"
        ? browser.parseCreationOptionsFromJSON(data.options)
        : browser.parseRequestOptionsFromJSON(data.options)
      const made = await navigator.credentials[data.kind]({ publicKey, mediation, signal })
      setStateValue("response", made.toJSON())
    } catch (error) {
      if (signal.aborted || mediation) return
      open.challenge = null
      setStateValue("response", { problem: error.name, at: Date.now() })
    }
  }
  const ask = (mediation) => {
    close()
    const control = new AbortController()
    const done = open.done.then(() => request(mediation, control.signal))
    open = { key, challenge, done, abort: () => control.abort() }
  }
  const offer = async () => {
    const isPossible = await browser.isConditionalMediationAvailable?.()
    if (isPossible && isThere() && open.challenge !== challenge) ask("conditional")
  }
  const renew = () => {
    if (!isThere()) return
    if (document.hidden) document.addEventListener("visibilitychange", renew, { once: true })
    else setStateValue("renew", challenge)
  }
  const form = { ask: () => ask(), timer: setTimeout(renew, data.seconds * 1000) }
  const isThere = () => forms.get(key) === form
  clearTimeout(forms.get(key)?.timer)
  forms.set(key, form)
  if (open.challenge !== challenge) close()
  if (data.autofill) offer()
  return () => {
    if (!isThere()) return
    clearTimeout(form.timer)
    forms.delete(key)
    if (open.key === key) close()
  }
}
"""


def place() -> Place | None:
    """Return where this tab has the app open, or None if passkeys do not work there."""
    return places.find(handshake.origin())


def draw_login() -> None:
    """Draw the button below the login form, and have its field offer passkeys."""
    _draw(texts.current().log_in_with_passkey, passkeys.ask_for_one, _log_in, autofill=True)


def draw_use(waiting: Between) -> None:
    """Draw the button with which somebody proves who they are, after the password.

    Args:
        waiting: The login that waits for that.
    """
    say, ask = texts.current(), partial(passkeys.ask_for_one, user=waiting.user)
    is_only = TOTP not in waiting.kinds
    if is_only and place():
        st.caption(say.prove_by_passkey)
    _draw(say.use_passkey, ask, _use, type="primary" if is_only else "secondary")


def draw_adding(user: User, width: Literal["content", "stretch"] = "content") -> None:
    """Draw the button with which a user who has just proved who they are adds a passkey.

    Args:
        user: The user.
        width: Of the button.
    """
    ask = partial(passkeys.ask_for_new, user=user)
    _draw(texts.current().add_passkey, ask, _add, width=width)


def _draw(
    label: str,
    ask: Callable[[Connection, Place], Challenge],
    on_response: Callable[[], None],
    *,
    autofill: bool = False,
    type: Literal["primary", "secondary"] = "secondary",
    width: Literal["content", "stretch"] = "stretch",
) -> None:
    """Draw a button, or why there is none: not on the login form, where nobody misses it."""
    here = place()
    if here is None:
        if not autofill:
            st.caption(texts.current().passkeys_elsewhere)
        return
    challenge = ask(handshake.connection(), here)
    st.html(_STYLE)
    with st.container(key="auth_passkey"):
        if problem := st.session_state.pop(_PROBLEM, None):
            st.error(problem)
        st.button(label, type=type, width=width)
    data = {
        "kind": challenge.kind,
        "options": challenge.options,
        "seconds": challenge.seconds,
        "autofill": autofill,
    }
    with st.container(key="auth_passkey_place"):
        component = st.components.v2.component("auth_passkey", js=_ASK)
        component(key=_key_of(challenge.kind), data=data, on_response_change=on_response)


def _key_of(kind: Kind) -> str:
    """Return the key of what the browser sends."""
    return hidden(f"auth_sent@passkey_{kind}")


def _log_in() -> None:
    """Log in with a passkey alone. Runs before the script, as a callback, as those below."""
    # Whose form it was: another connection may take the session over during the check.
    connection = handshake.connection()

    def log_in(response: dict[str, Any]) -> None:
        old = claims.ask().login
        user = passkeys.prove_alone(connection, response)
        finishing.enter(user, connection, old, "passkey")

    if problem := _answer("get", log_in):
        st.session_state[_PROBLEM] = problem


def _use() -> None:
    connection, say = handshake.connection(), texts.current()
    waiting = between.find(connection)
    if waiting is None:
        forms.notify(say.login_ended)
        return

    def use(response: dict[str, Any]) -> str | None:
        claims.ask()  # It notes who is visiting.
        if not between.is_current(waiting):
            between.end(waiting)
            return say.login_ended
        try:
            passkeys.prove(connection, response, waiting.user)
        except PasskeyRefusedError:
            between.count_wrong(waiting)
            raise
        return finishing.finish(waiting, connection, "passkey")

    problem = _answer("get", use)
    if problem and between.find(connection):
        st.session_state[_PROBLEM] = problem
    elif problem:
        (forms.refuse_password if waiting.is_again else forms.notify)(problem)


def _add() -> None:
    connection = handshake.connection()
    if not recent.is_recent():
        return

    def add(response: dict[str, Any]) -> None:
        found = claims.ask()
        if user := found.unfinished or directory.find(found.user.name):
            passkeys.add(connection, user, response)
            claims.forget()
            if not recovery.codes_left(user):
                setting_up.make_recovery_codes(user)

    if problem := _answer("create", add):
        st.session_state[_PROBLEM] = problem


def _answer(kind: Kind, do: Callable[[dict[str, Any]], str | None]) -> str | None:
    """Do something with what the browser has sent. Return a sentence if it went wrong, or None."""
    say, sent = texts.current(), st.session_state.get(_key_of(kind), {})
    response = sent.get("response")
    if not isinstance(response, dict):
        return None
    if problem := response.get("problem"):
        # The browser's name of it (WebAuthn 3, 5.1.3): the device has one that is known here.
        return say.passkey_exists if problem == "InvalidStateError" else say.passkey_not_used
    try:
        return do(response)
    except (PasskeyRefusedError, UnknownUserError):
        return say.passkey_refused
    except (ThrottledError, UnavailableError) as error:
        return refusals.explain(error)
