"""The page Account: what a login takes besides the password."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Final, NoReturn

import pyotp
import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from auth import clock as auth_clock
from auth import create_session, events, texts
from auth.login.second_factor import codes
from auth.records import StoreUnavailableError
from auth.tests import labels, second_factors
from auth.tests.conftest import PASSWORD, Clock, Configure, Log
from auth.tests.tab import Tab
from auth.tests.translation import translate, words_of_ours
from auth.tests.views.reading import bodies_of
from auth.users import directory, roles
from auth.users.factors import kept, recovery

from auth.views.audit import export

SAMPLE: Final = Path(__file__).with_name("sample.py")
SAY: Final = texts.DEFAULTS
RECOVERY_CODE: Final = re.compile(r"[A-Z]{5}(-[A-Z]{5}){4}")


def open_account(token: str) -> Tab:
    return Tab(token, SAMPLE).run().open_page("account")


@pytest.fixture(autouse=True)
def fresh_factors(configure: Configure, monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin with a key, and with nothing remembered."""
    second_factors.begin(configure, monkeypatch)


@pytest.fixture
def token(ann: str, clock: Clock) -> str:
    """The token of a login of Ann's, just begun."""
    return create_session(ann)


@pytest.fixture
def account(token: str) -> Tab:
    """A tab in which Ann has just logged in and opened the page."""
    return open_account(token)


def begin(tab: Tab) -> str:
    """Begin to set up an app, and return the key that is shown."""
    tab.click(SAY.set_up_authenticator)
    (key,) = (code.value for code in tab.app.code)
    return str(key)


def code_of(key: str, **later: float) -> str:
    """Return what an app shows that has the key."""
    return pyotp.TOTP(key).at(auth_clock.now() + timedelta(**later))


def confirm(tab: Tab, code: str) -> Tab:
    tab.field(SAY.code).input(code)
    return tab.click(SAY.confirm)


def set_up(tab: Tab) -> list[str]:
    """Set up an app, and return the recovery codes that are shown."""
    confirm(tab, code_of(begin(tab)))
    return shown_codes(tab)


def shown_codes(tab: Tab) -> list[str]:
    return [line for code in tab.app.code for line in code.value.splitlines()]


def buttons_of(tab: Tab) -> list[str]:
    return [button.label for button in tab.app.main.button]


def rows_of(tab: Tab) -> list[list[str]]:
    """Return what is said of each factor and of the recovery codes, in two lines."""
    bodies = [body for body in bodies_of(tab) if body.startswith("<div>")]
    lines = [re.sub("<.*?>", "\n", body).split("\n") for body in bodies]
    return [list(filter(None, each)) for each in lines if "Logged in" not in each[-2]]


# An authenticator app


def test_it_is_set_up_by_the_first_code_of_the_key_that_is_shown(account: Tab) -> None:
    key = begin(account)
    assert any("<img" in body and "data:image/svg" in body for body in bodies_of(account))
    assert account.field(SAY.code).autocomplete == "one-time-code"
    assert not kept.has_any(directory.get("ann"))
    confirm(account, code_of(key))
    assert kept.has_any(directory.get("ann"))
    account.click(SAY.codes_are_kept)
    assert rows_of(account)[0] == ["Authenticator app", "Added just now, last used just now"]
    assert SAY.set_up_authenticator not in buttons_of(account)


@pytest.mark.parametrize("typed", ["", "12345", "not a code", "١٢٣٤٥٦", "0" * 10_000])
def test_a_code_that_is_none_of_that_key_keeps_nothing(account: Tab, typed: str) -> None:
    key = begin(account)
    confirm(account, typed)
    assert account.error == SAY.wrong_first_code
    assert not kept.has_any(directory.get("ann"))
    assert account.field(SAY.code).value == ""
    assert [code.value for code in account.app.code] == [key]
    confirm(account, code_of(key))
    assert kept.has_any(directory.get("ann"))


def test_a_code_of_an_earlier_key_is_none_of_the_one_that_is_shown(account: Tab) -> None:
    old = begin(account)
    account.click(SAY.back)
    assert len(account.app.code) == 0
    assert begin(account) != old
    confirm(account, code_of(old))
    assert account.error == SAY.wrong_first_code


