"""Passkeys in Chromium, with an authenticator that it makes up."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.conftest import Bake, OpenBrowser, environment_of
from tests.support.baking import DIAGONAL, combination_id
from tests.support.servers import AppServer
from tests.support.sweep import first_of
from tests.support.visitor import Tab, expect_to_see

LOG_IN = "Log in with a passkey"
ADD = "Add a passkey"
USE = "Use a passkey"
NO_AUTOFILL = "PublicKeyCredential.isConditionalMediationAvailable = async () => false"


class Authenticator:
    """What a tab's browser asks for passkeys: it needs no finger."""

    def __init__(self, page: Page) -> None:
        self._devtools: CDPSession = page.context.new_cdp_session(page)
        self._devtools.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        added = self._devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self._id = added["authenticatorId"]

    @property
    def passkeys(self) -> list[dict[str, object]]:
        found = self._devtools.send("WebAuthn.getCredentials", {"authenticatorId": self._id})
        passkeys: list[dict[str, object]] = found["credentials"]
        return passkeys

    def take_from(self, other: "Authenticator") -> None:
        for passkey in other.passkeys:
            self._set("addCredential", credential=passkey)

    def _set(self, what: str, **values: object) -> None:
        self._devtools.send(f"WebAuthn.{what}", {"authenticatorId": self._id, **values})


@pytest.fixture(scope="module", params=first_of(DIAGONAL), ids=combination_id)
def app(request: pytest.FixtureRequest, bake: Bake) -> Iterator[AppServer]:
    """A running app whose users may have passkeys."""
    project = bake(
        **request.param, accounts="second_factor", demo_users="test1, test2, test3, test4"
    )
    with environment_of(project, request) as environment, project.server(environment) as app:
        yield app


def add_passkey(tab: Tab) -> Authenticator:
    """Add a passkey on Account, as somebody who has just logged in."""
    authenticator = Authenticator(tab.page)
    tab.follow("Account")
    tab.sees_page("Account")
    tab.settles()
    tab.click(ADD)
    tab.click("I have saved them")
    tab.sees_page("Account")
    expect(tab.page.get_by_text("Recovery codes", exact=True)).to_be_visible()
    assert len(authenticator.passkeys) == 1
    return authenticator


def test_a_passkey_is_added_and_logs_in_by_the_button(
    app: AppServer, open_browser: OpenBrowser
) -> None:
    tab = open_browser()()
    tab.page.add_init_script(NO_AUTOFILL)
    tab.open(app.url)
    tab.log_in("test1")
    add_passkey(tab)
    tab.settles()
    tab.click(ADD)
    tab.sees("This device already has a passkey of yours")
    tab.log_out()
    tab.click(LOG_IN)
    tab.sees_user("test1")
    tab.waits_until(lambda: tab.token is not None)
    tab.settles()
    tab.reload()
    tab.sees_user("test1")
    assert "proof=passkey" in app.log
    assert "Traceback" not in app.log


def test_the_field_offers_a_passkey(app: AppServer, open_browser: OpenBrowser) -> None:
    first = open_browser()().open(app.url)
    first.log_in("test2")
    added = add_passkey(first)
    tab = open_browser()()
    authenticator = Authenticator(tab.page)
    tab.open(app.url)
    field = tab.page.get_by_label("Username", exact=True)
    expect(field).to_have_attribute("autocomplete", "username webauthn")
    expect(field).to_be_focused()
    tab.settles()
    # Whoever touches it at once chooses what the field offers when the form is there.
    authenticator.take_from(added)
    tab.reload()
    tab.sees_user("test2")
    tab.waits_until(lambda: tab.token is not None)


def test_after_the_password_a_passkey_is_asked_for_and_another_way_is_left(
    app: AppServer, open_browser: OpenBrowser
) -> None:
    first = open_browser()().open(app.url)
    first.log_in("test3")
    added = add_passkey(first)

    tab = open_browser()().open(app.url)
    authenticator = Authenticator(tab.page)
    tab.settles()
    tab.fill_login("test3", "test3")
    tab.page.get_by_label("Password", exact=True).press("Enter")
    expect_to_see(tab.page.get_by_role("button", name=USE, exact=True))
    expect_to_see(tab.page.get_by_role("button", name="Use a recovery code", exact=True))
    expect(tab.page.get_by_text("Signed in as")).to_have_count(0)
    tab.settles()
    tab.click(USE)  # The device has none yet.
    tab.sees("No passkey was used.")
    authenticator.take_from(added)
    tab.settles()
    tab.click(USE)
    tab.sees_user("test3")
    tab.waits_until(lambda: tab.token is not None)


def test_a_form_that_nobody_uses_asks_for_another_challenge_in_time(
    app: AppServer, open_browser: OpenBrowser
) -> None:
    tab = open_browser()()
    tab.page.clock.install()
    tab.open(app.url)
    tab.sees_login_form()
    tab.settles()
    tab.received.clear()
    tab.page.clock.fast_forward("08:00")
    tab.settles()
    assert tab.script_runs == 0
    tab.page.clock.fast_forward("01:10")
    tab.waits_until(lambda: tab.script_runs == 1)
    tab.settles()
    assert tab.script_runs == 1


def test_at_an_address_that_passkeys_do_not_work_for_there_is_no_button(
    app: AppServer, open_browser: OpenBrowser
) -> None:
    tab = open_browser()().open(app.url.replace("localhost", "127.0.0.1"))
    tab.log_in("test4")
    tab.follow("Account")
    tab.sees("Passkeys work only over HTTPS")
    expect(tab.page.get_by_role("button", name=ADD, exact=True)).to_have_count(0)
    tab.log_out()
    expect(tab.page.get_by_role("button", name=LOG_IN, exact=True)).to_have_count(0)
    field = tab.page.get_by_label("Username", exact=True)
    expect(field).to_have_attribute("autocomplete", "username")
