"""The pages of the login in another language: nothing of ours is left."""

from pathlib import Path
from typing import Final

import pytest

from auth import create_session, texts
from auth.tests.conftest import NEW_PASSWORD, PASSWORD, Clock
from auth.tests.demo import add_demo_user
from auth.tests.tab import Tab
from auth.tests.translation import translate, words_of_ours

SAMPLE: Final = Path(__file__).with_name("sample.py")


@pytest.fixture(autouse=True)
def say(monkeypatch: pytest.MonkeyPatch) -> texts.Texts:
    """The texts in another alphabet."""
    return translate(monkeypatch)


@pytest.mark.usefixtures("clock")
def test_the_page_account(ann: str, say: texts.Texts) -> None:
    create_session(ann)
    tab = Tab(create_session(ann), SAMPLE).run().open_page("account")
    assert words_of_ours(tab) == set()
    for current, new, repeated in (
        ("wrong", NEW_PASSWORD, NEW_PASSWORD),
        (PASSWORD, NEW_PASSWORD, "other"),
        (PASSWORD, "short", "short"),
        (PASSWORD, NEW_PASSWORD, NEW_PASSWORD),
    ):
        tab.field(say.current_password).input(current)
        tab.field(say.new_password).input(new)
        tab.field(say.repeat_new_password).input(repeated)
        assert words_of_ours(tab.click(say.change_password)) == set()
    create_session(ann)
    assert words_of_ours(tab.run().click(say.log_out_elsewhere)) == set()


def test_the_page_users(admin: str, say: texts.Texts, clock: Clock) -> None:
    add_demo_user("tess")
    tab = Tab(create_session(admin), SAMPLE).run().open_page("users")
    assert words_of_ours(tab) == set()
    for name in ("carol", "carol", "not a name"):
        tab.field(say.new_username).input(name)
        assert words_of_ours(tab.click(say.add_user)) == set()
        tab.field(say.new_username).input(name.replace("carol", "dave"))
        assert words_of_ours(tab.click(say.invite)) == set()
    for name, action in (
        *(("carol", label) for label in (say.disable, say.enable, say.unlock, say.end_sessions)),
        ("carol", say.rename),
        *(("carol", label) for label in (say.reset_password, say.save_roles)),
        (admin, say.disable),
        ("carol", say.remove),
    ):
        tab.field(say.search).input(name)
        tab.run()
        assert words_of_ours(tab.click(action)) == set()
    for label in (say.yes_remove, say.demo_remove, say.yes_remove):
        assert words_of_ours(tab.click(label)) == set()
    clock.forward(minutes=11)
    assert words_of_ours(tab.run()) == set()
