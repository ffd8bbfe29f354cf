"""The page Users: what administrators do about everybody's login."""

from pathlib import Path
from typing import Any, Final, NoReturn

import pytest

from auth import create_session, events, stores, validate_session, verify_user
from auth.records import StoreReadOnlyError, StoreUnavailableError
from auth.sessions import sessions
from auth.stores.interface import Store
from auth.tests import labels
from auth.tests.conftest import NEW_PASSWORD, PASSWORD, Clock, Configure
from auth.tests.people import person
from auth.tests.tab import Tab
from auth.tests.views import labels as page
from auth.tests.views.reading import bodies_of, choice_of, chosen_in, users_of
from auth.users import directory, profile, roles
from auth.visitor import visiting
from auth.visitor.visiting import Visitor

SAMPLE: Final = Path(__file__).with_name("sample.py")
ACTIONS: Final = (
    page.DISABLE,
    page.UNLOCK,
    page.END_SESSIONS,
    page.RESET_PASSWORD,
    page.YES_REMOVE,
)


def open_users(name: str) -> Tab:
    return Tab(create_session(name), SAMPLE).run().open_page("users")


@pytest.fixture
def tab(admin: str, ann: str, bob: str) -> Tab:
    """A tab in which the administrator has just logged in and opened the page; Ann and Bob exist."""
    return open_users(admin)


# Who may see it


def test_the_page_is_for_administrators_only(tab: Tab, ann: str) -> None:
    assert tab.app.title[0].value == page.USERS
    assert tab.links == ["Home", page.ACCOUNT, page.USERS]
    other = Tab(create_session(ann), SAMPLE).run()
    assert other.links == ["Home", page.ACCOUNT]
    other.open_page("users")
    assert other.error == labels.NO_ACCESS
    assert [title.value for title in other.app.title] != [page.USERS]


def test_an_older_login_has_to_be_proved_again_first(tab: Tab, clock: Clock) -> None:
    token = create_session("admin")
    clock.forward(minutes=11)
    other = Tab(token, SAMPLE).run().open_page("users")
    assert [field.label for field in other.app.main.text_input] == [labels.PASSWORD]
    assert users_of(other) == []
    other.field(labels.PASSWORD).input(PASSWORD)
    other.click(labels.CONTINUE)
    assert names_in(other) == ["admin", "ann", "bob"]


# Find users


def test_the_table_says_who_there_is_with_roles_and_state(tab: Tab, ann: str, bob: str) -> None:
    roles.grant(ann, ["sales", "a_b"])
    directory.disable_user(bob)
    add(tab, "carol")
    assert users_of(tab) == [
        {"User": "admin", "Roles": "admin", "State": "", "Last seen": "just now"},
        {"User": "ann", "Roles": "sales a_b", "State": "", "Last seen": "never"},
        {"User": "bob", "Roles": "", "State": "Disabled", "Last seen": "never"},
        {"User": "carol", "Roles": "", "State": "One-time password", "Last seen": "never"},
    ]


def test_people_are_shown_with_what_else_they_are_called(tab: Tab, ann: str) -> None:
    profile.set_email(ann, "ann@example.com")
    profile.set_display_name(ann, "<b>Ann</b>")
    assert names_in(search(tab, "example")) == ["ann <b>Ann</b> ann@example.com"]
    choose(tab, ann)
    (heading,) = (body for body in bodies_of(tab) if "<h3" in body)
    assert "ann@example.com" in heading
    assert "<b>" not in heading


def test_the_search_finds_a_part_of_a_name_as_it_is_typed(tab: Tab) -> None:
    add(tab, "joanna")
    assert tab.field(page.SEARCH).proto.live_debounce_ms
    assert names_in(search(tab, "ann")) == ["ann", "joanna"]
    assert chosen_in(tab) == "ann"
    assert names_in(search(tab, "ANNA ")) == ["joanna"]
    assert chosen_in(tab) is None
    assert names_in(search(tab, "JoAnna")) == ["joanna"]
    assert chosen_in(tab) == "joanna"
    search(tab, "nobody")
    assert tab.info == page.NO_SUCH_USER
    assert names_in(search(tab, "")) == ["admin", "ann", "bob", "joanna"]
    assert chosen_in(tab) is None


def test_many_users_come_in_pages(tab: Tab, store: Store) -> None:
    for number in range(45):
        store.users.add(person(f"user{number:02}", "hash"))
    everybody = ["admin", "ann", "bob", *(f"user{number:02}" for number in range(45))]
    assert names_in(tab.run()) == everybody[:20]
    assert tab.button(page.PREVIOUS).disabled
    assert names_in(tab.click(page.NEXT)) == everybody[20:40]
    assert names_in(tab.click(page.NEXT)) == everybody[40:]
    assert tab.button(page.NEXT).disabled
    assert names_in(tab.click(page.PREVIOUS)) == everybody[20:40]
    assert names_in(search(tab, "an")) == ["ann"]
    assert page.NEXT not in [button.label for button in tab.app.main.button]


