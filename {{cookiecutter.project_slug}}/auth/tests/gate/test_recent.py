"""What is asked for the password again, and when."""

from typing import NoReturn

import pytest

from auth import create_session, stores
from auth.records import StoreUnavailableError
from auth.sessions import sessions
from auth.tests import labels
from auth.tests.conftest import NEW_PASSWORD, PASSWORD, Clock, Configure
from auth.tests.tab import Tab
from auth.users import directory


@pytest.fixture
def careful(ann: str, clock: Clock) -> Tab:
    """A tab in which Ann opened a page that asks for a recent login, eleven minutes after hers."""
    token = create_session(ann)
    clock.forward(minutes=11)
    return Tab(token).run().open_page("careful")


def test_a_recent_login_is_not_asked_for_again(ann: str, clock: Clock) -> None:
    token = create_session(ann)
    clock.forward(minutes=9)
    assert Tab(token).run().open_page("careful").texts == ["secret"]


def test_an_older_one_has_to_enter_the_password(careful: Tab) -> None:
    assert careful.texts == []
    assert [field.label for field in careful.app.main.text_input] == [labels.PASSWORD]
    assert careful.user == "ann"
    confirm(careful, PASSWORD)
    assert careful.texts == ["secret"]


def test_how_recent_is_a_setting(ann: str, clock: Clock, configure: Configure) -> None:
    configure(recent_login_minutes=1)
    token = create_session(ann)
    clock.forward(minutes=1)
    assert Tab(token).run().open_page("careful").texts == []


def test_the_page_stays_and_the_session_is_a_new_one(careful: Tab) -> None:
    careful.app.session_state["kept"] = "kept"
    old = careful.login
    confirm(careful, PASSWORD)
    assert careful.app.session_state["kept"] == "kept"
    assert [session.token_hash for session, _ in sessions.list_sessions()] == [careful.login]
    assert careful.login != old
    assert careful.run().user == "ann"


def test_the_browser_gets_the_new_token(careful: Tab) -> None:
    assert careful.component_calls == []
    confirm(careful, PASSWORD)
    assert careful.component_calls


def test_a_page_finds_nothing_of_the_form_in_its_state(careful: Tab) -> None:
    assert "auth" not in str(careful.app.session_state._state.filtered_state)


def test_a_wrong_password_is_said_and_counts_as_a_failed_login(
    careful: Tab, configure: Configure
) -> None:
    configure(throttle_failures=2)
    for _ in range(2):
        confirm(careful, "wrong password")
        assert careful.error == labels.WRONG_PASSWORD_AGAIN
        assert careful.texts == []
    confirm(careful, PASSWORD)
    assert careful.error is not None
    assert careful.error.startswith(labels.TOO_MANY_FAILURES)
    assert Tab().run().log_in("ann", PASSWORD).shows_login_form
    assert careful.run().error is None


def test_an_empty_field_is_not_called_wrong_and_is_no_attempt(
    careful: Tab, configure: Configure
) -> None:
    configure(throttle_failures=1)
    for _ in range(2):
        confirm(careful, "")
        assert careful.error == labels.SAY.enter_password
    confirm(careful, PASSWORD)
    assert careful.texts == ["secret"]


def test_the_proof_of_another_session_does_not_count(careful: Tab) -> None:
    assert Tab().run().log_in("ann", PASSWORD).open_page("careful").texts == ["secret"]
    assert careful.run().texts == []


@pytest.mark.parametrize("name", ["auth_proved_at", "proved_at", "auth_recent", "auth_again"])
def test_session_state_proves_nothing(careful: Tab, name: str, clock: Clock) -> None:
    careful.app.session_state[name] = clock.now()
    assert careful.run().texts == []


def test_a_session_that_ended_meanwhile_is_not_renewed(careful: Tab) -> None:
    sessions.log_out(str(careful.login))
    confirm(careful, PASSWORD)
    assert careful.shows_login_form


def test_a_callback_runs_only_after_a_recent_login(ann: str, clock: Clock) -> None:
    tab = Tab(create_session(ann)).run().open_page("careful").click("Act")
    assert tab.app.session_state["called"] == "careful: ann"
    del tab.app.session_state["called"]
    clock.forward(minutes=11)
    tab.click("Act")
    assert "called" not in tab.app.session_state
    assert tab.texts == []


def test_a_callback_while_the_store_fails_does_not_run(
    ann: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> NoReturn:
        raise StoreUnavailableError("no answer")

    tab = Tab(create_session(ann)).run().open_page("careful")
    monkeypatch.setattr(stores, "current", fail)
    tab.click("Act")
    assert "called" not in tab.app.session_state


def test_an_outage_while_the_password_is_checked_is_no_failure(
    careful: Tab, monkeypatch: pytest.MonkeyPatch, configure: Configure
) -> None:
    def fail(*_: object) -> NoReturn:
        raise StoreUnavailableError("no answer")

    configure(throttle_failures=1)
    with monkeypatch.context() as outage:
        outage.setattr(directory, "find_login", fail)
        confirm(careful, PASSWORD)
    assert careful.error == labels.UNCHECKED
    assert careful.texts == []
    confirm(careful, PASSWORD)
    assert careful.texts == ["secret"]


def test_a_login_that_a_new_password_ended_is_not_renewed(careful: Tab) -> None:
    directory.set_password(directory.get("ann"), NEW_PASSWORD)
    confirm(careful, PASSWORD)
    assert careful.shows_login_form


def confirm(tab: Tab, password: str) -> None:
    tab.field(labels.PASSWORD).input(password)
    tab.click(labels.CONTINUE)
