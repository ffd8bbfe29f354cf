"""What is recorded, and how often; and nothing in it that opens a door."""

import logging
import re
from datetime import timedelta
from threading import Timer

import pytest

from auth import create_session, events, stores
from auth.events import Event, audit, record, recording
from auth.login.by_password import WrongPasswordError, log_in
from auth.records import AuditEntry, SettingsError, StoreUnavailableError
from auth.sessions import tokens
from auth.sessions.tokens import hash_token
from auth.tests import labels
from auth.tests.conftest import NEW_PASSWORD, PASSWORD, Clock, Configure, Log
from auth.tests.people import visit
from auth.tests.tab import Tab
from auth.users import directory
from auth.visitor.visiting import acting_as

START_TIMER = recording._start_timer
FIELD = r'\w+=(?:[^\s"]+|"(?:[^"\\]|\\.)*")'


@pytest.mark.parametrize("event", Event)
def test_every_event_is_a_line_at_its_level(event: Event, log: Log) -> None:
    record(event, user="ann")
    (line,), (level,) = log.lines, log.levels
    assert re.fullmatch(rf"{FIELD} user=ann", line)
    assert level == logging.getLevelName(event.level)


def test_no_two_events_have_one_name() -> None:
    assert len({event.text for event in Event}) == len(Event)


def test_a_login_and_a_logout_are_logged(tab: Tab, ann: str, log: Log) -> None:
    tab.log_in(ann, PASSWORD).click(labels.LOG_OUT)
    login, logout = log.lines[-2:]
    assert re.fullmatch(r"event=login user=ann session=[0-9a-f]{8} address=192.0.2.1", login)
    assert logout == login.replace("login", "logout")


def test_a_failed_login_is_logged_with_the_address(tab: Tab, ann: str, log: Log) -> None:
    tab.log_in(ann, "wrong password")
    assert log.lines[-1] == 'event="login failed" user=ann address=192.0.2.1'


def test_a_name_that_no_user_has_is_not_logged(tab: Tab, log: Log) -> None:
    tab.log_in("my secret password", "x")
    assert log.lines == ['event="login failed" reason="unknown user" address=192.0.2.1']


def test_an_expired_session_is_logged(ann: str, clock: Clock, log: Log) -> None:
    token = create_session(ann)
    tab = Tab(token).run()
    clock.forward(hours=8760)
    tab.run()
    label = hash_token(token)[:8]
    assert f'event="session expired" user=ann session={label} address=192.0.2.1' in log.lines


def test_a_session_that_ended_elsewhere_is_logged(ann: str, log: Log) -> None:
    token = create_session(ann)
    tab = Tab(token).run()
    directory.set_password(directory.get(ann), NEW_PASSWORD)
    tab.run()
    assert log.lines[-1] == (
        f'event="session ended" user=ann session={hash_token(token)[:8]} address=192.0.2.1'
    )


@pytest.mark.usefixtures("ann")
def test_a_run_of_throttled_logins_is_one_line_and_a_count_that_name_the_user_if_there_is_one(
    tab: Tab, log: Log, configure: Configure, clock: Clock
) -> None:
    configure(throttle_failures=1)
    for name in ("nobody", "Ann"):
        for _ in range(50):
            tab.log_in(name, "wrong password")
    throttled = [line for line in log.lines if line.startswith("event=throttled")]
    first = 'event=throttled reason="name and address"'
    assert throttled == [f"{first} address=192.0.2.1", f"{first} user=ann address=192.0.2.1"]
    clock.forward(minutes=1)
    recording.tell_counts()
    assert log.lines[-1] == f"{first} user=ann count=48 address=192.0.2.1"


def test_too_many_failures_from_one_address_name_no_user(
    tab: Tab, ann: str, log: Log, configure: Configure
) -> None:
    configure(throttle_failures=1)
    for number in range(10):
        tab.log_in(f"user{number}", "wrong password")
    tab.log_in(ann, PASSWORD)
    assert log.lines[-1] == "event=throttled reason=address address=192.0.2.1"


def audited(username: str | None = None) -> list[tuple[str, str | None, str | None, str | None]]:
    """Return the audit, oldest first."""
    entries = events.list_audit(username)
    return [
        (entry.event, entry.username, entry.actor, entry.address) for entry in reversed(entries)
    ]


def test_what_happens_to_a_person_is_in_the_audit(tab: Tab, clock: Clock, ann: str) -> None:
    tab.log_in(ann, "wrong password").log_in(ann, PASSWORD).click(labels.LOG_OUT)
    with acting_as("boss"):
        directory.set_password(directory.get(ann), NEW_PASSWORD)
        directory.end_sessions()
    assert audited()[1:] == [
        ("login failed", "ann", "ann", "192.0.2.1"),
        ("login", "ann", "ann", "192.0.2.1"),
        ("logout", "ann", "ann", "192.0.2.1"),
        ("password changed", "ann", "boss", None),
        ("sessions ended", "all users", "boss", None),
    ]
    (logout, login) = events.list_audit(ann)[1:3]
    assert logout.session == login.session
    assert re.fullmatch("[0-9a-f]{8}", login.session or "")
    assert login.at == clock.now()