def test_a_page_that_has_become_empty_gives_way_to_the_first(tab: Tab, store: Store) -> None:
    everybody = ["admin", "ann", "bob", *(f"user{number:02}" for number in range(18))]
    for name in everybody[3:]:
        store.users.add(person(name, "hash"))
    assert names_in(tab.run().click(page.NEXT)) == everybody[20:]
    choose(tab, everybody[20])
    tab.click(page.REMOVE).click(page.YES_REMOVE)
    assert names_in(tab) == everybody[:20]
    choose(tab, everybody[19])
    tab.click(page.REMOVE).click(page.YES_REMOVE)
    assert names_in(tab) == everybody[:19]


# Add a user


def test_a_new_user_gets_a_password_for_one_login_that_is_shown_once(tab: Tab) -> None:
    add(tab, " Carol ")
    assert tab.app.success[0].value == plain("Added carol.")
    (password,) = (code.value for code in tab.app.code)
    assert tab.field(page.NEW_USERNAME).value == ""
    other = Tab(script=SAMPLE).run().log_in("carol", password)
    assert other.app.main.subheader[0].value == labels.CHOOSE_A_PASSWORD
    tab.run()
    assert len(tab.app.code) == len(tab.app.success) == 0


def test_a_new_user_has_the_roles_that_were_chosen_and_typed(tab: Tab, ann: str) -> None:
    roles.grant(ann, ["sales"])
    field = tab.run().app.main.multiselect[-1]
    assert {"admin", "sales"} <= set(field.options)
    field.set_value(["sales", "typed"])
    add(tab, "carol")
    assert directory.get("carol").roles == ("sales", "typed")
    assert tab.app.main.multiselect[-1].value == []
    tab.app.main.multiselect[-1].set_value(["Not a role"])
    add(tab, "dave")
    assert directory.find("dave") is None


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ann", "The user ann already exists."),
        ("a b", "1 to 64 characters"),
        ("", "1 to 64 characters"),
    ],
)
def test_a_name_that_cannot_be_added_is_said(tab: Tab, name: str, said: str) -> None:
    add(tab, name)
    assert said in unescaped(tab.error)
    assert names_in(tab) == ["admin", "ann", "bob"]


# Change a user


def test_a_user_is_disabled_and_enabled(tab: Tab, ann: str) -> None:
    token = create_session(ann)
    search(tab, ann).click(page.DISABLE)
    assert validate_session(token) is None
    assert not verify_user(ann, PASSWORD)
    tab.click(page.ENABLE)
    assert verify_user(ann, PASSWORD)


def test_a_user_is_removed(tab: Tab, ann: str) -> None:
    search(tab, ann).click(page.REMOVE)
    assert directory.find(ann) is not None
    tab.click(page.YES_REMOVE)
    assert directory.find(ann) is None
    assert tab.info == page.NO_SUCH_USER


def test_a_users_sessions_are_ended(tab: Tab, ann: str) -> None:
    token = create_session(ann)
    search(tab, ann).click(page.END_SESSIONS)
    assert validate_session(token) is None
    assert verify_user(ann, PASSWORD)


def test_a_locked_user_is_unlocked(clock: Clock, tab: Tab, ann: str, configure: Configure) -> None:
    configure(throttle_failures=1)
    visitor = Tab(script=SAMPLE).run().log_in(ann, "wrong password")
    assert visitor.log_in(ann, PASSWORD).user is None
    search(tab, ann).click(page.UNLOCK)
    clock.forward(seconds=10)
    assert Tab(script=SAMPLE).run().log_in(ann, NEW_PASSWORD).error == labels.WRONG_PASSWORD


def test_a_password_is_reset_to_one_for_one_login(tab: Tab, ann: str) -> None:
    token = create_session(ann)
    search(tab, ann).click(page.RESET_PASSWORD)
    (password,) = (code.value for code in tab.app.code)
    assert validate_session(token) is None
    assert not verify_user(ann, PASSWORD)
    other = Tab(script=SAMPLE).run().log_in(ann, password)
    assert other.app.main.subheader[0].value == labels.CHOOSE_A_PASSWORD


def test_roles_are_given_and_taken(tab: Tab, ann: str) -> None:
    roles.grant(ann, ["sales"])
    search(tab, ann)
    assert roles_field(tab).value == ["sales"]
    set_roles(tab, "finance", "admin")
    assert directory.get(ann).roles == ("finance", "admin")
    assert roles_field(tab).value == ["finance", "admin"]
    set_roles(tab, "Sales")
    assert "cannot exist" in unescaped(tab.error)


