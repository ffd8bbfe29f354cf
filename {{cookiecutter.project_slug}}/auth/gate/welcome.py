"""The page Welcome, which the link of an invitation opens, whoever is logged in.

The code is in the fragment of the address. It stays in the browser until `Save` sends it with the
password: a page that is only opened, by a person or by what scans their mail, uses nothing up. A
reload finds it in the tab's own memory.
"""

import secrets

import streamlit as st

from auth import texts
from auth.access import CurrentUser
from auth.gate import choosing, claims, forms, refusals, way_in
from auth.login import invitations
from auth.records import NotAcceptableError
from auth.settings import load_settings
from auth.visitor import handshake
from auth.visitor.internals import hidden

_LINK = hidden("auth_sent@invitation")
_FIELD = hidden("auth_typed@invitation_code")
_REFUSED = hidden("auth_invitation_refused")

_STYLE = """<style>
div:has(> .st-key-auth_invitation_place) { display: none }
body:not([data-auth-invitation="missing"]) div:has(> .st-key-auth_invitation_field) { display: none }
</style>"""
# A link may be opened in a tab that shows this page already: then only the fragment changes.
_TAKE_CODE = """
let take = () => {}
let forgotten = ""
const look = () => take()

const memory = (change) => {
  try { return change(sessionStorage) } catch { return null }
}

export default function ({ data, setStateValue }) {
  let code = memory((kept) => kept.getItem(data.place)) || ""
  if (data.refused && data.refused !== forgotten) {
    forgotten = data.refused
    code = ""
  }
  take = () => {
    const fragment = new URLSearchParams(location.hash.slice(1))
    if (fragment.has(data.name)) {
      code = fragment.get(data.name)
      history.replaceState(history.state, "", location.pathname + location.search)
    }
    memory((kept) => code ? kept.setItem(data.place, code) : kept.removeItem(data.place))
    document.body.setAttribute("data-auth-invitation", code ? "found" : "missing")
    setStateValue("code", code)
  }
  take()
  addEventListener("hashchange", look)
  return () => removeEventListener("hashchange", look)
}
"""


def is_asked_for() -> bool:
    """Tell whether the address is that of an invitation."""
    name, value = invitations.QUERY
    return st.query_params.get(name) == value


def draw(user: CurrentUser) -> None:
    """Draw the page.

    Args:
        user: Who is logged in: it is their login that a new one replaces.
    """
    say = texts.current()
    explanation = say.you_are_invited
    if user.is_logged_in:
        explanation = say.invited_while_logged_in.format(name=forms.plain(user.name))
    choosing.draw(say.welcome, explanation, _save, (say.back, _leave), _draw_code)


def _draw_code() -> None:
    """Draw what takes the code out of the address, and the field for one that got lost."""
    st.html(_STYLE)
    with st.container(key="auth_invitation_place"):
        data = {
            "name": invitations.FRAGMENT,
            "place": f"{load_settings().cookie_name}_invitation",
            "refused": st.session_state.get(_REFUSED, ""),
        }
        st.components.v2.component("auth_invitation", js=_TAKE_CODE)(key=_LINK, data=data)
    with st.container(key="auth_invitation_field"):
        st.text_input(texts.current().invitation_code, key=_FIELD, autocomplete="off")


def _code() -> str:
    """Return the code that was typed, or else that of the link; a whole link is fine as well."""
    link = st.session_state.get(_LINK, {}).get("code")
    text = forms.typed_text(_FIELD) or (link if isinstance(link, str) else "")
    return text.rpartition(f"{invitations.FRAGMENT}=")[2]


def _save() -> None:
    """Set the password that was chosen, and log in. Runs before the script, as a callback."""
    # Whose form it was: another connection may take the session over during the check.
    connection = handshake.connection()
    say, (password, repeated), code = texts.current(), choosing.typed(), _code()
    problem = forms.find_problem(password, repeated) if code else say.invitation_missing
    if problem:
        choosing.refuse(problem)
        return
    try:
        old = claims.ask().login
        user = invitations.accept(code, password)
        way_in.go_on(user, connection, old)
    except invitations.InvitationRefusedError:
        st.session_state[_REFUSED], st.session_state[_FIELD] = secrets.token_hex(4), ""
        choosing.refuse(say.invitation_refused)
    except NotAcceptableError as error:
        choosing.refuse(str(error))
    except refusals.REFUSALS as error:
        choosing.refuse(refusals.explain(error))
    else:
        _leave()


def _leave() -> None:
    """Show the app in place of this page. Runs as a callback."""
    st.query_params.pop(invitations.QUERY[0], None)
