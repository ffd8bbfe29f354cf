"""Who has to have a second factor gets a session that can set one up, and nothing else."""

import re

import pyotp
import pytest

from auth import create_session, validate_session
from auth.tests import labels
from auth.tests.conftest import PASSWORD, Clock, Configure
from auth.tests.gate.second_factor.steps import CODE, asks_for_a_code, with_password
from auth.tests.tab import Tab
from auth.users import directory
from auth.users.factors import kept


@pytest.fixture(autouse=True)
def _required(configure: Configure, clock: Clock) -> None:
    configure(second_factor_required="*")


def asks_for_a_set_up(tab: Tab) -> bool:
    return (
        [each.value for each in tab.app.main.subheader] == [labels.SAY.set_up_second_factor]
        and (tab.page, tab.user) == (None, None)
        and not len(tab.app.sidebar)
    )


def key_of(tab: Tab) -> str:
    """Return the key that stands beside the picture."""
    (code,) = tab.app.main.code
    return str(code.value)


def confirm(tab: Tab, clock: Clock, key: str | None = None) -> Tab:
    tab.field(CODE).input(pyotp.TOTP(key or key_of(tab)).at(clock.now()))
    return tab.click(labels.SAY.confirm)


def test_it_is_set_up_before_anything_else(ann: str, clock: Clock) -> None:
    tab = with_password()
    assert asks_for_a_set_up(tab)
    for page in ("open", "bosses"):
        assert asks_for_a_set_up(tab.open_page(page))
    confirm(tab, clock)
    assert len(re.findall(r"[A-Z]{5}(?:-[A-Z]{5}){4}", tab.app.main.code[0].value.upper())) == 10
    tab.click(labels.SAY.codes_are_kept)
    assert tab.user == ann
    clock.forward(seconds=30)
    assert asks_for_a_code(with_password())


def test_whoever_has_one_is_not_asked(ann: str) -> None:
    kept.add_authenticator(directory.get(ann), "A" * 32, 1)
    assert Tab(create_session(ann)).run().user == ann


def test_a_script_finds_nothing_of_the_set_up_in_its_state(ann: str) -> None:
    tab = with_password()
    assert asks_for_a_set_up(tab)
    assert tab.app.session_state._state.filtered_state == {}


def test_only_those_with_a_role_are_if_it_is_for_them(
    boss: str, ann: str, configure: Configure
) -> None:
    configure(second_factor_required="boss, admin")
    assert with_password().user == ann
    assert asks_for_a_set_up(with_password(username=boss))


def test_a_session_of_who_lacks_one_is_nobodys(ann: str) -> None:
    token = create_session(ann)
    assert validate_session(token) is None
    kept.add_authenticator(directory.get(ann), "A" * 32, 1)
    assert validate_session(token) == ann


def test_a_session_that_began_before_it_was_required_ends_at_the_set_up(
    ann: str, configure: Configure
) -> None:
    configure(second_factor_required="")
    tab = Tab(create_session(ann)).run()
    assert tab.user == ann
    configure(second_factor_required="*")
    assert asks_for_a_set_up(tab.run())


def test_what_a_page_left_behind_before_it_was_required_calls_nothing(
    ann: str, configure: Configure
) -> None:
    configure(second_factor_required="")
    tab = Tab(create_session(ann)).run().open_page("careful")
    configure(second_factor_required="*")
    assert asks_for_a_set_up(tab.click("Act"))
    assert "called" not in tab.app.session_state


def test_nothing_is_on_before_its_first_code(ann: str, clock: Clock) -> None:
    tab = with_password()
    key = key_of(tab)
    confirm(tab, clock, "A" * 32)
    assert tab.error == labels.SAY.wrong_first_code
    assert asks_for_a_set_up(tab)
    assert kept.list_of(directory.get(ann)) == []
    assert asks_for_a_set_up(with_password())
    assert key_of(tab) == key


def test_it_takes_a_recent_login(ann: str, clock: Clock) -> None:
    tab = with_password()
    key = key_of(tab)
    clock.forward(minutes=11)
    confirm(tab, clock, key)
    assert kept.list_of(directory.get(ann)) == []
    assert [field.label for field in tab.app.main.text_input] == [labels.PASSWORD]
    tab.field(labels.PASSWORD).input(PASSWORD)
    assert asks_for_a_set_up(tab.click(labels.CONTINUE))


def test_whoever_does_not_want_to_logs_out(ann: str) -> None:
    tab = with_password().click(labels.LOG_OUT)
    assert tab.shows_login_form
    assert tab.run().shows_login_form
