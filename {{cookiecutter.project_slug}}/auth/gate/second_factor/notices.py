"""What somebody has to be told after a login, on a line of its own, until they close it."""

from weakref import WeakKeyDictionary

import streamlit as st

from auth import texts
from auth.visitor import handshake
from auth.visitor.connections import Connection
from auth.visitor.internals import hidden

_kept: WeakKeyDictionary[Connection, list[str]] = WeakKeyDictionary()


def keep(connection: Connection, *sentences: str) -> None:
    """Have sentences shown on the pages of a connection, below those that are there."""
    if sentences:
        _kept.setdefault(connection, []).extend(sentences)


def forget(connection: Connection) -> None:
    """Forget what is for whoever was logged in before."""
    _kept.pop(connection, None)


def draw() -> None:
    """Draw what this connection has to be told, if there is anything."""
    connection = handshake.connection()
    if not (sentences := _kept.get(connection)):
        return
    for sentence in sentences:
        st.warning(sentence)
    key = hidden("auth_close_notices")
    st.button(texts.current().close_notices, key=key, on_click=_close)


def _close() -> None:
    forget(handshake.connection())
