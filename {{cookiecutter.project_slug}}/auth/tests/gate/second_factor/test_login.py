"""A login of two steps."""

from typing import NoReturn

import pytest

from auth.events import list_audit_of
from auth.login import invitations, one_time
from auth.records import StoreUnavailableError
from auth.sessions import sessions
from auth.tests import labels
from auth.tests.conftest import NEW_PASSWORD, PASSWORD, Clock, Log
from auth.tests.gate.second_factor.steps import (
    RECOVERY_CODE,
    asks_for_a_code,
    enter,
    log_in,
    with_password,
)
from auth.tests.invited import code_in
from auth.tests.login.second_factor.phone import Phone
from auth.tests.tab import Tab
from auth.users import directory
from auth.users.factors import kept, recovery


def test_after_the_password_a_code_is_asked_for_and_then_the_page_is_there(phone: Phone) -> None:
    tab = with_password()
    assert asks_for_a_code(tab)
    assert sessions.list_sessions() == []
    enter(tab, phone.code())
    assert (tab.user, tab.page, tab.error) == ("ann", "Private", None)
    assert tab.component_calls
    assert tab.run().user == "ann"


def test_who_has_no_factor_is_asked_for_none(phone: Phone, bob: str) -> None:
    assert with_password(username=bob).user == bob


def test_a_wrong_code_is_said_and_the_next_may_be_right(phone: Phone) -> None:
    tab = enter(with_password(), phone.wrong())
    assert tab.error == labels.SAY.wrong_code
    assert asks_for_a_code(tab)
    assert enter(tab, "").error is None
    assert enter(tab, phone.code()).user == "ann"


def test_after_the_fifth_wrong_code_the_password_is_asked_for_again(phone: Phone) -> None:
    tab = with_password()
    for _ in range(4):
        assert asks_for_a_code(enter(tab, phone.wrong()))
    enter(tab, phone.wrong())
    assert tab.shows_login_form
    assert tab.error == labels.SAY.too_many_codes
    assert log_in(phone, tab).user == "ann"


def test_the_eleventh_wrong_code_is_not_looked_at(phone: Phone) -> None:
    for _ in range(2):
        tab = with_password()
        for _ in range(5):
            enter(tab, phone.wrong())
    assert str(log_in(phone, tab).error).startswith(labels.TOO_MANY_FAILURES)
    assert sessions.list_sessions() == []


def test_ten_minutes_after_the_password_it_is_asked_for_again(phone: Phone, clock: Clock) -> None:
    tab = with_password()
    clock.forward(minutes=10)
    assert enter(tab, phone.code()).shows_login_form
    assert tab.error == labels.ENDED
    assert sessions.list_sessions() == []


def test_a_reload_asks_for_the_password_again(phone: Phone) -> None:
    tab = with_password()
    tab.connect()
    assert tab.run().shows_login_form


def test_a_new_password_ends_what_began_with_the_old_one(phone: Phone) -> None:
    tab = with_password()
    directory.set_password(directory.get("ann"), NEW_PASSWORD)
    enter(tab, phone.code())
    assert tab.shows_login_form
    assert tab.error == labels.ENDED
    assert sessions.list_sessions() == []


def test_the_way_back_leads_to_the_form_and_the_password_is_forgotten(phone: Phone) -> None:
    tab = with_password().click(labels.BACK)
    assert tab.shows_login_form
    assert tab.run().shows_login_form


