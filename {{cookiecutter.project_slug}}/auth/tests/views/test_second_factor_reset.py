"""The page Users: how administrators help somebody who has lost their second factor."""

from pathlib import Path
from typing import Final

import pytest

from auth import create_session, events, texts, validate_session, verify_user
from auth.gate import forms
from auth.tests import second_factors
from auth.tests.conftest import PASSWORD, Clock, Configure
from auth.tests.tab import Tab
from auth.tests.translation import translate, words_of_ours
from auth.tests.views import labels as page
from auth.tests.views.reading import choice_of
from auth.users import directory
from auth.users.factors import kept, recovery

SAMPLE: Final = Path(__file__).with_name("sample.py")
SAY: Final = texts.DEFAULTS


@pytest.fixture(autouse=True)
def fresh_factors(configure: Configure, monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin with a key, and with nothing remembered."""
    second_factors.begin(configure, monkeypatch)


@pytest.fixture
def tab(admin: str, ann: str, bob: str, clock: Clock) -> Tab:
    """A tab in which the administrator has opened the page. Ann has a second factor, Bob none."""
    give_factor(ann)
    return Tab(create_session(admin), SAMPLE).run().open_page("users")


def give_factor(username: str) -> None:
    user = directory.get(username)
    kept.add_authenticator(user, second_factors.SEED, 1)
    recovery.make_codes(user)


def choose(tab: Tab, username: str) -> Tab:
    return tab.send(choice_of(tab, username))


def reset(tab: Tab) -> Tab:
    return tab.click(SAY.reset_second_factor)


def test_it_ends_what_they_had_and_their_sessions_and_leaves_the_password(
    tab: Tab, ann: str
) -> None:
    token = create_session(ann)
    reset(choose(tab, ann))
    assert tab.app.success[0].value == forms.plain(SAY.second_factor_was_reset.format(name=ann))
    user = directory.get(ann)
    assert not kept.has_any(user)
    assert recovery.codes_left(user) == 0
    assert validate_session(token) is None
    assert verify_user(ann, PASSWORD)
    entry = events.list_audit(ann, "second factor reset")[0]
    assert (entry.username, entry.actor) == (ann, "admin")


def test_there_is_nothing_to_reset_without_one(tab: Tab, bob: str) -> None:
    choose(tab, bob)
    labels_of_buttons = [button.label for button in tab.app.button]
    assert page.RESET_PASSWORD in labels_of_buttons
    assert SAY.reset_second_factor not in labels_of_buttons


def test_administrators_do_not_reset_their_own(tab: Tab, admin: str) -> None:
    give_factor(admin)
    reset(choose(tab.run(), admin))
    assert tab.error == forms.plain(page.NOT_YOURSELF)
    assert kept.has_any(directory.get(admin))


def test_it_takes_a_recent_login_and_the_role(tab: Tab, ann: str, bob: str, clock: Clock) -> None:
    choose(tab, ann)
    tab.connect(create_session(bob))
    reset(tab)
    assert kept.has_any(directory.get(ann))
    other = Tab(create_session("admin"), SAMPLE).run().open_page("users")
    choose(other, ann)
    clock.forward(minutes=11)
    reset(other)
    assert kept.has_any(directory.get(ann))


def test_another_who_was_chosen_meanwhile_keeps_theirs(tab: Tab, ann: str, bob: str) -> None:
    choose(tab, ann)
    tab.button(SAY.reset_second_factor).click()
    choose(tab, bob)
    assert kept.has_any(directory.get(ann))


def test_in_another_language(tab: Tab, ann: str, monkeypatch: pytest.MonkeyPatch) -> None:
    say = translate(monkeypatch)
    assert words_of_ours(choose(tab.run(), ann)) == set()
    assert words_of_ours(tab.click(say.reset_second_factor)) == set()
