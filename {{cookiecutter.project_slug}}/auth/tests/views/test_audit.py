"""The audit on the pages Users and Account."""

import csv
import io
from pathlib import Path
from typing import Final

import pytest
from streamlit.testing.v1.element_tree import Selectbox

from auth import clock as auth_clock
from auth import create_session, events, texts
from auth.events import Event, record, recording
from auth.tests.conftest import PASSWORD, Clock
from auth.tests.people import visit
from auth.tests.tab import Tab
from auth.tests.views import labels as page
from auth.tests.views.reading import bodies_of, tables_of
from auth.users import directory, roles
from auth.visitor import visiting

from auth.views import audit

SAMPLE: Final = Path(__file__).with_name("sample.py")
SAY: Final = texts.DEFAULTS
HEADER: Final = [SAY.time, SAY.event, SAY.user, SAY.by, SAY.from_, SAY.session]


@pytest.fixture
def tab(admin: str, clock: Clock) -> Tab:
    """A tab in which the administrator has opened the page Users, after a login."""
    return Tab(create_session(admin), SAMPLE).run().open_page("users")


def test_the_newest_events_are_shown_first(tab: Tab, clock: Clock) -> None:
    clock.forward(seconds=10)
    visit("2001:db8::1")
    record(Event.LOGIN_FAILED, user="bob")
    newest, *others = rows_of(tab.run())
    assert newest == ["Wrong password", "bob", "2001:db8::1", "just now"]
    assert [row[0] for row in others] == ["Logged in"]


def test_what_happened_often_is_shown_with_how_often(tab: Tab, clock: Clock) -> None:
    for _ in range(40):
        record(Event.ACCESS_DENIED, user="bob")
    clock.forward(minutes=1)
    recording.tell_counts()
    assert [row[0] for row in rows_of(tab.run())[:2]] == [
        "Page or action refused (39 times)",
        "Page or action refused",
    ]


def test_events_are_filtered_by_user_and_by_kind(tab: Tab) -> None:
    for name in ("ann", "bob"):
        record(Event.LOGIN, user=name)
        record(Event.LOGOUT, user=name)
    filter_by(tab, user=" ANN ")
    assert {row[1] for row in rows_of(tab)} == {"ann"}
    filter_by(tab, event="logout")
    assert [row[:2] for row in rows_of(tab)] == [["Logged out", "ann"]]
    filter_by(tab, user="nobody")
    assert page.NOTHING_FOUND in tab.hints


def test_before_anything_has_happened_nothing_is_said_to_be_there_yet(
    tab: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "list_audit", lambda *_: [])
    assert page.NOTHING_YET in tab.run().hints


def test_a_column_is_there_when_something_is_in_it(tab: Tab, admin: str) -> None:
    assert tables_of(tab.run())[-1][0] == ["Event", "User", "When"]
    visit("192.0.2.1")
    with visiting.acting_as(admin):
        record(Event.USER_ADDED, user="bob")
    columns, newest, *_ = tables_of(tab.run())[-1]
    assert columns == ["Event", "User", "By", "From", "When"]
    assert newest == ["User added", "bob", admin, "192.0.2.1", "just now"]


def test_the_exact_time_is_that_of_the_visitors_clock(tab: Tab) -> None:
    tab.connection.timezone = "Asia/Tokyo"
    assert any('title="2030-02-01 08:59:30 JST"' in body for body in bodies_of(tab.run()))


def test_a_text_from_elsewhere_is_shown_as_it_is(tab: Tab) -> None:
    visit("![](http://192.0.2.1) :red[x] <b>")
    record(Event.LOGIN, user="ann")
    assert rows_of(tab.run())[0][-2] == "![](http://192.0.2.1) :red[x] <b>"
    assert not any("<b>" in body for body in bodies_of(tab))


