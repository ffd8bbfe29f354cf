"""The page Users: how administrators invite somebody."""

from pathlib import Path
from typing import Final

import pytest

from auth import create_session, texts
from auth.gate import forms
from auth.login import invitations
from auth.tests.conftest import NEW_PASSWORD, Clock, Configure
from auth.tests.invited import code_in
from auth.tests.tab import Tab
from auth.tests.views import labels as page
from auth.tests.views.reading import users_of
from auth.users import directory

SAMPLE: Final = Path(__file__).with_name("sample.py")


@pytest.fixture
def tab(admin: str) -> Tab:
    """A tab in which the administrator has just logged in and opened the page."""
    tab = Tab(create_session(admin), SAMPLE).run().open_page("users")
    tab.connection.url = "https://app.example.com/base/users"
    return tab


def invite(tab: Tab, name: str) -> Tab:
    tab.field(page.NEW_USERNAME).input(name)
    return tab.click(page.INVITE)


def test_a_link_is_shown_once_that_lets_somebody_in(tab: Tab) -> None:
    invite(tab, " Carol ")
    assert tab.app.success[0].value == "Invited carol\\."
    (link,) = (code.value for code in tab.app.code)
    assert link.partition("#")[0] == "https://app.example.com/base/?auth=invitation"
    assert "72 hours" in " ".join(tab.hints)
    assert tab.field(page.NEW_USERNAME).value == ""
    tab.run()
    assert len(tab.app.code) == len(tab.app.success) == 0
    assert invitations.accept(code_in(link), NEW_PASSWORD)


def test_they_get_the_roles_that_were_chosen(tab: Tab) -> None:
    tab.app.main.multiselect[-1].set_value(["sales"])
    invite(tab, "carol")
    assert directory.get("carol").roles == ("sales",)
    assert users_of(tab)[-1] == {
        "User": "carol",
        "Roles": "sales",
        "State": "Invited",
        "Last seen": "never",
    }


def test_the_link_begins_with_the_setting_if_there_is_one(tab: Tab, configure: Configure) -> None:
    configure(app_url="https://other.example.com", app_env="production")
    (code,) = invite(tab, "carol").app.code
    assert code.value.startswith("https://other.example.com/?")


@pytest.mark.parametrize("url", ["", "javascript:alert(1)//users"])
def test_in_production_an_unknown_address_is_asked_for(
    tab: Tab, url: str, configure: Configure
) -> None:
    configure(app_env="production")
    tab.connection.url = url
    assert invite(tab, "carol").error == forms.plain(texts.DEFAULTS.no_app_url)
    assert len(tab.app.code) == 0
    assert directory.find("carol") is None


def test_whoever_has_not_chosen_a_password_gets_a_new_link(tab: Tab) -> None:
    first, second = (code_in(invite(tab, "carol").app.code[0].value) for _ in range(2))
    with pytest.raises(invitations.InvitationRefusedError):
        invitations.accept(first, NEW_PASSWORD)
    assert invitations.accept(second, NEW_PASSWORD)


def test_nobody_else_is_invited(tab: Tab, ann: str) -> None:
    assert invite(tab, ann).error == "The user ann already exists\\."
    assert "1 to 64 characters" in str(invite(tab, "a b").error)
    assert len(tab.app.code) == 0


def test_administrators_do_so_after_a_recent_login(tab: Tab, clock: Clock, ann: str) -> None:
    tab = Tab(create_session("admin"), SAMPLE).run().open_page("users")
    clock.forward(minutes=11)
    invite(tab, "carol")
    assert directory.find("carol") is None
    other = Tab(create_session("admin"), SAMPLE).run().open_page("users")
    other.connect(create_session(ann))
    invite(other, "carol")
    assert directory.find("carol") is None
