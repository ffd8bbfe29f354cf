"""The table of users on the page Users, in which one is chosen by a click or an arrow key."""

import hashlib
from collections.abc import Sequence
from html import escape
from typing import Final

import streamlit as st

from auth.records import User
from auth.visitor.internals import hidden

from auth.views.tables import Html

_SHOWN = hidden("auth_user_shown")
_CODE: Final = """
export default function ({ data, parentElement, setStateValue }) {
  const place = (parentElement.place ??= parentElement.appendChild(document.createElement("div")))
  const radios = () => [...place.querySelectorAll("input")]
  if (place.drawn !== data.table) {
    const focused = radios().find((radio) => radio === document.activeElement)?.value
    place.innerHTML = place.drawn = data.table
    radios().find((radio) => radio.value === focused)?.focus()
  }
  for (const radio of radios()) radio.checked = radio.value === data.chosen
  place.onclick = ({ target }) => {
    if (!target.closest("label")) target.closest("tbody tr")?.querySelector("input").click()
  }
  place.onchange = ({ target }) => {
    setStateValue("user", target.value)
    show(target.value, 300)
  }
}

// On a phone, what can be done with somebody stands below the table, out of sight.
function show(user, frames) {
  const person = document.querySelector(`.st-key-auth_person_${user}`)
  if (!person && frames) requestAnimationFrame(() => show(user, frames - 1))
  else if (person?.getBoundingClientRect().top > innerHeight) person.scrollIntoView()
}
"""


def radio(user: User) -> Html:
    """Return what stands in a user's row to choose them by."""
    name = escape(user.username)
    return Html(f'<label><input type="radio" name="auth_user" value="{user.id}"> {name}</label>')


def draw(table: Html, found: Sequence[User], search: tuple[int, str], named: str) -> User | None:
    """Draw the table, and return who is chosen.

    Args:
        table: The table, with a `radio` in each row.
        found: The users in it.
        search: What they were found by. Who was chosen among others is not chosen here.
        named: A username: its user is chosen as long as nobody has chosen another.
    """
    key = _key(search)
    wanted = _told(key)
    chosen = next((user for user in found if user.id == wanted), None)
    if wanted is None:
        # Nobody is chosen because they are all that is left: a second click would be about them.
        chosen = next((user for user in found if user.username == named), None)
    st.session_state[_SHOWN] = key, chosen and chosen.id
    st.components.v2.component("auth_users", js=_CODE, isolate_styles=False)(
        key=key,
        data={"table": table, "chosen": chosen and chosen.id},
        on_user_change=lambda: None,
    )
    return chosen


def chosen_id(search: tuple[int, str]) -> str | None:
    """Return the id of who is chosen as far as the browser has said: in a callback, before a run."""
    key = _key(search)
    shown_under, shown = st.session_state.get(_SHOWN, (None, None))
    return _told(key) or (shown if shown_under == key else None)


def _told(key: str) -> str | None:
    user_id = st.session_state.get(key, {}).get("user")
    return user_id if isinstance(user_id, str) else None


def _key(search: tuple[int, str]) -> str:
    return hidden(f"auth_users_{hashlib.sha256(repr(search).encode()).hexdigest()[:16]}")
