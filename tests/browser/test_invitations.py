"""Invitations in a browser: the link, the page that it opens, and who never gets to see its code."""

import urllib.request
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, WebSocket, expect
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.conftest import OpenBrowser
from tests.support.baking import BakedProject
from tests.support.raw_client import DEVICE_COOKIE, raw_client
from tests.support.servers import AppServer
from tests.support.visitor import RELOAD_AT_ONCE, Tab, as_bytes, expect_to_see

CHOSEN = "staple of a new one"
REFUSED = "This invitation cannot be used"
WELCOME = "auth=invitation"


def invite(app: AppServer, name: str) -> str:
    """Invite somebody by the command, and return the link."""
    environment = {**app.environment, "APP_URL": app.url}
    said = BakedProject(app.project, {}).manage("invite", name, environment=environment)
    return said.split()[-1]


def code_in(link: str) -> str:
    return urlsplit(link).fragment.partition("=")[2]


class Listener:
    """What a page asks servers for, and what it tells its own over the websocket."""

    def __init__(self, page: Page) -> None:
        self.requests: list[str] = []
        self.told: list[bytes] = []
        page.on("request", lambda request: self.requests.append(f"{request.url} {request.headers}"))
        page.on("websocket", self._listen_to)

    def _listen_to(self, socket: WebSocket) -> None:
        socket.on("framesent", lambda data: self.told.append(as_bytes(data)))


def sees_welcome(tab: Tab) -> None:
    expect_to_see(tab.page.get_by_role("heading", name="Welcome", exact=True))
    expect(tab.page.get_by_label("New password", exact=True)).to_be_focused()
    # Only when the code is out of the address does the page know whether to ask for it.
    expect(tab.page.locator("body")).to_have_attribute("data-auth-invitation", "found")
    expect(field(tab)).to_be_hidden()
    assert "#" not in tab.page.url


def field(tab: Tab) -> Locator:
    return tab.page.get_by_label("Invitation code", exact=True)


def save(tab: Tab, password: str = CHOSEN) -> None:
    for label in ("New password", "Repeat new password"):
        tab.page.get_by_label(label, exact=True).fill(password)
    tab.click("Save")


def test_a_link_from_the_page_users_lets_one_person_in_once_and_nobody_else_sees_its_code(
    app: AppServer, open_browser: OpenBrowser
) -> None:
    admin = open_browser()().open(app.url)
    admin.log_in("test1")
    admin.follow("Users")
    admin.sees_page("Users")
    admin.settles()
    admin.page.get_by_label("New username", exact=True).fill("Carol")
    admin.click("Invite")
    admin.sees("Invited carol.")
    link = admin.page.locator("code").inner_text()
    assert link.startswith(f"{app.url}/?{WELCOME}#")
    code = code_in(link)
    for _ in range(20):
        with urllib.request.urlopen(link.partition("#")[0]) as response:
            assert response.status == 200
    open_browser()().open(link).sees("Welcome")

    carol = open_browser()()
    listener = Listener(carol.page)
    sees_welcome(carol.open(link))
    carol.settles()
    carol.reload()
    sees_welcome(carol)
    carol.settles()
    assert code not in carol.page.content()
    assert not any(code.encode() in frame for frame in listener.told)
    save(carol, "short")
    carol.sees("Passwords have 8 to 1,024 characters.")
    carol.reload()
    sees_welcome(carol)
    save(carol)
    carol.sees_user("carol")
    carol.waits_until(lambda: carol.token is not None)
    carol.settles()
    assert carol.path == "/"
    carol.reload()
    carol.sees_user("carol")
    assert any(code.encode() in frame for frame in listener.told)
    assert not any(code in request for request in listener.requests)
    assert not any(code.encode() in frame for frame in carol.received)

    again = open_browser()().open(link)
    sees_welcome(again)
    save(again)
    again.sees(REFUSED)
    expect_to_see(field(again))
    assert code not in app.log


def test_seeing_the_page_means_that_the_login_is_kept(
    app: AppServer, open_browser: OpenBrowser
) -> None:
    dave = open_browser()().open(invite(app, "dave"))
    sees_welcome(dave)
    dave.settles()
    dave.page.evaluate(RELOAD_AT_ONCE)
    # Not a navigation: the app's own address in place of the link's is one.
    with dave.page.expect_event("load"):
        save(dave)
    dave.sees_user("dave")
    assert not dave.was_told_not_kept
    assert dave.path == "/"


def test_a_link_that_lost_its_end_takes_the_code_by_hand_or_is_opened_again(
    app: AppServer, open_browser: OpenBrowser
) -> None:
    link = invite(app, "erin")
    # On another page, and as in a frame: the link is for all of them.
    address = f"{app.url}/about?embed=true&{WELCOME}"
    erin = open_browser()().open(address)
    expect_to_see(field(erin))
    save(erin)
    erin.sees("Follow the link of your invitation again, or enter its code.")
    erin.settles()
    # In the same tab: nothing but the fragment changes, and no page is loaded.
    erin.page.evaluate("location.hash = 'invite=%3Cimg%20src=x%20onerror=document.title=1%3E'")
    sees_welcome(erin)
    save(erin)
    erin.sees(REFUSED)
    erin.page.get_by_label("Invitation code", exact=True).fill(link)
    save(erin)
    assert erin.page.title() != "1"
    erin.sees_page("About")
    erin.settles()
    assert erin.path == "/about?embed=true"


def test_somebody_who_is_logged_in_can_stay_or_go_on_as_who_was_invited(
    app: AppServer, open_browser: OpenBrowser
) -> None:
    link = invite(app, "frank")
    browser = open_browser()
    tab = browser().open(app.url)
    tab.log_in("test2")
    other = browser().open(link)
    sees_welcome(other)
    other.sees("You are logged in as test2.")
    other.click("Back")
    other.sees_user("test2")
    sees_welcome(other.open(link))
    save(other)
    other.sees_user("frank")
    other.settles()
    # The form shows, or already who the browser is now: a tab with the form looks at the cookie.
    tab.follow("About")
    expect(tab.page.get_by_text("Signed in as test2")).to_have_count(0)


def test_the_form_is_worth_nothing_where_it_was_not_drawn(app: AppServer) -> None:
    code = code_in(invite(app, "grace"))
    with (
        raw_client(app.url, DEVICE_COOKIE) as grace,
        raw_client(app.url, DEVICE_COOKIE) as stranger,
    ):
        assert b"Welcome" in grace.run_script(query=WELCOME)
        form = [
            *(grace.field(label, CHOSEN) for label in ("New password", "Repeat new password")),
            grace.field("Invitation code", code),
            grace.click("Save"),
        ]
        stranger.run_script()
        assert b"Signed in as" not in stranger.run_script("", *form)
        for value in ("[]", '"x"', "{", "1"):
            odd = WidgetState(id=grace.component_id("auth_invitation"), json_value=value)
            grace.start_script("", odd, *form, query=WELCOME)
        assert b"Signed in as" not in grace.run_script(query=WELCOME)
        assert b"Signed in as grace" in grace.run_script("", *form, query=WELCOME)
    assert "Traceback" not in app.log
    assert 'event="request refused" reason="broken value"' in app.log