@pytest.mark.parametrize("event", Event)
def test_an_event_is_in_the_audit_if_it_says_so(event: Event) -> None:
    record(event, user="ann")
    assert [found.event for found in events.list_audit()] == [event.text] * event.is_audited


def test_a_name_that_no_user_has_is_not_in_the_audit(tab: Tab, configure: Configure) -> None:
    configure(throttle_failures=1)
    for _ in range(10):
        tab.log_in("nobody", PASSWORD)
    assert audited() == []


def test_whoever_acts_is_in_the_log(ann: str, log: Log) -> None:
    with acting_as("boss"):
        directory.disable_user(ann)
    assert log.lines[-1] == 'event="user disabled" user=ann actor=boss'


def test_any_text_fits_into_the_audit() -> None:
    visit("\0\n" + "x" * 10_000)
    record(Event.LOGIN, user="ann")
    assert audited() == [("login", "ann", "ann", "x" * 64)]


def test_the_newest_of_an_event_are_listed() -> None:
    for number in range(5):
        record(Event.LOGIN, user=f"user{number}")
    record(Event.LOGOUT, user="user4")
    newest = events.list_audit(event="login", limit=2)
    assert [entry.username for entry in newest] == ["user4", "user3"]


def test_the_audit_forgets_what_is_old(clock: Clock, configure: Configure) -> None:
    configure(audit_days=30)
    for number in range(3):
        record(Event.LOGIN, user=f"user{number}")
    clock.forward(days=30)
    assert events.purge_audit() == 0
    clock.forward(seconds=1)
    assert [events.purge_audit(2), events.purge_audit(2)] == [2, 1]


@pytest.mark.parametrize("error", [StoreUnavailableError("no room"), SettingsError("no room")])
def test_an_entry_that_cannot_be_written_keeps_nobody_out(
    clock: Clock,
    ann: str,
    bob: str,
    admin: str,
    boss: str,
    log: Log,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
) -> None:
    tries = []

    def fail(self: object, entry: AuditEntry) -> None:
        tries.append(entry)
        raise error

    with monkeypatch.context() as full:
        full.setattr(type(stores.current().audit), "add", fail)
        for name in (ann, bob, admin):
            assert log_in(name, PASSWORD)
        assert len(tries) == 1
        clock.forward(seconds=30)
        assert log_in(boss, PASSWORD)
        assert len(tries) == 2
    assert len([line for line in log.lines if line.startswith("event=login ")]) == 4
    assert [line for line in log.lines if "audit" in line] == [
        'event="audit not written" reason="no room"',
        'event="audit not written" reason="a moment ago it was not possible, either"',
    ]
    clock.forward(minutes=1)
    log_in(ann, PASSWORD)
    assert audited()[-1] == ("login", "ann", "ann", None)


