"""What administrators do on the page Users, in a browser and without its manners."""

import csv
import io
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, expect
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.conftest import OpenBrowser
from tests.support.baking import BakedProject
from tests.support.raw_client import DEVICE_COOKIE, RawClient, raw_client
from tests.support.servers import AppServer
from tests.support.visitor import Tab, expect_to_see

CHOSEN = "staple of a new one"
SIGNED_IN = b"Signed in as"
NAME_OF_THE_FOCUS = """() => {
    const { labels, ariaLabel, innerText } = document.activeElement;
    return (ariaLabel || labels?.[0]?.innerText || innerText || "").trim();
}"""
CHOOSE = b"Choose a password"
NO_ACCESS = b"You do not have access to this page."


def manage(app: AppServer, *command: str) -> str:
    return BakedProject(app.project, {}).manage(*command, environment=app.environment)


def names(app: AppServer) -> list[str]:
    return [line.split()[0] for line in manage(app, "list-users").splitlines()]


# In a browser


def test_a_new_user_gets_in_once_and_goes_on_with_a_password_of_their_own(
    app: AppServer, open_browser: OpenBrowser
) -> None:
    admin = open_users(app, open_browser)
    admin.page.get_by_label("New username", exact=True).fill("Carol")
    admin.click("Add user")
    admin.sees("Added carol.")
    password = admin.page.locator("code").inner_text()

    carol = open_browser()().open(f"{app.url}/about")
    enter(carol, "carol", password)
    asks_for_a_password(carol)
    carol.settles()
    carol.reload()
    asks_for_a_password(carol)
    again = open_browser()().open(app.url)
    enter(again, "carol", password)
    again.sees("Wrong username or password.")

    choose(carol, CHOSEN)
    carol.sees_user("carol")
    carol.sees_page("About")
    carol.settles()
    carol.reload()
    carol.sees_user("carol")
    again.log_in("carol", CHOSEN)

    # And is put out again, in every browser.
    search(admin, "carol")
    admin.click("Disable")
    admin.sees("Disabled carol and ended their sessions.")
    carol.follow("Home")
    carol.sees_login_form()
    again.reload()
    again.sees_login_form()


def test_the_list_follows_what_is_typed_and_the_one_who_is_named_is_chosen(
    app: AppServer, open_browser: OpenBrowser
) -> None:
    admin = open_users(app, open_browser, "dave")
    rows = rows_of(admin)
    expect(rows).not_to_have_count(2)
    admin.page.get_by_label("Search", exact=True).press_sequentially("DAVE")
    expect(rows).to_have_count(2)
    admin.click("Remove")
    admin.click("Yes, remove")
    admin.sees("Removed dave and ended their sessions.")
    assert {"test1", "test2"} <= set(names(app))
    assert "dave" not in names(app)


def test_roles_that_are_given_show_in_the_other_browser_at_the_next_click(
    app: AppServer, open_browser: OpenBrowser
) -> None:
    admin = open_users(app, open_browser)
    other = open_browser()().open(app.url)
    other.log_in("test2")
    search(admin, "test2")
    person = admin.page.locator('[class*="st-key-auth_person_"]')
    roles = person.get_by_role("combobox", name="Roles")
    roles.fill("admin")
    roles.press("Enter")
    roles.press("Escape")  # The list of roles stays open for the next one.
    admin.click("Save roles")
    admin.sees("Saved the roles of test2.")
    other.follow("About")
    other.sees_page("About")
    other.follow("Users")
    other.sees_page("Users")
    manage(app, "revoke", "test2", "admin")
    other.follow("About")
    other.sees_page("About")
    expect(other.page.get_by_role("link", name="Users", exact=True)).to_have_count(0)


def test_the_audit_can_be_taken_along(app: AppServer, open_browser: OpenBrowser) -> None:
    admin = open_users(app, open_browser)
    with admin.page.expect_download() as download:
        admin.click("Download as CSV")
    header, *rows = csv.reader(io.StringIO(download.value.path().read_text(encoding="utf-8")))
    assert header == ["Time (UTC)", "Event", "User", "By", "From", "Session"]
    assert ["login", "test1", "test1"] in [row[1:4] for row in rows]