def test_the_file_has_what_is_shown_and_more(admin: str, clock: Clock) -> None:
    for number in range(200):
        record(Event.LOGIN, user=f"user{number}", session="0123abcd")
    header, newest, *others = read(export(admin, None, None))
    assert header == HEADER
    assert newest == ["2030-01-31 23:59:30", "login", "user199", "user199", "", "0123abcd"]
    assert len(others) == 199
    assert len(read(export(admin, "user7", "login"))) == 2


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_no_spreadsheet_takes_a_cell_for_a_formula(admin: str, text: str) -> None:
    visit(text)
    record(Event.LOGIN, user=text)
    row = read(export(admin, None, None))[1]
    assert row[2] == row[4] == f"'{text}"


def test_whoever_may_not_see_the_audit_any_more_gets_a_file_with_nothing_in_it(
    admin: str, ann: str
) -> None:
    record(Event.LOGIN, user=ann)
    assert read(export(ann, None, None)) == [HEADER]
    denied = events.list_audit(event="access denied")[0]
    assert denied.username == ann
    assert read(export("nobody", None, None)) == [HEADER]
    roles.grant(ann, ["admin"])
    directory.disable_user(admin)
    assert read(export(admin, None, None)) == [HEADER]
    assert len(read(export(ann, None, None))) > 1


def test_users_see_what_happened_to_their_own_login_and_to_no_other(
    ann: str, bob: str, clock: Clock
) -> None:
    for _ in range(12):
        for address, name in (("192.0.2.7", ann), ("192.0.2.8", bob)):
            visit(address)
            record(Event.LOGIN_FAILED, user=directory.get(name))
        clock.forward(minutes=1)
    visit()
    tab = Tab(create_session(ann), SAMPLE).run().open_page("account")
    assert page.RECENT_ACTIVITY in [heading.value for heading in tab.app.main.subheader]
    newest, *others = rows_of(tab)
    assert newest == ["Logged in", "", "just now"]
    minutes = ["1 minute ago", *(f"{number} minutes ago" for number in range(2, 10))]
    assert others == [["Wrong password", "192.0.2.7", time] for time in minutes]


def test_whoever_has_a_name_sees_nothing_of_whoever_had_it_before(ann: str) -> None:
    directory.remove_user(ann)
    directory.add_user(ann, PASSWORD)
    tab = Tab(create_session(ann), SAMPLE).run().open_page("account")
    assert [row[0] for row in rows_of(tab)] == ["Logged in", "User added"]


def test_users_see_what_happened_to_them_under_an_earlier_name(ann: str) -> None:
    directory.rename_user(ann, "anna")
    tab = Tab(create_session("anna"), SAMPLE).run().open_page("account")
    happened = [row[0] for row in rows_of(tab)]
    assert happened == ["Logged in", "User renamed", "User added"]


def test_every_kind_that_is_audited_can_be_chosen(tab: Tab) -> None:
    box = events_box(tab)
    assert list(box.options) == [
        texts.DEFAULTS.of_event(event.text) for event in Event if event.is_audited
    ]
    assert box.value is None
    assert events.list_audit()


def test_no_file_is_made_when_the_login_is_not_recent_any_more(admin: str, clock: Clock) -> None:
    record(Event.LOGIN, user=admin)
    assert len(export(admin, None, None)) > len(",".join(HEADER))
    proved_at = clock.now()
    clock.forward(minutes=10)
    assert read(audit.export(proved_at, admin, None, None)) == [HEADER]
    assert read(audit.export(None, admin, None, None)) == [HEADER]


def export(asker: str, username: str | None, event: str | None) -> bytes:
    """Ask for the file right after a login."""
    return audit.export(auth_clock.now(), asker, username, event)


def filter_by(tab: Tab, user: str | None = None, event: str | None = None) -> None:
    if user is not None:
        tab.field(page.FILTER_BY_USER).input(user)
    if event is not None:
        events_box(tab).select(event)
    tab.run()


def events_box(tab: Tab) -> Selectbox[str]:
    return next(box for box in tab.app.main.selectbox if box.label == page.FILTER_BY_EVENT)


def rows_of(tab: Tab) -> list[list[str]]:
    """Return the rows of the audit as people read them."""
    *_, (_, *rows) = tables_of(tab)
    return rows


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode())))