def test_what_is_done_is_audited_with_who_did_it_from_where(tab: Tab, ann: str) -> None:
    search(tab, ann)
    set_roles(tab, "sales")
    for action in (page.UNLOCK, page.DISABLE, page.ENABLE, page.END_SESSIONS):
        tab.click(action)
    tab.click(page.RESET_PASSWORD).click(page.REMOVE).click(page.YES_REMOVE)
    add(tab, "carol")
    found = [entry for entry in events.list_audit() if entry.actor == "admin"][:8]
    assert [(entry.event, entry.username, entry.address) for entry in reversed(found)] == [
        ("roles granted", "ann", "192.0.2.1"),
        ("user unlocked", "ann", "192.0.2.1"),
        ("user disabled", "ann", "192.0.2.1"),
        ("user enabled", "ann", "192.0.2.1"),
        ("sessions ended", "ann", "192.0.2.1"),
        ("password reset", "ann", "192.0.2.1"),
        ("user removed", "ann", "192.0.2.1"),
        ("user added", "carol", "192.0.2.1"),
    ]


def test_a_double_click_changes_one_user_only(tab: Tab) -> None:
    add(tab, "anna")
    choose(search(tab, "an"), "ann")
    tab.click(page.REMOVE).click(page.YES_REMOVE)
    assert names_in(tab) == ["anna"]
    assert page.REMOVE not in [button.label for button in tab.app.main.button]


@pytest.mark.parametrize("action", ACTIONS)
def test_a_click_that_comes_with_another_choice_changes_nobody(tab: Tab, action: str) -> None:
    choose(tab, "ann")
    offer(tab, action)
    before = directory.list_users()
    tab.button(action).click()
    tab.send(choice_of(tab, "bob"))
    assert unescaped(tab.error) == page.OTHER_CHOICE
    assert directory.list_users() == before
    choose(tab, "ann")
    offer(tab, action)
    tab.field(page.SEARCH).input("bob")
    tab.click(action)
    assert unescaped(tab.error) == page.OTHER_CHOICE
    assert directory.list_users() == before


def test_a_click_about_somebody_whose_name_is_anothers_by_now_changes_nobody(tab: Tab) -> None:
    choose(tab, "ann")
    directory.remove_user("ann")
    directory.rename_user("bob", "ann")
    tab.click(page.DISABLE)
    assert tab.error
    assert not directory.get("ann").disabled


def test_roles_that_somebody_else_has_changed_meanwhile_stay(tab: Tab, ann: str) -> None:
    roles.grant(ann, ["finance"])
    search(tab, ann)
    roles.revoke(ann, ["finance"])
    set_roles(tab, "finance", "hr")
    assert unescaped(tab.error) == page.OTHER_ROLES
    assert directory.get(ann).roles == ()


def test_it_says_who_needs_a_new_password(clock: Clock, tab: Tab) -> None:
    add(tab, "carol")
    clock.forward(hours=24)
    other = open_users("admin")
    assert users_of(search(other, "carol"))[0]["State"] == page.NEEDS_A_PASSWORD


# What administrators cannot do


@pytest.mark.parametrize("action", [page.DISABLE, page.RESET_PASSWORD, page.YES_REMOVE])
def test_nobody_does_it_to_themselves(tab: Tab, ann: str, action: str) -> None:
    roles.grant(ann, ["admin"])
    offer(search(tab, "admin"), action).click(action)
    assert unescaped(tab.error) == page.NOT_YOURSELF
    assert verify_user("admin", PASSWORD)


def test_nobody_takes_the_administration_from_themselves(tab: Tab, ann: str) -> None:
    roles.grant(ann, ["admin"])
    set_roles(search(tab, "admin"))
    assert unescaped(tab.error) == page.NOT_YOURSELF
    assert directory.get("admin").roles == ("admin",)


def test_of_two_who_take_it_from_each_other_one_stays(tab: Tab, ann: str) -> None:
    roles.grant(ann, ["admin"])
    other = search(open_users(ann), "admin")
    search(tab, ann)
    set_roles(tab)
    set_roles(other)
    assert directory.get("admin").roles == ("admin",)
    assert directory.get(ann).roles == ()


def test_a_user_is_renamed_and_stays_logged_in(tab: Tab, ann: str, bob: str) -> None:
    token = create_session(ann)
    search(tab, ann)
    for refused in (bob, "a b"):
        tab.field(labels.SAY.rename_to).input(refused)
        assert tab.click(labels.SAY.rename).error
    tab.field(labels.SAY.rename_to).input("Anna")
    tab.click(labels.SAY.rename)
    assert "Renamed ann to anna" in unescaped(tab.app.success[0].value)
    assert validate_session(token) == "anna"


