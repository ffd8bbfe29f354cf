"""The audit on the pages: what happened to everybody, and to one user."""

import csv
import io
from datetime import datetime
from functools import partial

import streamlit as st

from auth import events, gate, texts
from auth.events import Event
from auth.gate import claims, recent
from auth.records import AuditEntry, UnavailableError
from auth.users import administrators, directory
from auth.visitor.internals import hidden

from auth.views import tables, times

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
    st.caption(say.about_activity)
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
    st.html(tables.table((say.event, say.user, say.by, say.from_, say.when), map(_row, entries)))
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
    st.caption(say.about_own_activity)
    own = events.list_audit_of(gate.current_user().id, _SHOWN_TO_USER)
    rows = ([_in_words(entry), entry.address or "", times.ago(entry.at)] for entry in own)
    st.html(tables.table((say.event, say.from_, say.when), rows))


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


def columns() -> tuple[str, ...]:
    """Return what stands over the columns of the file."""
    say = texts.current()
    return say.time, say.event, say.user, say.by, say.from_, say.session


def _values(entry: AuditEntry) -> list[str]:
    """Return a row of the file, with the events as the log calls them: a program may read it."""
    event = _counted(entry.event, entry)
    known = (*_names(entry), entry.address, entry.session)
    return [f"{entry.at:{_TIME}}", event, *(value or "" for value in known)]


def _row(entry: AuditEntry) -> list[str]:
    """Return a row of the page, in which who did it stands only if it is somebody else."""
    user, actor = _names(entry)
    by = "" if actor == user else actor
    return [_in_words(entry), user, by, entry.address or "", times.ago(entry.at)]


def _names(entry: AuditEntry) -> tuple[str, str]:
    """Return whom an entry is about, and who did it."""
    user = texts.current().all_users if entry.username == "all users" else entry.username
    return user or "", entry.actor or ""


def _in_words(entry: AuditEntry) -> str:
    return _counted(texts.current().of_event(entry.event), entry)


def _counted(event: str, entry: AuditEntry) -> str:
    if entry.count == 1:
        return event
    return texts.current().times.format(event=event, number=entry.count)


def _cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
