"""The log: a line for every event, and nothing in it that opens a door."""

import logging
import re

import pytest

from auth import create_session, users
from auth.log import log_event
from auth.sessions import hash_token
from auth.settings import load_settings
from auth.store import Store
from tests.conftest import PASSWORD, Clock
from tests.tab import Tab

pytestmark = pytest.mark.usefixtures("quick_passwords")


def events(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "auth"]


def test_a_line_has_the_time_in_utc_and_one_value_for_each_key(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log_event("store unavailable", level=logging.ERROR, reason="no answer", ip=None)
    pattern = (
        r"time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ level=ERROR logger=auth "
        r'event="store unavailable" reason="no answer"\n'
    )
    assert re.fullmatch(pattern, capsys.readouterr().err)


@pytest.mark.parametrize(
    "value", ["a\nb", "a\rb", 'a" user="root', "a b=c", "\x1b[31m", "", "ü\u2028"]
)
def test_a_value_can_neither_start_a_line_nor_another_field(
    capsys: pytest.CaptureFixture[str], value: str
) -> None:
    log_event("login", user=value)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.isprintable()
    assert len(re.findall(r'\w+=(?:[^\s"]+|"(?:[^"\\]|\\.)*")(?= |$)', line)) == 5


def test_a_login_and_a_logout_are_logged(
    tab: Tab, ann: str, caplog: pytest.LogCaptureFixture
) -> None:
    tab.log_in(ann, PASSWORD).log_out()
    login, logout = events(caplog)
    assert re.fullmatch(r"event=login user=ann session=[0-9a-f]{8}", login)
    assert logout == login.replace("login", "logout")


def test_a_failed_login_is_logged_with_the_address(
    tab: Tab, ann: str, caplog: pytest.LogCaptureFixture
) -> None:
    tab.log_in(ann, "wrong password")
    assert events(caplog) == ['event="login failed" user=ann ip=192.0.2.1']


def test_a_name_that_no_user_has_is_not_logged(tab: Tab, caplog: pytest.LogCaptureFixture) -> None:
    tab.log_in("my secret password", "")
    assert events(caplog) == ['event="login failed" user=unknown ip=192.0.2.1']


def test_an_expired_session_is_logged(
    ann: str, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    token = create_session(ann)
    tab = Tab(token).run()
    clock.forward(hours=8760)
    tab.run()
    assert f'event="session expired" user=ann session={hash_token(token)[:8]}' in events(caplog)


def test_a_session_that_ended_elsewhere_is_logged(
    ann: str, caplog: pytest.LogCaptureFixture
) -> None:
    token = create_session(ann)
    tab = Tab(token).run()
    users.set_password(ann, "another password")
    tab.run()
    assert events(caplog)[-1] == f'event="session ended" session={hash_token(token)[:8]}'


def test_a_connection_with_the_state_of_another_is_logged(
    tab: Tab, ann: str, caplog: pytest.LogCaptureFixture
) -> None:
    tab.log_in(ann, PASSWORD)
    tab.connect()
    tab.run()
    assert re.fullmatch(
        r'event="cookie mismatch" session=[0-9a-f]{8} ip=192.0.2.1', events(caplog)[-1]
    )
    assert caplog.records[-1].levelno == logging.WARNING


def test_too_many_failed_logins_are_logged(
    tab: Tab, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THROTTLE_FAILURES", "1")
    load_settings.cache_clear()
    tab.log_in("nobody", PASSWORD).log_in("nobody", PASSWORD)
    assert events(caplog)[-1] == "event=throttled ip=192.0.2.1"


def test_no_password_token_or_hash_is_ever_logged(
    tab: Tab, ann: str, store: Store, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    user = store.find_user(ann)
    assert user is not None
    token = create_session(ann)
    tab.log_in(ann, "wrong password").log_in(ann, PASSWORD)
    mine = str(tab.app.session_state["auth_claim"].token)
    tab.connect(token)
    tab.run()
    tab.log_in(ann, PASSWORD).log_out()
    other = Tab(token).run()
    clock.forward(hours=8760)
    other.run()
    output = capsys.readouterr()
    assert output.err.count("event=") >= 6
    for secret in ("wrong password", PASSWORD, token, mine, user.password_hash):
        assert secret not in output.err + output.out
    for whole in (token, mine):
        assert hash_token(whole)[:9] not in output.err + output.out