def test_the_last_administrator_is_not_disabled(
    tab: Tab, ann: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    roles.grant(ann, ["admin"])
    search(tab, ann)
    disable = directory.disable_user

    def disable_after_another(name: str) -> None:
        disable("admin", force=True)
        disable(name)

    monkeypatch.setattr(directory, "disable_user", disable_after_another)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(visiting, "current", Visitor)
        tab.click(page.DISABLE)
    assert verify_user(ann, PASSWORD)


def test_what_somebody_else_has_removed_is_said(tab: Tab, ann: str) -> None:
    search(tab, ann)
    directory.remove_user(ann)
    tab.click(page.DISABLE)
    assert unescaped(tab.error) == "ann no longer exists."


def test_an_outage_is_said_and_shows_nobody(tab: Tab, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> NoReturn:
        raise StoreUnavailableError("secret details")

    search(tab, "ann")
    monkeypatch.setattr(type(stores.current().users), "search", fail)
    tab.run()
    assert tab.error == page.NOT_NOW
    assert users_of(tab) == []


def test_a_change_that_cannot_be_saved_is_said(tab: Tab, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> NoReturn:
        raise StoreReadOnlyError("secret details")

    search(tab, "ann")
    monkeypatch.setattr(type(stores.current().users), "set_disabled", fail)
    tab.click(page.DISABLE)
    assert unescaped(tab.error) == labels.NOT_SAVED


# Attacks


@pytest.mark.parametrize("action", ACTIONS)
def test_a_button_does_nothing_after_the_role_was_taken_away(
    tab: Tab, ann: str, action: str
) -> None:
    roles.grant("bob", ["admin"])
    token = create_session(ann)
    offer(search(tab, ann), action)
    roles.revoke("admin", ["admin"])
    before = directory.list_users()
    tab.click(action)
    assert directory.list_users() == before
    assert validate_session(token) == ann
    assert tab.error == labels.NO_ACCESS
    assert events.list_audit(event="access denied")[0].username == "admin"


@pytest.mark.parametrize("action", ACTIONS)
def test_a_button_does_nothing_when_the_login_is_not_recent_any_more(
    clock: Clock, admin: str, ann: str, action: str
) -> None:
    tab = offer(search(open_users(admin), ann), action)
    clock.forward(minutes=11)
    before = directory.list_users()
    tab.click(action)
    assert directory.list_users() == before
    assert [field.label for field in tab.app.main.text_input] == [labels.PASSWORD]


def test_a_form_does_nothing_after_the_role_was_taken_away(tab: Tab) -> None:
    roles.grant("bob", ["admin"])
    roles.revoke("admin", ["admin"])
    add(tab, "carol")
    assert directory.find("carol") is None
    assert len(tab.app.code) == 0


def test_the_app_finds_nothing_of_it_in_the_state(tab: Tab, ann: str) -> None:
    choose(tab, ann)
    assert "auth" not in str(tab.app.session_state._state.filtered_state)


def test_a_role_in_the_state_of_the_tab_is_worth_nothing(tab: Tab, ann: str) -> None:
    other = Tab(create_session(ann), SAMPLE).run()
    for key in ("auth_roles", "roles", "auth_user", f"auth_roles_{ann}_"):
        other.app.session_state[key] = "admin"
    other.open_page("users")
    assert other.error == labels.NO_ACCESS
    assert directory.get(ann).roles == ()


def test_the_password_that_was_made_up_is_in_no_log_and_in_no_audit(
    tab: Tab, caplog: pytest.LogCaptureFixture
) -> None:
    add(tab, "carol")
    (password,) = (code.value for code in tab.app.code)
    assert password not in caplog.text
    assert password not in repr(events.list_audit())
    assert len(sessions.list_sessions(directory.get("carol"))) == 0


def add(tab: Tab, name: str) -> None:
    tab.field(page.NEW_USERNAME).input(name)
    tab.click(page.ADD_USER)


def search(tab: Tab, text: str) -> Tab:
    tab.field(page.SEARCH).input(text)
    return tab.run()


def offer(tab: Tab, action: str) -> Tab:
    """Have the page offer a button, which may come with a question only."""
    return tab.click(page.REMOVE) if action == page.YES_REMOVE else tab


def choose(tab: Tab, name: str) -> None:
    tab.send(choice_of(tab, name))


def roles_field(tab: Tab) -> Any:
    """Return the field with the roles of who is chosen."""
    return tab.app.main.multiselect[0]


def set_roles(tab: Tab, *names: str) -> None:
    roles_field(tab).set_value(list(names))
    tab.click(page.SAVE_ROLES)


def names_in(tab: Tab) -> list[str]:
    return [row["User"] for row in users_of(tab)]


def plain(text: str) -> str:
    return text.replace(".", r"\.")


def unescaped(text: str | None) -> str:
    return (text or "").replace("\\", "")