def test_somebody_is_chosen_by_a_click_anywhere_in_their_row_and_stays_chosen(
    app: AppServer, open_browser: OpenBrowser
) -> None:
    admin = open_users(app, open_browser, "fay", "gus")
    rows = rows_of(admin)
    for name in ("gus", "fay"):
        rows.filter(has_text=name).get_by_role("cell").last.click()
        expect_to_see(admin.page.get_by_role("heading", name=name, exact=True))
        expect(admin.page.get_by_role("radio", name=name, exact=True)).to_be_checked()
    # Somebody else changes the list: the next click is still about the one who was chosen.
    manage(app, "add-user", "fae", "--one-time")
    manage(app, "remove-user", "gus", "--yes")
    admin.click("Disable")
    admin.sees("Disabled fay and ended their sessions.")
    expect(admin.page.get_by_role("radio", name="fay", exact=True)).to_be_checked()
    expect(admin.page.get_by_role("radio", name="gus", exact=True)).to_have_count(0)


def test_the_keyboard_alone_chooses_somebody_and_removes_them(
    app: AppServer, open_browser: OpenBrowser
) -> None:
    admin = open_users(app, open_browser, "hal1", "hal2")
    walk_to(admin, "Search")
    admin.page.keyboard.type("hal")
    expect(rows_of(admin)).to_have_count(3)
    admin.settles()
    walk_to(admin, "hal1")
    admin.page.keyboard.press("ArrowDown")
    expect_to_see(admin.page.get_by_role("heading", name="hal2", exact=True))
    expect(admin.page.get_by_role("radio", name="hal2", exact=True)).to_be_focused()
    admin.settles()
    walk_to(admin, "Remove")
    admin.page.keyboard.press("Enter")
    expect_to_see(admin.page.get_by_role("button", name="Yes, remove", exact=True))
    admin.page.keyboard.press("Escape")
    expect(admin.page.get_by_role("dialog")).to_have_count(0)
    assert "hal2" in names(app)
    walk_to(admin, "Remove")
    admin.page.keyboard.press("Enter")
    expect_to_see(admin.page.get_by_role("button", name="Yes, remove", exact=True))
    walk_to(admin, "Yes, remove")
    admin.page.keyboard.press("Enter")
    admin.sees("Removed hal2 and ended their sessions.")
    assert "hal1" in names(app)
    assert "hal2" not in names(app)


def walk_to(tab: Tab, name: str) -> None:
    """Press Tab until what has a name has the focus."""
    for _ in range(60):
        if tab.page.evaluate(NAME_OF_THE_FOCUS) == name:
            return
        tab.page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key does not lead to {name}")


def open_users(app: AppServer, open_browser: OpenBrowser, *new: str) -> Tab:
    """Log in as an administrator and open the page, which has new users of these names."""
    for name in new:
        manage(app, "add-user", name, "--one-time")
    tab = open_browser()().open(app.url)
    tab.log_in("test1")
    tab.follow("Users")
    tab.sees_page("Users")
    tab.settles()
    return tab


def rows_of(tab: Tab) -> Locator:
    """Return the rows of the table of users, of which the first names the columns."""
    return tab.page.get_by_role("table").first.get_by_role("row")


def enter(tab: Tab, username: str, password: str) -> None:
    tab.fill_login(username, password)
    tab.click("Log in")


def asks_for_a_password(tab: Tab) -> None:
    expect_to_see(tab.page.get_by_role("heading", name="Choose a password", exact=True))
    expect(tab.page.get_by_text("Signed in as")).to_have_count(0)


def choose(tab: Tab, password: str) -> None:
    for label in ("New password", "Repeat new password"):
        tab.page.get_by_label(label, exact=True).fill(password)
    tab.click("Save")


def search(tab: Tab, text: str) -> None:
    tab.page.get_by_label("Search", exact=True).fill(text)


# Without a browser's manners


@pytest.fixture
def admin(app: AppServer) -> Iterator[RawClient]:
    """A client that has logged in as an administrator and is asked whether to remove test2."""
    with raw_client(app.url, DEVICE_COOKIE) as client:
        assert SIGNED_IN in client.log_in("test1", "users")
        search = client.field("Search", "test2")
        client.run_script("users", search)
        assert b"Yes, remove" in client.run_script("users", search, client.click("Remove"))
        yield client


@pytest.fixture
def other(app: AppServer) -> Iterator[RawClient]:
    """A client that has logged in as somebody who is no administrator."""
    with raw_client(app.url, DEVICE_COOKIE) as client:
        assert SIGNED_IN in client.log_in("test2")
        yield client


