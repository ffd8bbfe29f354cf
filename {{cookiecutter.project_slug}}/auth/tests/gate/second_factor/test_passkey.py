"""Passkeys in a tab: in place of a password, after one, and on the page Account."""

import json
from pathlib import Path
from typing import Any, Final

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from auth import create_session, events
from auth.login import one_time
from auth.tests import labels
from auth.tests.conftest import NEW_PASSWORD, PASSWORD, Clock, Configure, Log
from auth.tests.gate.second_factor.steps import (
    RECOVERY_CODE,
    asks_for_a_code,
    enter,
    log_in,
    with_password,
)
from auth.tests.login.second_factor.device import ORIGIN, Device
from auth.tests.login.second_factor.phone import Phone
from auth.tests.tab import SAMPLE, Tab
from auth.users import directory
from auth.users.factors import PASSKEY, kept, recovery

SAY: Final = labels.SAY
ACCOUNT: Final = Path(__file__).parents[2] / "views" / "sample.py"


def open_tab(token: str | None = None, script: Path = SAMPLE, origin: str = ORIGIN) -> Tab:
    tab = Tab(token, script)
    tab.connection.headers["Origin"] = origin
    return tab.run()


def open_account(token: str) -> Tab:
    return open_tab(token, ACCOUNT).open_page("account")


def asked(tab: Tab) -> dict[str, Any]:
    """Return what the browser is asked for."""
    (call,) = (call for call in tab.component_calls if "options" in call)
    return call


def send(tab: Tab, **value: Any) -> Tab:
    """Have the browser send something, and run the script."""
    (widget,) = (
        each.proto.id for each in tab._components if each.proto.component_name == "auth_passkey"
    )
    return tab.send(WidgetState(id=widget, json_value=json.dumps(value)))


def use(tab: Tab, device: Device) -> Tab:
    """Use a passkey as the browser is asked to."""
    return send(tab, response=device.use(asked(tab)["options"]))


def add(tab: Tab, device: Device) -> Tab:
    """Have a device make a passkey as the browser is asked to."""
    return send(tab, response=device.create(asked(tab)["options"]))


def buttons_of(tab: Tab) -> list[str]:
    return [button.label for button in tab.app.main.button]


@pytest.fixture
def token(ann: str, clock: Clock) -> str:
    """The token of a login of Ann's, just begun."""
    return create_session(ann)


@pytest.fixture
def device(token: str) -> Device:
    """Ann's device, with a passkey that she has added on Account."""
    device = Device()
    add(open_account(token), device)
    return device


# Alone


def test_a_passkey_logs_in_without_a_password(device: Device) -> None:
    tab = open_tab()
    assert SAY.log_in_with_passkey in buttons_of(tab)
    use(tab, device)
    assert (tab.user, tab.page, tab.error) == ("ann", "Private", None)
    assert tab.component_calls  # which keep the cookie
    assert tab.run().user == "ann"
    entry = events.list_audit_of(directory.get("ann").id)[0]
    assert entry.event == "login"


def test_the_field_of_the_name_offers_passkeys_where_they_work(token: str) -> None:
    assert open_tab().field(SAY.username).autocomplete == "username webauthn"
    assert asked(open_tab())["autofill"] is True
    elsewhere = open_tab(origin="http://192.0.2.1:8501")
    assert elsewhere.field(SAY.username).autocomplete == "username"
    assert SAY.log_in_with_passkey not in buttons_of(elsewhere)
    assert not any("options" in call for call in elsewhere.component_calls)


def test_a_refused_passkey_is_said_and_another_challenge_follows(device: Device) -> None:
    tab = open_tab()
    challenge = asked(tab)["options"]["challenge"]
    device.client = {"origin": "https://evil.example"}
    use(tab, device)
    assert tab.error == SAY.passkey_refused
    assert (tab.user, tab.login) == (None, None)
    assert asked(tab)["options"]["challenge"] != challenge
    assert tab.run().error is None
    device.client = {}
    assert use(tab, device).user == "ann"


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [("NotAllowedError", SAY.passkey_not_used), ("InvalidStateError", SAY.passkey_exists)],
)
def test_what_went_wrong_in_the_browser_is_said(problem: str, sentence: str, ann: str) -> None:
    tab = open_tab()
    challenge = asked(tab)["options"]["challenge"]
    send(tab, response={"problem": problem, "at": 1})
    assert tab.error == sentence
    assert asked(tab)["options"]["challenge"] == challenge


