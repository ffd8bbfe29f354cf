"""The log: a line for every event, and nothing in it that opens a door."""

import logging
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest

from auth import create_session, events, stores
from auth.events import Event, record, record_often
from auth.login.by_password import log_in
from auth.records import AuditEntry, SettingsError, StoreUnavailableError
from auth.sessions.tokens import hash_token
from auth.tests import labels
from auth.tests.conftest import NEW_PASSWORD, PASSWORD, Clock, Configure, Log
from auth.tests.people import visit
from auth.tests.tab import Tab
from auth.users import directory
from auth.visitor.visiting import acting_as

FIELD = r'\w+=(?:[^\s"]+|"(?:[^"\\]|\\.)*")'


def test_a_line_has_the_time_in_utc_and_one_value_for_each_key(
    capsys: pytest.CaptureFixture[str],
) -> None:
    record(Event.STORE_UNAVAILABLE, reason="no answer", user=None)
    pattern = (
        r"time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ level=ERROR logger=auth "
        r'event="store unavailable" reason="no answer"\n'
    )
    assert re.fullmatch(pattern, capsys.readouterr().err)


def test_two_who_write_the_first_line_at_once_add_one_handler(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    logger = logging.getLogger("auth")
    monkeypatch.setattr(logger, "handlers", [])
    both = Barrier(2)
    make = logging.Formatter

    def meet(*arguments: Any, **options: Any) -> logging.Formatter:
        with suppress(BrokenBarrierError):
            both.wait(0.2)
        return make(*arguments, **options)

    monkeypatch.setattr(logging, "Formatter", meet)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(record, [Event.SESSION_ENDED] * 2))
    assert len(logger.handlers) == 1


@pytest.mark.parametrize("event", Event)
def test_every_event_is_a_line_at_its_level(event: Event, log: Log) -> None:
    record(event, user="ann")
    (line,), (level,) = log.lines, log.levels
    assert re.fullmatch(rf"{FIELD} user=ann", line)
    assert level == logging.getLevelName(event.level)


def test_no_two_events_have_one_name() -> None:
    assert len({event.text for event in Event}) == len(Event)


@pytest.mark.parametrize(
    "value", ["a\nb", "a\rb", 'a" user="root', "a b=c", "\x1b[31m", "", "ü\u2028"]
)
def test_a_value_can_neither_start_a_line_nor_another_field(
    capsys: pytest.CaptureFixture[str], value: str
) -> None:
    record(Event.LOGIN, user=value)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.isprintable()
    assert len(re.findall(rf"{FIELD}(?= |$)", line)) == 5


def test_what_happens_often_is_one_line_and_later_a_count(log: Log) -> None:
    visit("192.0.2.1")
    for _ in range(50):
        record_often(Event.COOKIE_REFUSED, "code")
    record_often(Event.COOKIE_REFUSED, "origin")
    assert log.lines == [
        'event="cookie refused" reason=code address=192.0.2.1',
        'event="cookie refused" reason=origin address=192.0.2.1',
    ]
    visit()
    events._record_count(Event.COOKIE_REFUSED, "code")
    assert log.lines[2:] == ['event="cookie refused" reason=code count=49']
    events._record_count(Event.COOKIE_REFUSED, "code")
    assert len(log.lines) == 3
    visit("192.0.2.1")
    record_often(Event.COOKIE_REFUSED, "code")
    assert log.lines[3:] == ['event="cookie refused" reason=code address=192.0.2.1']


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
    assert log.lines == ['event="login failed" user="unknown user" address=192.0.2.1']


def test_a_user_called_unknown_is_not_told_of_names_that_nobody_has(tab: Tab) -> None:
    directory.add_user("unknown", PASSWORD)
    tab.log_in("nobody", PASSWORD)
    assert audited("unknown") == [("user added", "unknown", "unknown", None)]
    assert audited("unknown user") == [
        ("login failed", "unknown user", "unknown user", "192.0.2.1")
    ]


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
    tab: Tab, log: Log, configure: Configure
) -> None:
    configure(throttle_failures=1)
    for name in ("nobody", "Ann"):
        for _ in range(50):
            tab.log_in(name, "wrong password")
    throttled = [line for line in log.lines if line.startswith("event=throttled")]
    first = 'event=throttled reason="name and address"'
    assert throttled == [f"{first} address=192.0.2.1", f"{first} user=ann address=192.0.2.1"]
    events._record_count(Event.THROTTLED, "name and address", "ann")
    assert log.lines[-1] == f"{first} user=ann count=48"


def test_too_many_failures_from_one_address_name_no_user(
    tab: Tab, ann: str, log: Log, configure: Configure
) -> None:
    configure(throttle_failures=1)
    for number in range(10):
        tab.log_in(f"user{number}", "wrong password")
    tab.log_in(ann, PASSWORD)
    assert log.lines[-1] == "event=throttled reason=address address=192.0.2.1"


def test_lines_for_each_user_are_bounded(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_MAX_COUNTS", 2)
    for name in ("ann", "bob", "carl", "dora"):
        record_often(Event.THROTTLED, "name", user=name)
    assert log.lines == [
        "event=throttled reason=name user=ann",
        "event=throttled reason=name user=bob",
        "event=throttled reason=name",
    ]


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


def test_what_a_stranger_can_make_happen_at_will_is_not_in_the_audit(
    tab: Tab, configure: Configure
) -> None:
    configure(throttle_failures=1)
    for _ in range(10):
        tab.log_in("nobody", PASSWORD)
    assert audited() == [("login failed", "unknown user", "unknown user", "192.0.2.1")]


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
    for _ in range(3):
        record(Event.LOGIN, user="ann")
    clock.forward(days=30)
    assert events.purge_audit() == 0
    clock.forward(seconds=1)
    assert [events.purge_audit(2), events.purge_audit(2)] == [2, 1]


@pytest.mark.parametrize("error", [StoreUnavailableError("no room"), SettingsError("no room")])
def test_an_entry_that_cannot_be_written_keeps_nobody_out(
    clock: Clock, ann: str, log: Log, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    tries = []

    def fail(self: object, entry: AuditEntry) -> None:
        tries.append(entry)
        raise error

    with monkeypatch.context() as full:
        full.setattr(type(stores.current().audit), "add", fail)
        for _ in range(3):
            assert log_in(ann, PASSWORD)
        assert len(tries) == 1
        clock.forward(seconds=30)
        assert log_in(ann, PASSWORD)
        assert len(tries) == 2
    assert len([line for line in log.lines if line.startswith("event=login ")]) == 4
    assert [line for line in log.lines if "audit" in line] == [
        'event="audit not written" reason="no room"',
        'event="audit not written" reason="a moment ago it was not possible, either"',
    ]
    clock.forward(seconds=30)
    log_in(ann, PASSWORD)
    assert audited()[1:] == [("login", "ann", "ann", None)]


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
    tab.log_in(ann, "wrong password").log_in(ann, PASSWORD)
    mine = str(tab.app.session_state["auth_claim"].token)
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