def test_the_code_that_set_it_up_is_used(account: Tab) -> None:
    key = begin(account)
    confirm(account, code_of(key))
    (factor,) = kept.list_of(directory.get("ann"))
    step = codes.find_step(key, code_of(key), auth_clock.now())
    assert step is not None
    assert not kept.use_step(factor, step)
    assert kept.use_step(factor, step + 1)


def test_the_next_user_of_a_tab_is_not_given_the_key_of_the_last(account: Tab, bob: str) -> None:
    key = begin(account)
    account.click(labels.LOG_OUT)
    account.log_in(bob, PASSWORD)
    account.open_page("account")
    assert len(account.app.code) == 0
    assert begin(account) != key


def test_the_state_of_a_tab_sets_nothing_up_from_another_browser(account: Tab) -> None:
    key = begin(account)
    account.connect()
    confirm(account, code_of(key))
    assert account.shows_login_form
    assert not kept.has_any(directory.get("ann"))


# After a recent login only


def test_a_login_that_is_not_recent_reads_what_there_is_and_changes_nothing(
    account: Tab, token: str, clock: Clock
) -> None:
    set_up(account)
    clock.forward(minutes=11)
    later = open_account(token)
    used = "Added 11 minutes ago, last used 11 minutes ago"
    assert rows_of(later)[0] == ["Authenticator app", used]
    assert not {SAY.turn_off, SAY.new_recovery_codes} & {*buttons_of(later)}
    assert SAY.confirm_for_second_factor in later.hints


@pytest.mark.parametrize("label", ["set_up_authenticator", "turn_off", "new_recovery_codes"])
def test_a_button_that_was_drawn_before_does_nothing_after_ten_minutes(
    account: Tab, clock: Clock, label: str
) -> None:
    if label != "set_up_authenticator":
        set_up(account)
        account.click(SAY.codes_are_kept)
    before = kept.list_of(directory.get("ann"))
    clock.forward(minutes=11)
    account.click(getattr(SAY, label))
    assert len(account.app.code) == 0
    assert kept.list_of(directory.get("ann")) == before


def test_a_code_that_comes_after_ten_minutes_sets_nothing_up(account: Tab, clock: Clock) -> None:
    key = begin(account)
    clock.forward(minutes=11)
    confirm(account, code_of(key))
    assert not kept.has_any(directory.get("ann"))


# Recovery codes


def test_ten_recovery_codes_come_with_it_in_place_of_the_page_until_they_are_put_away(
    account: Tab,
) -> None:
    shown = set_up(account)
    assert len({*shown}) == 10
    assert all(RECOVERY_CODE.fullmatch(code) for code in shown)
    assert len(account.app.title) == 0 or account.app.title[0].value != SAY.account
    assert shown_codes(account.run()) == shown
    account.click(SAY.codes_are_kept)
    assert account.app.title[0].value == SAY.account
    assert shown_codes(account) == []
    assert rows_of(account)[1] == ["Recovery codes", "10 left"]


def test_they_are_downloaded_as_a_text_that_says_whose_they_are(account: Tab) -> None:
    shown = set_up(account)
    (download,) = account.app.get("download_button")
    assert download.proto.label == SAY.download_codes
    assert recovery.codes_left(directory.get("ann")) == len(shown)


def test_each_that_is_shown_works_once_and_is_counted(account: Tab) -> None:
    first, *_ = set_up(account)
    assert recovery.use_code(directory.get("ann"), first)
    assert not recovery.use_code(directory.get("ann"), first)
    account.click(SAY.codes_are_kept)
    assert rows_of(account)[1] == ["Recovery codes", "9 left"]


def test_new_ones_end_the_earlier_ones(account: Tab) -> None:
    old = set_up(account)
    account.click(SAY.codes_are_kept).click(SAY.new_recovery_codes)
    new = shown_codes(account)
    assert not {*old} & {*new}
    assert not recovery.use_code(directory.get("ann"), old[0])
    assert recovery.use_code(directory.get("ann"), new[0])


def test_they_are_gone_ten_minutes_later_and_for_the_next_user_of_the_tab(
    account: Tab, token: str, clock: Clock, bob: str
) -> None:
    shown = set_up(account)
    clock.forward(minutes=11)
    assert shown_codes(account.run()) == []
    account.click(labels.LOG_OUT)
    account.log_in(bob, PASSWORD)
    assert not {*shown} & {*shown_codes(account)}


# Turn it off


