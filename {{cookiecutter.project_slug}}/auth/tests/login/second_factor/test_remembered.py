"""Browsers that are not asked for the second factor again."""

from collections.abc import Callable

import pytest

from auth.login.second_factor import codes, remembered
from auth.tests import labels
from auth.tests.conftest import NEW_PASSWORD, PASSWORD, Clock, Configure, Log
from auth.tests.gate.second_factor.steps import CODE, asks_for_a_code, enter, log_in, with_password
from auth.tests.login.second_factor.phone import Phone
from auth.tests.people import visit
from auth.tests.tab import Tab
from auth.users import directory
from auth.users.factors import kept

BROWSER = "b" * 43


@pytest.fixture
def known(phone: Phone, configure: Configure) -> Phone:
    """The app of Ann, one of whose browsers is remembered for 30 days."""
    configure(remember_browser_days=30)
    visit(device=BROWSER)
    remembered.remember(phone.user, kept.list_of(phone.user))
    return phone


def is_known(username: str = "ann") -> bool:
    user = directory.get(username)
    return remembered.is_known(user, kept.list_of(user))


def test_it_is_for_as_long_as_the_setting_says(known: Phone, clock: Clock) -> None:
    clock.forward(days=29)
    assert is_known()
    clock.forward(days=1)
    assert not is_known()


def test_without_the_setting_none_is(known: Phone, configure: Configure) -> None:
    configure(remember_browser_days=0)
    assert not is_known()
    configure(remember_browser_days=30)
    assert is_known()


@pytest.mark.parametrize("device", [None, "c" * 43])
def test_it_is_for_one_browser(known: Phone, device: str | None) -> None:
    visit(device=device)
    assert not is_known()


def test_it_is_for_one_user(known: Phone, bob: str) -> None:
    Phone(bob)
    assert not is_known(bob)


@pytest.mark.parametrize(
    "change",
    [
        lambda: directory.set_password(directory.get("ann"), NEW_PASSWORD),
        lambda: directory.end_sessions("ann"),
        lambda: kept.add_passkey(directory.get("ann"), b"id", "{}", 0, "Laptop"),
        lambda: kept.remove_all(directory.get("ann")),
        lambda: kept.add_authenticator(directory.get("ann"), codes.new_seed(), 1),
    ],
    ids=["a new password", "the end of all sessions", "another factor", "a reset", "another app"],
)
def test_a_change_makes_it_unknown(
    known: Phone, change: Callable[[], object], clock: Clock
) -> None:
    clock.forward(seconds=1)
    assert is_known()
    change()
    assert not is_known()


# In a browser


def with_code_and_remembered(phone: Phone) -> Tab:
    tab = with_password()
    tab.field(CODE).input(phone.code())
    return tab.click(labels.SAY.continue_and_remember.format(days=30))


def test_a_browser_that_was_remembered_is_asked_for_the_password_alone(
    phone: Phone, configure: Configure, log: Log
) -> None:
    configure(remember_browser_days=30)
    assert with_code_and_remembered(phone).click(labels.LOG_OUT).user is None
    assert with_password().user == "ann"
    assert any(' proof="remembered browser" ' in line for line in log.lines)


def test_a_login_of_a_browser_that_was_remembered_is_no_recent_one(
    phone: Phone, configure: Configure, clock: Clock
) -> None:
    configure(remember_browser_days=30)
    tab = with_code_and_remembered(phone)
    assert tab.open_page("careful").texts == ["secret"]
    tab = with_password(tab.click(labels.LOG_OUT))
    assert tab.user == "ann"
    assert tab.texts == []
    tab.field(labels.PASSWORD).input(PASSWORD)
    tab.click(labels.CONTINUE)
    clock.forward(seconds=30)
    assert enter(tab, phone.code()).texts == ["secret"]


def test_a_login_that_is_not_to_be_remembered_is_not(phone: Phone, configure: Configure) -> None:
    configure(remember_browser_days=30)
    log_in(phone)
    assert asks_for_a_code(with_password())


def test_without_the_setting_nobody_is_offered_it(phone: Phone) -> None:
    labels_shown = [button.label for button in with_password().app.button]
    assert labels_shown == [labels.CONTINUE, labels.SAY.use_recovery_code, labels.BACK]


def test_a_recent_login_asks_a_browser_that_was_remembered_as_well(
    phone: Phone, configure: Configure, clock: Clock
) -> None:
    configure(remember_browser_days=30)
    tab = with_code_and_remembered(phone)
    clock.forward(minutes=11)
    tab.open_page("careful").field(labels.PASSWORD).input(PASSWORD)
    tab.click(labels.CONTINUE)
    assert [field.label for field in tab.app.main.text_input] == [CODE]
    offered = [button.label for button in tab.app.main.button]
    assert labels.SAY.continue_and_remember.format(days=30) not in offered
