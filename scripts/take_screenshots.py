"""Take the pictures and the recording of the README and the tutorial from running apps: make screenshots."""

import re
import tempfile
from pathlib import Path

import pyotp
from playwright.sync_api import Browser, ViewportSize

from scripts.recording import record, rest
from tests.support.baking import TEMPLATE, bake_into
from tests.support.documents import commands_in, files_in_text, lines_to_add, section
from tests.support.visitor import Tab, chromium

IMAGES = TEMPLATE / "docs" / "images"
SIZE: ViewportSize = {"width": 960, "height": 540}
LARGE: ViewportSize = {"width": 1280, "height": 720}  # for what has a table and a form beside it
TALL: ViewportSize = {"width": 1200, "height": 1020}  # for a card with a picture in it


def take(tab: Tab, name: str) -> None:
    """Take a picture when nothing moves any more."""
    rest(tab)
    tab.page.screenshot(path=IMAGES / f"{name}.png")


def take_those_of_the_readme(browser: Browser, folder: Path) -> None:
    """Bake the default project, log in as a person would, and look around."""
    with bake_into(folder).server() as server:
        tab = Tab(browser.new_context(viewport=SIZE).new_page())
        tab.open(server.url).sees_login_form()
        take(tab, "login")
        tab.log_in("test1")
        take(tab, "page")
        tab.page.set_viewport_size(LARGE)
        for title in ("Account", "Users"):
            tab.follow(title)
            tab.sees_page(title)
            if title == "Users":
                tab.page.get_by_role("radio", name="test2", exact=True).click()
                tab.sees("Save roles")
            take(tab, title.lower())


def take_those_of_a_second_factor(browser: Browser, folder: Path) -> None:
    """Set up an authenticator app, as somebody who has to, and log in with it."""
    settings = {"SECOND_FACTOR_REQUIRED": "*", "TOTP_TOLERANCE": "1"}
    with bake_into(folder, accounts="second_factor").server(settings) as server:
        tab = Tab(browser.new_context(viewport=TALL).new_page())
        tab.open(server.url).fill_login("test1", "test1")
        tab.click("Log in")
        tab.sees("Set up a second factor")
        take(tab, "second_factor_set_up")
        app = pyotp.TOTP(tab.page.locator("code").inner_text())
        tab.page.get_by_label("Code", exact=True).fill(app.now())
        tab.click("Confirm")
        tab.click("I have saved them")
        tab.sees_user("test1")
        tab.log_out()
        tab.fill_login("test1", "test1")
        tab.click("Log in")
        tab.sees("Use a recovery code")
        tab.page.set_viewport_size(LARGE)
        take(tab, "second_factor_login")


def take_those_of_the_tutorial(browser: Browser, folder: Path) -> None:
    """Do what the tutorial says, with its own files, and look where it has a picture."""
    tutorial = section("docs/tutorial.md")
    files = files_in_text(tutorial)
    answers = dict(re.findall(r'(\w+)="(.*?)"', commands_in(tutorial)[0]))
    project = bake_into(folder, **answers)
    with project.server() as server:
        tab = Tab(browser.new_context(viewport=SIZE).new_page())
        tab.open(server.url).sees_login_form()
        take(tab, "tutorial_login")
        tab.log_in("ann")
        project.write("views/sales.py", files["views/sales.py"])
        reload_until(tab, "This week")
        take(tab, "tutorial_page")
        project.write("views/orders.py", files["views/orders.py"])
        for file, line in lines_to_add(tutorial).items():
            project.edit(file, "\n}\n", f"\n{line}}}\n")
        reload_until(tab, "Orders")
        tab.follow("Orders")
        tab.sees_page("🧾 Orders")
        take(tab, "tutorial_added")


def reload_until(tab: Tab, text: str) -> None:
    """Reload until Streamlit has noticed a changed file, which may take it a second."""

    def shows() -> bool:
        tab.reload()
        tab.settles()
        return tab.page.get_by_text(text, exact=True).count() > 0

    tab.waits_until(shows)


def main() -> None:
    """Take all of them."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        take_those_of_the_readme(browser, Path(folder) / "readme")
        take_those_of_a_second_factor(browser, Path(folder) / "second_factor")
        take_those_of_the_tutorial(browser, Path(folder) / "tutorial")
        record(browser, Path(folder) / "recording", IMAGES / "recording.webp")


if __name__ == "__main__":
    main()