def test_it_is_turned_off_with_its_recovery_codes(account: Tab) -> None:
    set_up(account)
    account.click(SAY.codes_are_kept).click(SAY.turn_off)
    assert account.app.success[0].value == "Authenticator app has been removed."
    user = directory.get("ann")
    assert not kept.has_any(user)
    assert recovery.codes_left(user) == 0
    assert rows_of(account) == []
    assert SAY.set_up_authenticator in buttons_of(account)


def test_the_last_one_of_somebody_who_has_to_have_one_stays(
    account: Tab, configure: Configure
) -> None:
    set_up(account)
    account.click(SAY.codes_are_kept)
    configure(second_factor_required="*")
    account.click(SAY.turn_off)
    assert account.error == SAY.last_factor
    assert kept.has_any(directory.get("ann"))


# Passkeys, as far as they are kept


def test_a_passkey_is_renamed_and_removed(account: Tab) -> None:
    user = directory.get("ann")
    kept.add_passkey(user, b"credential", "{}", 0, "A key")
    account.run()
    assert rows_of(account)[0] == ["A key", "Passkey, added just now"]
    account.field(SAY.passkey_name).input("My <b>laptop</b>")
    account.click(SAY.save)
    assert rows_of(account)[0][0] == "My &lt;b&gt;laptop&lt;/b&gt;"
    account.click(SAY.remove)
    assert not kept.has_any(user)
    told = SAY.factor_removed.format(name="My <b>laptop</b>")
    assert account.app.success[0].value.replace("\\", "") == told


def test_the_passkey_of_somebody_else_stays(account: Tab, bob: str) -> None:
    kept.add_passkey(directory.get("ann"), b"hers", "{}", 0, "Hers")
    kept.add_passkey(directory.get(bob), b"his", "{}", 0, "His")
    of_bob = open_account(create_session(bob))
    forged = next(button for button in of_bob.app.main.button if button.label == SAY.remove)
    account.run().send(WidgetState(id=forged.id, trigger_value=True))
    assert kept.has_any(directory.get(bob))
    assert kept.has_any(directory.get("ann"))


# What is told


def test_each_change_is_in_the_audit_on_the_page_and_no_line_has_a_key_or_a_code(
    account: Tab, log: Log
) -> None:
    key = begin(account)
    confirm(account, code_of(key))
    shown = shown_codes(account)
    account.click(SAY.codes_are_kept).click(SAY.turn_off)
    told = [entry.event for entry in events.list_audit("ann")]
    assert told[:3] == ["second factor removed", "recovery codes made", "second factor added"]
    page = " ".join(bodies_of(account))
    roles.grant("ann", ["admin"])
    audit = repr(events.list_audit("ann"))
    file = export(auth_clock.now(), "ann", None, None).decode()
    assert "Second factor added" in page
    assert "second factor added" in file
    for secret in (key, code_of(key), *shown):
        assert not any(secret in line for line in log.lines)
        assert secret not in page + audit + file


def test_nothing_of_it_can_be_read_in_session_state(account: Tab) -> None:
    key = begin(account)
    state = account.app.session_state._state.filtered_state
    assert key not in repr(state)
    set_up_codes = shown_codes(confirm(account, code_of(key)))
    assert set_up_codes[0] not in repr(account.app.session_state._state.filtered_state)


def test_a_store_that_fails_is_one_sentence_on_the_page(
    account: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> NoReturn:
        raise StoreUnavailableError("no answer")

    key = begin(account)
    with monkeypatch.context() as outage:
        outage.setattr(kept, "add_authenticator", fail)
        confirm(account, code_of(key))
    assert account.error == labels.UNCHECKED
    assert confirm(account, code_of(key))
    assert kept.has_any(directory.get("ann"))


def test_the_part_in_another_language(
    account: Tab, monkeypatch: pytest.MonkeyPatch, configure: Configure, clock: Clock
) -> None:
    say = translate(monkeypatch)
    assert words_of_ours(account.run()) == set()
    assert words_of_ours(account.click(say.set_up_authenticator)) == set()
    (key,) = (code.value for code in account.app.code)
    for typed in ("000000", code_of(key)):
        account.field(say.code).input(typed)
        assert words_of_ours(account.click(say.confirm)) == set()
    assert words_of_ours(account.click(say.codes_are_kept)) == set()
    configure(second_factor_required="*")
    assert words_of_ours(account.click(say.turn_off)) == set()
    clock.forward(minutes=11)
    assert words_of_ours(account.run()) == set()