def test_an_outage_is_said_and_the_code_can_be_entered_again(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> NoReturn:
        raise StoreUnavailableError("no answer")

    tab = with_password()
    with monkeypatch.context() as outage:
        outage.setattr(kept, "list_of", fail)
        assert enter(tab, phone.code()).error == labels.OUTAGE
    assert enter(tab, phone.code()).user == "ann"


def test_the_log_says_what_a_login_was_proved_by_and_no_code(phone: Phone, log: Log) -> None:
    code = phone.code()
    tab = enter(with_password(), phone.wrong())
    enter(tab, code)
    told = "\n".join(log.lines)
    assert 'event="second factor failed" user=ann address=192.0.2.1' in told
    assert " proof=code " in told
    assert not [secret for secret in (code, phone.seed, phone.wrong()) if secret in told]
    failed = next(e for e in list_audit_of(phone.user.id) if e.event == "second factor failed")
    assert failed.address == "192.0.2.1"


# Recovery codes


def test_a_recovery_code_lets_in_and_it_is_said_how_many_are_left(phone: Phone) -> None:
    code = recovery.make_codes(phone.user)[0]
    tab = with_password().click(labels.SAY.use_recovery_code)
    assert asks_for_a_code(tab, RECOVERY_CODE)
    enter(tab, code, RECOVERY_CODE)
    assert (tab.user, tab.page) == ("ann", "Private")
    assert "9 left" in warnings(tab)
    other = with_password().click(labels.SAY.use_recovery_code)
    assert enter(other, code, RECOVERY_CODE).error == labels.SAY.wrong_recovery_code
    assert asks_for_a_code(other.click(labels.BACK))


# What skips no second factor


def test_a_one_time_password_does_not(phone: Phone) -> None:
    tab = Tab().run().log_in("ann", one_time.reset_password("ann"))
    assert asks_for_a_code(tab)
    enter(tab, phone.code())
    assert [each.value for each in tab.app.main.subheader] == [labels.CHOOSE_A_PASSWORD]
    tab.field(labels.NEW_PASSWORD).input(NEW_PASSWORD)
    tab.field(labels.REPEAT_NEW_PASSWORD).input(NEW_PASSWORD)
    assert tab.click(labels.SAVE).user == "ann"


def test_an_invitation_does_not(phone: Phone) -> None:
    one_time.reset_password("ann")
    code = code_in(invitations.invite("ann"))
    tab = Tab()
    tab.app.query_params["auth"] = "invitation"
    tab.run()
    tab.field(labels.INVITATION_CODE).input(code)
    tab.field(labels.NEW_PASSWORD).input(NEW_PASSWORD)
    tab.field(labels.REPEAT_NEW_PASSWORD).input(NEW_PASSWORD)
    assert asks_for_a_code(tab.click(labels.SAVE))
    assert sessions.list_sessions() == []
    assert enter(tab, phone.code()).user == "ann"


# What is told after a login


def test_what_happened_to_a_factor_is_told_after_the_next_login_until_it_is_closed(
    phone: Phone, clock: Clock
) -> None:
    tab = log_in(phone)
    assert labels.SAY.event_second_factor_added in warnings(tab)
    assert "31" in warnings(tab)
    assert labels.SAY.event_second_factor_added in warnings(tab.open_page("open"))
    assert warnings(tab.click(labels.SAY.close_notices)) == ""
    clock.forward(seconds=30)
    assert warnings(log_in(phone)) == ""


def test_too_many_wrong_codes_are_told(phone: Phone, clock: Clock) -> None:
    log_in(phone)
    clock.forward(seconds=30)
    for _ in range(3):
        tab = with_password()
        for _ in range(5 if not tab.error else 1):
            enter(tab, phone.wrong())
    clock.forward(minutes=15)
    assert labels.SAY.event_second_factor_throttled in warnings(log_in(phone))


def test_a_reset_is_told_to_whoever_logs_in_without_a_factor(phone: Phone, clock: Clock) -> None:
    log_in(phone)
    clock.forward(seconds=1)
    kept.remove_all(phone.user)
    clock.forward(seconds=1)
    tab = with_password()
    assert tab.user == "ann"
    assert labels.SAY.event_second_factor_reset in warnings(tab)


def test_nobody_is_told_what_is_for_somebody_else(phone: Phone, bob: str) -> None:
    tab = log_in(phone)
    assert warnings(tab)
    assert warnings(tab.click(labels.LOG_OUT)) == ""
    assert warnings(tab.log_in(bob, PASSWORD)) == ""


def warnings(tab: Tab) -> str:
    shown = [each.value.replace("\\", "") for each in tab.app.warning]
    return "\n".join(text for text in shown if text != labels.NOT_KEPT)