@pytest.mark.parametrize("value", [{}, {"response": None}, {"response": []}, {"response": "x"}])
def test_what_is_no_response_does_nothing(value: dict[str, Any], ann: str) -> None:
    tab = send(open_tab(), **value)
    assert (tab.user, tab.error) == (None, None)


def test_a_browser_asks_for_another_challenge_before_the_old_one_ends(
    ann: str, clock: Clock
) -> None:
    tab = open_tab()
    old = asked(tab)
    clock.forward(seconds=old["seconds"])
    send(tab, renew=old["options"]["challenge"])
    assert asked(tab)["options"]["challenge"] != old["options"]["challenge"]


def test_a_response_from_another_connection_logs_nobody_in(device: Device) -> None:
    tab = open_tab()
    response = device.use(asked(tab)["options"])
    tab.connect()
    tab.connection.headers["Origin"] = ORIGIN
    send(tab, response=response)
    assert (tab.user, tab.login) == (None, None)


def test_whoever_has_a_one_time_password_chooses_one_first(device: Device) -> None:
    one_time.reset_password("ann")
    tab = use(open_tab(), device)
    assert tab.user is None
    assert [field.label for field in tab.app.main.text_input] == [
        labels.NEW_PASSWORD,
        labels.REPEAT_NEW_PASSWORD,
    ]


def test_it_is_a_recent_login(device: Device, clock: Clock) -> None:
    clock.forward(hours=1)
    tab = use(open_tab(script=ACCOUNT), device)
    assert SAY.add_passkey in buttons_of(tab.open_page("account"))


# After the password


def test_after_the_password_a_passkey_is_asked_for(device: Device) -> None:
    tab = with_password(open_tab())
    assert (tab.user, tab.login) == (None, None)
    assert buttons_of(tab) == [SAY.use_passkey, SAY.use_recovery_code, SAY.back]
    assert asked(tab)["autofill"] is False
    assert use(tab, device).user == "ann"


def test_one_can_choose_between_a_code_and_a_passkey(device: Device, phone: Phone) -> None:
    tab = with_password(open_tab())
    assert asks_for_a_code(tab)
    assert SAY.use_passkey in buttons_of(tab)
    assert use(tab, device).user == "ann"
    assert log_in(phone, open_tab()).user == "ann"


def test_a_recovery_code_does_in_place_of_a_passkey(token: str) -> None:
    add(open_account(token), Device())
    (code, *_) = recovery.make_codes(directory.get("ann"))
    tab = with_password(open_tab()).click(SAY.use_recovery_code)
    assert SAY.use_passkey not in buttons_of(tab)
    assert SAY.use_passkey in buttons_of(tab.click(SAY.back))
    assert enter(tab.click(SAY.use_recovery_code), code, RECOVERY_CODE).user == "ann"


def test_where_passkeys_do_not_work_it_is_said_and_the_recovery_codes_are_left(
    device: Device,
) -> None:
    tab = with_password(open_tab(origin="http://192.0.2.1:8501"))
    assert buttons_of(tab) == [SAY.use_recovery_code, SAY.back]
    assert SAY.passkeys_elsewhere in tab.hints


def test_the_passkey_of_another_user_is_refused(device: Device, bob: str) -> None:
    others = Device()
    add(open_account(create_session(bob)), others)
    tab = use(with_password(open_tab()), others)
    assert (tab.user, tab.error) == (None, SAY.passkey_refused)
    assert use(tab, device).user == "ann"


def test_after_the_fifth_refusal_the_password_is_asked_for_again(device: Device) -> None:
    tab = with_password(open_tab())
    device.verifies = False
    for _ in range(5):
        assert SAY.use_passkey in buttons_of(tab)
        use(tab, device)
    assert tab.field(SAY.username)
    assert tab.error == SAY.passkey_refused


