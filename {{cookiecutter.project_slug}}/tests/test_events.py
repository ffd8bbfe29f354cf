"""The log: a line for every event, and nothing in it that opens a door."""

import logging
import re

import pytest

from auth import create_session, events, users
from auth.events import Event, record, record_often
from auth.tokens import hash_token
from tests import labels
from tests.conftest import NEW_PASSWORD, PASSWORD, Clock, Configure, Log
from tests.tab import Tab

FIELD = r'\w+=(?:[^\s"]+|"(?:[^"\\]|\\.)*")'


def test_a_line_has_the_time_in_utc_and_one_value_for_each_key(
    capsys: pytest.CaptureFixture[str],
) -> None:
    record(Event.STORE_UNAVAILABLE, reason="no answer", ip=None)
    pattern = (
        r"time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ level=ERROR logger=auth "
        r'event="store unavailable" reason="no answer"\n'
    )
    assert re.fullmatch(pattern, capsys.readouterr().err)


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
    for _ in range(50):
        record_often(Event.COOKIE_REFUSED, "code", ip="192.0.2.1")
    record_often(Event.COOKIE_REFUSED, "origin", ip="192.0.2.1")
    assert log.lines == [
        'event="cookie refused" reason=code ip=192.0.2.1',
        'event="cookie refused" reason=origin ip=192.0.2.1',
    ]
    events._record_count(Event.COOKIE_REFUSED, "code")
    assert log.lines[2:] == ['event="cookie refused" reason=code count=49']
    events._record_count(Event.COOKIE_REFUSED, "code")
    assert len(log.lines) == 3
    record_often(Event.COOKIE_REFUSED, "code", ip="192.0.2.1")
    assert log.lines[3:] == ['event="cookie refused" reason=code ip=192.0.2.1']


def test_a_login_and_a_logout_are_logged(tab: Tab, ann: str, log: Log) -> None:
    tab.log_in(ann, PASSWORD).click(labels.LOG_OUT)
    login, logout = log.lines[-2:]
    assert re.fullmatch(r"event=login user=ann session=[0-9a-f]{8} ip=192.0.2.1", login)
    assert logout == login.removesuffix(" ip=192.0.2.1").replace("login", "logout")


def test_a_failed_login_is_logged_with_the_address(tab: Tab, ann: str, log: Log) -> None:
    tab.log_in(ann, "wrong password")
    assert log.lines[-1] == 'event="login failed" user=ann ip=192.0.2.1'


def test_a_name_that_no_user_has_is_not_logged(tab: Tab, log: Log) -> None:
    tab.log_in("my secret password", "")
    assert log.lines == ['event="login failed" user=unknown ip=192.0.2.1']


def test_an_expired_session_is_logged(ann: str, clock: Clock, log: Log) -> None:
    token = create_session(ann)
    tab = Tab(token).run()
    clock.forward(hours=8760)
    tab.run()
    assert f'event="session expired" user=ann session={hash_token(token)[:8]}' in log.lines


def test_a_session_that_ended_elsewhere_is_logged(ann: str, log: Log) -> None:
    token = create_session(ann)
    tab = Tab(token).run()
    users.set_password(ann, NEW_PASSWORD)
    tab.run()
    assert log.lines[-1] == f'event="session ended" session={hash_token(token)[:8]}'


def test_too_many_failed_logins_are_logged(tab: Tab, log: Log, configure: Configure) -> None:
    configure(throttle_failures=1)
    tab.log_in("nobody", PASSWORD).log_in("nobody", PASSWORD)
    assert log.lines[-1] == "event=throttled ip=192.0.2.1"


def test_no_password_token_or_hash_is_ever_logged(
    tab: Tab,
    ann: str,
    clock: Clock,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(logging.getLogger("auth"), "handlers", [])
    user = users.find(ann)
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
    for secret in ("wrong password", PASSWORD, token, mine, user.password_hash):
        assert secret not in output.err + output.out
    for whole in (token, mine):
        assert hash_token(whole)[:9] not in output.err + output.out