def test_no_password_token_or_hash_is_ever_logged(
    tab: Tab,
    ann: str,
    clock: Clock,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(logging.getLogger("auth"), "handlers", [])
    user = directory.find(ann)
    assert user is not None
    token = create_session(ann)
    mine = tokens.new_token()
    with monkeypatch.context() as patch:
        patch.setattr(tokens, "new_token", lambda: mine)
        tab.log_in(ann, "wrong password").log_in(ann, PASSWORD)
    tab.connect(token)
    tab.run()
    tab.log_in(ann, PASSWORD).click(labels.LOG_OUT)
    other = Tab(token).run()
    clock.forward(hours=8760)
    other.run()
    output = capsys.readouterr()
    assert output.err.count("event=") >= 6
    output_and_audit = output.err + output.out + str(events.list_audit())
    for secret in ("wrong password", PASSWORD, token, mine, user.password_hash):
        assert secret not in output_and_audit
    for whole in (token, mine):
        assert hash_token(whole)[:9] not in output_and_audit


# What happens again and again


def test_what_happens_again_within_a_minute_is_one_line_and_then_a_count(
    log: Log, clock: Clock
) -> None:
    visit("192.0.2.1")
    for _ in range(50):
        record(Event.COOKIE_REFUSED, reason="code")
    record(Event.COOKIE_REFUSED, reason="origin")
    assert log.lines == [
        'event="cookie refused" reason=code address=192.0.2.1',
        'event="cookie refused" reason=origin address=192.0.2.1',
    ]
    a_minute_later(clock)
    assert log.lines[2:] == ['event="cookie refused" reason=code count=49 address=192.0.2.1']
    a_minute_later(clock)
    assert len(log.lines) == 3
    record(Event.COOKIE_REFUSED, reason="code")
    assert log.lines[3:] == log.lines[:1]


def test_a_count_that_nobody_has_told_is_told_with_the_next(log: Log, clock: Clock) -> None:
    for _ in range(3):
        record(Event.STORE_UNAVAILABLE, reason="no answer")
    clock.forward(minutes=1)
    record(Event.STORE_UNAVAILABLE, reason="no answer")
    line = 'event="store unavailable" reason="no answer"'
    assert log.lines == [line, f"{line} count=3"]


def test_a_clock_that_is_set_back_silences_nothing(log: Log, clock: Clock) -> None:
    record(Event.STORE_UNAVAILABLE, reason="no answer")
    clock.forward(hours=-1)
    record(Event.STORE_UNAVAILABLE, reason="no answer")
    assert len(log.lines) == 2


def test_an_outage_is_one_line_however_many_are_told_of_it(log: Log) -> None:
    for number in range(100):
        visit(f"192.0.2.{number}")
        record(Event.STORE_UNAVAILABLE, reason=StoreUnavailableError("no answer"))
    assert len(log.lines) == 1


def test_what_one_user_does_over_and_over_is_an_entry_a_minute_with_the_count(
    tab: Tab, ann: str, clock: Clock
) -> None:
    tab.log_in(ann, PASSWORD)
    for _ in range(3):
        for _ in range(5):
            tab.open_page("bosses")
        a_minute_later(clock)
    assert counted("access denied") == [(1, 0), (4, 0), (5, 60), (5, 120)]


def test_logins_and_logouts_in_a_loop_are_an_entry_a_minute_each(
    tab: Tab, ann: str, clock: Clock
) -> None:
    for _ in range(4):
        tab.log_in(ann, PASSWORD).click(labels.LOG_OUT)
    a_minute_later(clock)
    assert counted("login") == counted("logout") == [(1, 0), (3, 0)]


def test_what_happened_twice_is_told_in_full(clock: Clock) -> None:
    record(Event.LOGIN, user="ann", session="first")
    clock.forward(seconds=30)
    record(Event.LOGIN, user="ann", session="second")
    clock.forward(seconds=30)
    recording.tell_counts()
    last, first = events.list_audit()
    assert (first.session, last.session, last.count) == ("first", "second", 1)
    assert (last.at - first.at).total_seconds() == 30


@pytest.mark.parametrize(
    "other",
    [
        {"user": "bob"},
        {"page": "Other"},
        {"reason": "other"},
        {"roles": "other"},
        {"function": "other"},
        {"address": "192.0.2.2"},
        {"actor": "boss"},
    ],
    ids=str,
)
def test_another_thing_has_a_line_of_its_own(log: Log, other: dict[str, str]) -> None:
    for differing in ({}, other):
        told = {"user": "ann", "address": "192.0.2.1", "actor": "ann", **differing}
        visit(told.pop("address"))
        with acting_as(told.pop("actor")):
            record(Event.ACCESS_DENIED, **told)
    assert len(log.lines) == 2


def test_one_customer_of_a_provider_is_one_place(log: Log) -> None:
    for number in range(10):
        visit(f"2001:db8::{number}")
        record(Event.ACCESS_DENIED, user="ann")
    assert len(log.lines) == 1


def test_kinds_of_lines_are_bounded_and_no_user_and_no_event_takes_the_room_of_another(
    log: Log, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "_MAX_SERIES", 2)
    for number in range(5):
        visit(f"192.0.2.{number}")
        record(Event.LOGIN, user="ann")
    record(Event.LOGOUT, user="ann")
    record(Event.LOGIN, user="bob")
    assert log.lines == [
        "event=login user=ann address=192.0.2.0",
        "event=login user=ann address=192.0.2.1",
        "event=login user=ann",
        "event=logout user=ann address=192.0.2.4",
        "event=login user=bob address=192.0.2.4",
    ]
    a_minute_later(clock)
    assert log.lines[5:] == ["event=login user=ann count=2"]
    a_minute_later(clock)
    a_minute_later(clock)
    assert not recording._series


def test_counts_are_told_by_themselves(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Timer] = []
    monkeypatch.setattr(Timer, "start", lambda timer: started.append(timer))
    monkeypatch.setattr(recording, "_timers", [])
    monkeypatch.setattr(recording, "_start_timer", START_TIMER)
    for _ in range(3):
        record(Event.STORE_UNAVAILABLE, reason="no answer")
    monkeypatch.setattr(recording, "_QUIET", timedelta(0))
    (timer,) = started
    timer.interval = 0
    timer.run()
    assert log.lines[-1] == 'event="store unavailable" reason="no answer" count=2'
    assert len(started) == 2


def test_the_time_of_a_failed_login_does_not_tell_whether_there_is_such_a_user(
    ann: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    later: list[AuditEntry] = []
    monkeypatch.setattr(recording, "_add_later", later.append)
    monkeypatch.setattr(audit, "add", lambda _: pytest.fail("the visitor waits for the store"))
    for name in (ann, "nobody"):
        with pytest.raises(WrongPasswordError):
            log_in(name, "wrong password")
    assert [entry.username for entry in later] == [ann]


def a_minute_later(clock: Clock) -> None:
    clock.forward(minutes=1)
    recording.tell_counts()


def counted(event: str) -> list[tuple[int, float]]:
    """Return the counts of the entries of an event, oldest first, with the seconds since the first."""
    entries = events.list_audit(event=event)[::-1]
    return [(entry.count, (entry.at - entries[0].at).total_seconds()) for entry in entries]