def test_a_new_password_ends_the_wait(device: Device) -> None:
    tab = with_password(open_tab())
    directory.set_password(directory.get("ann"), NEW_PASSWORD)
    use(tab, device)
    assert (tab.user, tab.error) == (None, SAY.login_ended)


def test_whoever_is_disabled_in_between_is_not_let_in(device: Device) -> None:
    tab = with_password(open_tab())
    directory.disable_user("ann")
    assert use(tab, device).user is None


def test_the_response_to_one_form_is_worth_nothing_on_the_other(device: Device) -> None:
    tab = open_tab()
    response = device.use(asked(tab)["options"])
    with_password(tab)
    send(tab, response=response)
    assert (tab.user, tab.error) == (None, SAY.passkey_refused)


def test_to_prove_once_more_who_one_is_a_passkey_does_as_well(
    device: Device, token: str, clock: Clock
) -> None:
    clock.forward(minutes=11)
    tab = open_account(token)
    assert SAY.add_passkey not in buttons_of(tab)
    tab.field(labels.PASSWORD).input(PASSWORD)
    tab.click(labels.CONTINUE)
    use(tab, device)
    assert SAY.add_passkey in buttons_of(tab)


# Account


def test_one_is_added_at_once_and_recovery_codes_come_with_the_first(token: str) -> None:
    tab = add(open_account(token), Device())
    (factor,) = kept.list_of(directory.get("ann"))
    assert (factor.kind, factor.name) == (PASSKEY, SAY.passkey)
    assert len(tab.app.code[0].value.splitlines()) == 10
    tab.click(SAY.codes_are_kept)
    add(tab, Device())
    assert len(kept.list_of(directory.get("ann"))) == 2
    assert len(tab.app.code) == 0


def test_one_cannot_be_added_when_the_login_is_not_recent(token: str, clock: Clock) -> None:
    tab = open_account(token)
    response = Device().create(asked(tab)["options"])
    clock.forward(minutes=9, seconds=59)
    tab.run()
    clock.forward(seconds=1)
    send(tab, response=response)
    assert not kept.has_any(directory.get("ann"))
    assert SAY.add_passkey not in buttons_of(tab)


def test_where_passkeys_do_not_work_account_says_why(token: str) -> None:
    tab = open_tab(token, ACCOUNT, "http://app.example.com").open_page("account")
    assert SAY.add_passkey not in buttons_of(tab)
    assert SAY.passkeys_elsewhere in tab.hints


def test_the_state_of_a_tab_adds_nothing_from_another_browser(token: str) -> None:
    tab = open_account(token)
    response = Device().create(asked(tab)["options"])
    tab.connect()
    tab.connection.headers["Origin"] = ORIGIN
    send(tab, response=response)
    assert not kept.has_any(directory.get("ann"))


def test_whoever_has_to_have_one_may_have_a_passkey(token: str, configure: Configure) -> None:
    configure(second_factor_required="*")
    tab = open_tab(token)
    assert (tab.user, SAY.add_passkey in buttons_of(tab)) == (None, True)
    add(tab, Device()).click(SAY.codes_are_kept)
    assert tab.user == "ann"


def test_no_page_finds_what_a_browser_has_sent(device: Device, token: str) -> None:
    for tab in (open_tab(), with_password(open_tab()), open_account(token)):
        send(tab, response={"id": "x"})
        tab.run()
        assert "passkey" not in str(tab.app.session_state._state.filtered_state)


def test_what_happens_is_in_the_log_and_nothing_secret_with_it(device: Device, log: Log) -> None:
    device.verifies = False
    tab = use(open_tab(), device)
    device.verifies = True
    use(tab, device)
    lines = "\n".join(log.lines)
    assert 'event="second factor failed" reason="passkey: User verification required' in lines
    assert "proof=passkey" in lines
    assert device.last_id not in lines
    assert device.passkeys[0].handle not in lines
