"""The login in another language: nothing of ours is left."""

import pytest

from auth import create_session, stores, texts
from auth.login import one_time
from auth.records import StoreUnavailableError
from auth.stores.interface import Store
from auth.tests.conftest import PASSWORD, Clock, Configure
from auth.tests.tab import Tab
from auth.tests.translation import translate, words_of_ours


@pytest.fixture(autouse=True)
def say(monkeypatch: pytest.MonkeyPatch) -> texts.Texts:
    """The texts in another alphabet."""
    return translate(monkeypatch)


def log_in(tab: Tab, say: texts.Texts, username: str, password: str) -> Tab:
    tab.field(say.username).input(username)
    tab.field(say.password).input(password)
    return tab.click(say.log_in)


def test_the_way_in_and_out(tab: Tab, ann: str, say: texts.Texts, configure: Configure) -> None:
    configure(throttle_failures=1)
    assert words_of_ours(tab) == set()
    for username, password in (("", ""), (ann, "wrong"), (ann, PASSWORD)):
        assert words_of_ours(log_in(tab, say, username, password)) == set()
    other = log_in(Tab().run(), say, "nobody", "wrong")
    assert other.error == say.wrong_login
    assert words_of_ours(other) == set()


def test_a_page_and_a_refusal(tab: Tab, ann: str, say: texts.Texts) -> None:
    log_in(tab, say, ann, PASSWORD)
    assert words_of_ours(tab, "any", "page", "user") == set()  # of the sample
    assert tab.open_page("bosses").error == say.no_access
    assert words_of_ours(tab) == set()
    tab.click(say.log_out)
    assert words_of_ours(tab) == set()


def test_an_end_that_nobody_wanted(ann: str, say: texts.Texts, clock: Clock) -> None:
    tab = Tab(create_session(ann)).run()
    clock.forward(minutes=11)
    tab.open_page("careful")
    assert words_of_ours(tab) == set()
    clock.forward(days=2)
    assert words_of_ours(tab.run()) == set()


def test_a_password_that_has_to_be_chosen(tab: Tab, ann: str, say: texts.Texts) -> None:
    log_in(tab, say, ann, one_time.reset_password(ann))
    assert words_of_ours(tab) == set()
    for new, repeated in (("a", "b"), ("short", "short"), ("password", "password"), (ann, ann)):
        tab.field(say.new_password).input(new)
        tab.field(say.repeat_new_password).input(repeated)
        assert tab.click(say.save).error
        assert words_of_ours(tab) == set()


def test_an_invitation(tab: Tab, ann: str, say: texts.Texts) -> None:
    tab.app.query_params["auth"] = "invitation"
    assert words_of_ours(tab.run()) == set()
    for code, new, repeated in (("", "a", "a"), ("x", "a", "b"), ("x", "a", "a")):
        tab.field(say.invitation_code).input(code)
        tab.field(say.new_password).input(new)
        tab.field(say.repeat_new_password).input(repeated)
        assert tab.click(say.save).error
        assert words_of_ours(tab) == set()
    other = Tab(create_session(ann))
    other.app.query_params["auth"] = "invitation"
    assert words_of_ours(other.run()) == set()
    assert ann in " ".join(other.hints)


def test_an_outage(ann: str, say: texts.Texts, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> Store:
        raise StoreUnavailableError("no answer")

    tab = Tab(create_session(ann)).run()
    monkeypatch.setattr(stores, "current", fail)
    assert tab.run().error == say.unchecked
    assert words_of_ours(tab) == set()
    assert words_of_ours(Tab().run()) == set()


def test_the_language_of_the_page_is_told_to_the_browser(tab: Tab, say: texts.Texts) -> None:
    sent = [message.delta.new_element.html.body for message in tab.run().sent]
    assert any('document.documentElement.lang = "bg"' in body for body in sent)
    assert any(say.logging_in in body for body in sent)
