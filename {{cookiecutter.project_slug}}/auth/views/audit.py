"""The audit on the pages: what happened to everybody, and to one user."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import partial

import streamlit as st

from auth import events, gate, texts
from auth.events import Event
from auth.gate import claims, forms, recent
from auth.records import AuditEntry, UnavailableError
from auth.users import administrators, directory
from auth.visitor.internals import hidden

_TIME = "%Y-%m-%d %H:%M:%S"
_SHOWN = 50
_SHOWN_TO_USER = 10
_IN_FILE = 10_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # OWASP, CSV Injection

_USER = hidden("auth_audit_user")
_EVENT = hidden("auth_audit_event")


def draw() -> None:
    """Draw the newest events of all users, for administrators."""
    say = texts.current()
    st.subheader(say.recent_activity, anchor=False)
    whom, what = st.columns(2)
    typed = whom.text_input(say.filter_by_user, key=_USER, autocomplete="off", live=True)
    event = what.selectbox(
        say.filter_by_event,
        events.AUDITED,
        None,
        key=_EVENT,
        placeholder=say.everything,
        format_func=say.of_event,
    )
    username = (typed or "").strip() or None
    entries = events.list_audit(username, event, _SHOWN)
    if not entries:
        st.caption(say.nothing_found if username or event else say.nothing_yet)
        return
    _draw_table(columns(), map(_values, entries))
    st.download_button(
        say.download,
        partial(export, claims.ask().proved_at, gate.current_user().name, username, event),
        file_name="audit.csv",
        mime="text/csv",
        on_click="ignore",
    )


def draw_own() -> None:
    """Draw what happened to the login of whoever is there."""
    say = texts.current()
    st.subheader(say.recent_activity, anchor=False)
    own = events.list_audit_of(gate.current_user().id, _SHOWN_TO_USER)
    rows = ([f"{entry.at:{_TIME}}", _event(entry), entry.address or ""] for entry in own)
    _draw_table((say.time, say.event, say.from_), rows)


def export(
    proved_at: datetime | None, asker: str, username: str | None, event: str | None
) -> bytes:
    """Return the newest entries as a CSV file, if whoever asks may still see them.

    Streamlit calls it outside of a script, where nothing tells who is there.

    Args:
        proved_at: When they last proved who they are, UTC.
        asker: Who was there when the button was drawn.
        username: Whom the entries are about, or None for all.
        event: The text of an event, or None for all.
    """
    try:
        user = directory.find(asker)
        if user and administrators.is_one(user) and recent.is_within_limit(proved_at):
            entries = events.list_audit(username, event, _IN_FILE)
        else:
            events.record(Event.ACCESS_DENIED, user=user or asker, function="export")
            entries = []
    except UnavailableError as error:
        events.record(Event.STORE_UNAVAILABLE, reason=error)
        entries = []
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns())
    writer.writerows(map(_cell, _values(entry)) for entry in entries)
    return text.getvalue().encode()


def _draw_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Draw a table. Streamlit reads its cells as Markdown; one for data would offer a raw CSV file."""
    cells = (map(forms.plain, row) for row in rows)
    st.table([dict(zip(columns, row, strict=True)) for row in cells], hide_index=True)


def columns() -> tuple[str, ...]:
    """Return what stands over the columns."""
    say = texts.current()
    return say.time, say.event, say.user, say.by, say.from_, say.session


def _values(entry: AuditEntry) -> list[str]:
    say = texts.current()
    names = {"all users": say.all_users}
    user, actor = (names.get(name or "", name) for name in (entry.username, entry.actor))
    known = (user, actor, entry.address, entry.session)
    return [f"{entry.at:{_TIME}}", _event(entry), *(value or "" for value in known)]


def _event(entry: AuditEntry) -> str:
    say = texts.current()
    event = say.of_event(entry.event)
    return event if entry.count == 1 else say.times.format(event=event, number=entry.count)


def _cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
