"""A recent login takes the second factor as well."""

import pytest

from auth import create_session
from auth.sessions import sessions
from auth.tests import labels
from auth.tests.conftest import PASSWORD, Clock, Configure
from auth.tests.gate.second_factor.steps import CODE, enter
from auth.tests.login.second_factor.phone import Phone
from auth.tests.tab import SCRIPT, Tab
from auth.users import directory


@pytest.fixture
def careful(phone: Phone, clock: Clock) -> Tab:
    """A tab in which Ann opened a page that asks for a recent login, eleven minutes after hers."""
    token = create_session("ann")
    clock.forward(minutes=11)
    return Tab(token).run().open_page("careful")


def confirm(tab: Tab, password: str = PASSWORD) -> Tab:
    tab.field(labels.PASSWORD).input(password)
    return tab.click(labels.CONTINUE)


def test_the_password_alone_is_not_enough(careful: Tab, phone: Phone) -> None:
    old = careful.login
    assert confirm(careful, "wrong password").error == labels.WRONG_PASSWORD_AGAIN
    confirm(careful)
    assert careful.texts == []
    assert [field.label for field in careful.app.main.text_input] == [CODE]
    assert (careful.user, careful.login) == ("ann", old)
    assert enter(careful, phone.wrong()).error == labels.SAY.wrong_code
    assert enter(careful, phone.code()).texts == ["secret"]
    assert [session.token_hash for session, _ in sessions.list_sessions()] == [careful.login]
    assert careful.login != old


def test_who_has_no_factor_gives_the_password(bob: str, clock: Clock) -> None:
    token = create_session(bob)
    clock.forward(minutes=11)
    assert confirm(Tab(token).run().open_page("careful")).texts == ["secret"]


def test_whoever_has_only_the_password_goes_on_as_before(careful: Tab, phone: Phone) -> None:
    confirm(careful)
    for _ in range(5):
        enter(careful, phone.wrong())
    assert [field.label for field in careful.app.main.text_input] == [labels.PASSWORD]
    assert careful.error == labels.SAY.too_many_codes
    assert careful.user == "ann"
    assert careful.open_page("").page == "Private"


def test_the_way_back_leads_to_the_password(careful: Tab) -> None:
    confirm(careful).click(labels.BACK)
    assert [field.label for field in careful.app.main.text_input] == [labels.PASSWORD]


def test_it_renews_the_session_that_it_began_in_and_no_other(careful: Tab, phone: Phone) -> None:
    confirm(careful)
    sessions.log_out(str(careful.login))
    enter(careful, phone.code())
    assert careful.shows_login_form
    assert sessions.list_sessions() == []


def test_after_a_logout_it_is_no_way_in(careful: Tab, phone: Phone) -> None:
    confirm(careful).click(labels.LOG_OUT)
    assert careful.shows_login_form
    assert careful.run().shows_login_form


# The page Account


@pytest.fixture
def account(phone: Phone, clock: Clock) -> Tab:
    """The page Account of Ann, eleven minutes after her login."""
    token = create_session("ann")
    clock.forward(minutes=11)
    return Tab(token, SCRIPT).run().open_page("account")


def test_a_new_password_takes_a_recent_login(account: Tab, phone: Phone) -> None:
    assert labels.SAY.confirm_for_password in account.hints
    assert labels.NEW_PASSWORD not in [field.label for field in account.app.main.text_input]
    enter(confirm(account), phone.code())
    assert labels.NEW_PASSWORD in [field.label for field in account.app.main.text_input]


def test_a_form_that_was_drawn_in_time_changes_nothing_after_it(phone: Phone, clock: Clock) -> None:
    tab = Tab(create_session("ann"), SCRIPT).run().open_page("account")
    epoch = directory.get("ann").epoch
    clock.forward(minutes=11)
    for label in ("Current password", labels.NEW_PASSWORD, labels.REPEAT_NEW_PASSWORD):
        tab.field(label).input(PASSWORD if label == "Current password" else "battery staple")
    tab.click(labels.SAY.change_password)
    assert tab.error == labels.SAY.confirm_for_password
    assert directory.get("ann").epoch == epoch


def test_what_waits_for_one_user_is_not_asked_of_the_next(
    careful: Tab, bob: str, clock: Clock, configure: Configure
) -> None:
    configure(recent_login_minutes=5)
    confirm(careful).click(labels.LOG_OUT)
    careful.log_in(bob, PASSWORD)
    clock.forward(minutes=6)
    careful.open_page("careful")
    assert [field.label for field in careful.app.main.text_input] == [labels.PASSWORD]
    assert confirm(careful).texts == ["secret"]
