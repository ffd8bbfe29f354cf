"""The second factor in another language: nothing of ours is left."""

import pytest

from auth import texts
from auth.tests.conftest import PASSWORD, Clock
from auth.tests.login.second_factor.phone import Phone
from auth.tests.tab import Tab
from auth.tests.translation import translate, words_of_ours
from auth.users.factors import recovery


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> texts.Texts:
    """The texts in another alphabet."""
    return translate(monkeypatch)


def test_a_login_of_two_steps(phone: Phone, say: texts.Texts, clock: Clock) -> None:
    code = recovery.make_codes(phone.user)[0]
    tab = Tab().run()
    tab.field(say.username).input("ann")
    tab.field(say.password).input(PASSWORD)
    assert words_of_ours(tab.click(say.log_in)) == set()
    for label, wrong in ((say.code, phone.wrong()), (say.recovery_code, "wrong")):
        tab.field(label).input(wrong)
        assert tab.click(say.continue_).error
        assert words_of_ours(tab) == set()
        if label == say.code:
            assert words_of_ours(tab.click(say.use_recovery_code)) == set()
    tab.field(say.recovery_code).input(code)
    tab.click(say.continue_)
    assert words_of_ours(tab, "any", "page", "user") == set()
