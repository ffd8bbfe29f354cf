"""The part of the page Users that finds users and has one of them chosen."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import streamlit as st

from auth import texts
from auth.gate import forms
from auth.records import User
from auth.sessions import sessions
from auth.usernames import stored_form
from auth.users import directory
from auth.visitor.internals import hidden

from auth.views import badges, choice, tables, times

_ON_A_PAGE = 20
_SEARCH = hidden("auth_user_search")
_OFFSET = hidden("auth_user_offset")


class Listing(NamedTuple):
    """Who is shown.

    Attributes:
        users: The users.
        seen_at: When each was last seen, UTC, by their id.
        chosen: Who of them is chosen, or None.
    """

    users: Sequence[User] = ()
    seen_at: Mapping[str, datetime] = {}
    chosen: User | None = None

    @property
    def roles(self) -> set[str]:
        """The roles that they have."""
        return {role for user in self.users for role in user.roles}


def draw() -> Listing:
    """Draw the search and the users that it finds, and return who is shown."""
    say = texts.current()
    st.text_input(say.search, key=_SEARCH, autocomplete="off", live=True, on_change=_start_again)
    offset, text = _search()
    # One more, to know whether there is another page.
    one_more = directory.search(text, _ON_A_PAGE + 1, offset)
    if offset and not one_more:  # The last users there were removed, perhaps just now.
        _start_again()
        offset = 0
        one_more = directory.search(text, _ON_A_PAGE + 1)
    found = one_more[:_ON_A_PAGE]
    if not found:
        st.info(say.no_such_user)
        return Listing()
    seen_at = sessions.last_seen(found)
    columns = (say.user, say.roles, say.state, say.last_seen)
    table = tables.table(columns, (_row(user, seen_at.get(user.id)) for user in found))
    chosen = choice.draw(table, found, (offset, text), stored_form(text))
    _draw_turning(offset, is_last=len(one_more) == len(found))
    return Listing(found, seen_at, chosen)


def chosen_id() -> str | None:
    """Return the id of who is chosen as far as the browser has said: in a callback, before a run."""
    return choice.chosen_id(_search())


def _row(user: User, seen_at: datetime | None) -> list[str]:
    roles = tables.join(*map(tables.badge, user.roles))
    seen = times.ago(seen_at) if seen_at else texts.current().never
    name = tables.join(choice.radio(user), *map(tables.pale, called(user)))
    return [name, roles, badges.of(user), seen]


def called(user: User) -> list[str]:
    """Return what a user is called besides the username."""
    return [text for text in (user.display_name, user.email) if text]


def _draw_turning(offset: int, *, is_last: bool) -> None:
    """Draw the way to the users before and after these."""
    if not offset and is_last:
        return
    say = texts.current()
    with st.container(horizontal=True):
        back = max(0, offset - _ON_A_PAGE)
        st.button(say.previous, disabled=not offset, on_click=_turn, args=[back])
        st.button(say.next, disabled=is_last, on_click=_turn, args=[offset + _ON_A_PAGE])


def _search() -> tuple[int, str]:
    """Return how many users are left out, and what is searched for."""
    return st.session_state.get(_OFFSET, 0), forms.typed_text(_SEARCH)


def _start_again() -> None:
    """Show the first users that are found."""
    st.session_state[_OFFSET] = 0


def _turn(offset: int) -> None:
    """Show other users. Runs as a callback."""
    st.session_state[_OFFSET] = offset