def forged(admin: RawClient) -> list[WidgetState]:
    """Return clicks on every button of the page, and the form to add a user filled in."""
    labels = (
        *("Disable", "Reset password", "Yes, remove", "End sessions", "Save roles"),
        *("Add user", "Invite"),
    )
    return [
        admin.field("Search", "test2"),
        admin.field("New username", "mallory"),
        *admin.choices("Roles", "admin"),
        *map(admin.click, labels),
    ]


def test_the_buttons_do_nothing_for_who_is_no_administrator(
    app: AppServer, admin: RawClient, other: RawClient
) -> None:
    before = manage(app, "list-users")
    for page in ("users", "", "account"):
        received = other.run_script(page, *forged(admin))
        assert SIGNED_IN in received
        assert b"mallory" not in received
    assert NO_ACCESS in other.run_script("users", *forged(admin))
    assert b"New username" not in other.run_script("users")
    assert manage(app, "list-users") == before


def test_the_buttons_do_nothing_for_who_is_not_logged_in(app: AppServer, admin: RawClient) -> None:
    before = manage(app, "list-users")
    with raw_client(app.url, DEVICE_COOKIE) as stranger:
        for page in ("users", ""):
            stranger.start_script(page, *forged(admin))  # and no script runs
            received = stranger.run_script(page)
            assert b"Username" in received
            assert b"New username" not in received
    assert manage(app, "list-users") == before


def test_the_buttons_do_nothing_after_the_role_was_taken_away(
    app: AppServer, admin: RawClient
) -> None:
    clicks = forged(admin)
    with role_taken_away(app):
        before = manage(app, "list-users")
        assert NO_ACCESS in admin.run_script("users", *clicks)
        assert manage(app, "list-users") == before


def test_the_audit_is_not_handed_out_after_the_role_was_taken_away(
    app: AppServer, admin: RawClient
) -> None:
    before = download_audit(app, admin)
    assert b"login,test1" in before
    with role_taken_away(app):
        assert download_audit(app, admin) == before.splitlines(keepends=True)[0]


def test_a_one_time_password_opens_no_page_and_passes_no_wall(app: AppServer) -> None:
    password = manage(app, "add-user", "erin", "--one-time").split()[-1]
    with raw_client(app.url, DEVICE_COOKIE) as erin:
        erin.run_script()
        assert CHOOSE in erin.run_script("", *erin.filled_form("erin", password))
        for page in ("", "home", "about", "account", "users"):
            received = erin.run_script(page)
            assert CHOOSE in received
            assert SIGNED_IN not in received
        erin.send(BackMsg(clear_cache=True))
        assert CHOOSE in erin.run_script()
    assert "reason=clear_cache" in app.log


def test_a_one_time_password_is_no_proof_for_the_form_of_another_session(app: AppServer) -> None:
    password = manage(app, "add-user", "frank", "--one-time").split()[-1]
    with (
        raw_client(app.url, DEVICE_COOKIE) as frank,
        raw_client(app.url, DEVICE_COOKIE) as other,
        raw_client(app.url, DEVICE_COOKIE) as stranger,
    ):
        frank.run_script()
        frank.run_script("", *frank.filled_form("frank", password))
        form = [
            *(frank.field(label, CHOSEN) for label in ("New password", "Repeat new password")),
            frank.click("Save"),
        ]
        assert SIGNED_IN in other.log_in("test2")
        assert SIGNED_IN in other.run_script("", *form)
        stranger.run_script()
        assert SIGNED_IN not in stranger.run_script("", *form)
        assert CHOOSE in frank.run_script()
        assert SIGNED_IN in frank.run_script("", *form)


@contextmanager
def role_taken_away(app: AppServer) -> Iterator[None]:
    """Take the role from the administrator for the time of a with block."""
    manage(app, "revoke", "test1", "admin", "--force")
    try:
        yield
    finally:
        manage(app, "grant", "test1", "admin")


def download_audit(app: AppServer, client: RawClient) -> bytes:
    """Ask for the file that the page has offered, and return what is in it."""
    elements = [message.delta.new_element for message in client.messages]
    request = BackMsg()
    operation = request.backend_operation_request
    operation.request_id, operation.session_id = "1", client.session_id
    operation.deferred_file.file_id = next(
        filter(None, (element.download_button.deferred_file_id for element in reversed(elements)))
    )
    client.receive_for(0.3)
    client.send(request)
    client.receive()
    address = client.messages[-1].backend_operation_response.deferred_file.url
    with urllib.request.urlopen(f"{app.url}{address}") as response:
        content: bytes = response.read()
    return content
