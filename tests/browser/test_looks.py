"""What a person sees of a generated app, and what a screen reader is told."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Locator, ViewportSize, expect

from tests.conftest import Bake, OpenBrowser
from tests.support.baking import BakedProject
from tests.support.servers import AppServer
from tests.support.sweep import first_of, sweep
from tests.support.visitor import Tab, expect_to_see

DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}
MANY = [f"Page {number}" for number in range(28)]
LINE = 24  # pixels, with what is between rows
PASSWORD = "correct horse battery"  # of users of these tests
NO_ACCESS = "You do not have access to this page."
# Keeps what the button says while the script runs.
NOTE_BUTTONS = """() => {
    window.said = new Set();
    const note = () => {
        const text = document.querySelector(".st-key-auth_card button[kind] p");
        if (text) window.said.add(getComputedStyle(text, "::after").content);
        requestAnimationFrame(note);
    };
    note();
}"""


@pytest.fixture(scope="module")
def app(bake_anew: Bake) -> Iterator[AppServer]:
    """An app with 30 pages, one of them for nobody, running."""
    project = bake_anew(pages=", ".join(["🏠 Home", "ℹ️ About", *MANY]))
    last = 'st.Page("views/page_27.py", title="Page 27"): '
    project.edit("main.py", f"{last}logged_in", f"{last}lambda user: False")
    # The tests together fail more logins than one person may.
    with project.server({"THROTTLE_FAILURES": "100"}) as server:
        yield server


@pytest.fixture(scope="module")
def app_with_factors(bake: Bake, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppServer]:
    """An app with second factors, which administrators have to have, running."""
    project = bake(accounts="second_factor").copy(tmp_path_factory.mktemp("factors"))
    with project.server({"SECOND_FACTOR_REQUIRED": "admin"}) as server:
        yield server


@pytest.fixture
def phone(open_browser: OpenBrowser) -> Tab:
    """A tab on a phone."""
    return open_browser(viewport=PHONE)()


@pytest.fixture
def desktop(open_browser: OpenBrowser) -> Tab:
    """A tab on a laptop."""
    return open_browser(viewport=DESKTOP)()


def box(locator: Locator) -> dict[str, float]:
    found: Any = locator.bounding_box()
    assert found
    return dict(found)


def submit(tab: Tab) -> None:
    tab.click("Log in")


def end_logins(app: AppServer) -> None:
    BakedProject(app.project, {}).manage("end-sessions", "test1")


# The login form


def test_the_form_is_a_card_in_the_middle_with_logo_name_and_description(
    app: AppServer, open_browser: OpenBrowser
) -> None:
    tab = open_browser(viewport=DESKTOP)().open(app.url)
    tab.sees_page("Streamlit Auth App")
    tab.sees("A Streamlit app with logins.")
    logo = tab.page.locator(".st-key-auth_card img")
    assert logo.evaluate("image => image.complete && image.naturalWidth > 0")
    expect(tab.page.locator("h1 a")).to_have_count(0)
    for viewport in (DESKTOP, PHONE):
        tab.page.set_viewport_size(viewport)
        tab.settles()
        width = viewport["width"]
        card = box(tab.page.locator(".st-key-auth_card"))
        assert card["width"] == pytest.approx(min(400, width - 32), abs=4)
        assert card["x"] + card["width"] / 2 == pytest.approx(width / 2, abs=2)
        button = box(tab.page.get_by_role("button", name="Log in", exact=True))
        field = box(tab.page.get_by_label("Username", exact=True))
        assert button["width"] == pytest.approx(field["width"], abs=4)


def test_a_message_stands_above_the_fields_and_the_cursor_where_one_types_next(
    app: AppServer, desktop: Tab
) -> None:
    desktop.open(app.url)
    username = desktop.page.get_by_label("Username", exact=True)
    password = desktop.page.get_by_label("Password", exact=True)
    expect(username).to_be_focused()
    for _ in range(2):
        desktop.fill_login("test1", "wrong password")
        submit(desktop)
        expect(password).to_have_value("")
        expect(password).to_be_focused()
    message = desktop.page.get_by_role("alert").filter(has_text="Wrong username or password.")
    expect_to_see(message)
    assert box(message)["y"] + box(message)["height"] <= box(username)["y"]


def test_the_cursor_goes_into_the_first_field_also_where_the_second_is_drawn_first(
    bake: Bake, tab: Tab
) -> None:
    field = '<input autocomplete="new-password" aria-label="{}">'
    with bake().modules({}) as app:
        script = app.load("auth.gate.forms")._focus_script("new-password", 2)
    second = field.format("Second")
    tab.page.set_content(f'<div class="st-key-auth_card"><p></p>{second}</div>{script}')
    tab.page.locator("p").evaluate(f"place => place.innerHTML = `{field.format('First')}`")
    expect(tab.page.get_by_label("First")).to_be_focused()


def test_the_keyboard_alone_logs_in_and_out(app: AppServer, desktop: Tab) -> None:
    desktop.open(app.url).sees_login_form()
    expect(desktop.page.get_by_label("Username", exact=True)).to_be_focused()
    desktop.page.keyboard.type("test1")
    desktop.page.keyboard.press("Tab")
    desktop.page.keyboard.type("test1")
    desktop.page.keyboard.press("Enter")
    desktop.sees_user("test1")
    desktop.page.get_by_role("button", name="Log out", exact=True).press("Enter")
    desktop.sees_login_form()


def test_the_button_says_that_one_is_being_logged_in(app: AppServer, desktop: Tab) -> None:
    desktop.open(app.url).sees_login_form()
    desktop.settles()
    desktop.page.evaluate(NOTE_BUTTONS)
    desktop.page.wait_for_function("said.size > 0")
    assert desktop.page.evaluate("[...said]") == ["none"]
    desktop.fill_login("test1", "wrong password")
    submit(desktop)
    desktop.sees("Wrong username or password.")
    desktop.settles()
    assert '"Logging in…"' in desktop.page.evaluate("[...said]")
    expect_to_see(desktop.page.get_by_role("button", name="Log in", exact=True))


def test_a_visitor_has_no_menu_and_nothing_of_the_developers(app: AppServer, desktop: Tab) -> None:
    desktop.open(app.url).sees_login_form()
    desktop.settles()
    expect(desktop.page.get_by_test_id("stMainMenu")).to_have_count(0)
    expect(desktop.page.get_by_text("Deploy")).to_have_count(0)


# The browser's tab and its address


def test_the_browsers_tab_names_the_page_and_the_app(app: AppServer, desktop: Tab) -> None:
    desktop.open(f"{app.url}/about").sees_login_form()
    expect(desktop.page).to_have_title("Streamlit Auth App")
    desktop.log_in("test1")
    expect(desktop.page).to_have_title("About · Streamlit Auth App")
    desktop.follow("Home")
    expect(desktop.page).to_have_title("Home · Streamlit Auth App")


@pytest.mark.parametrize("path", ["home", "nowhere"])
def test_the_landing_page_has_one_address(app: AppServer, desktop: Tab, path: str) -> None:
    desktop.open(f"{app.url}/{path}")
    expect_to_see(desktop.page.get_by_text("Page not found"))


# The sidebar


def log_in_and_open_the_sidebar(
    app: AppServer, open_browser: OpenBrowser, viewport: ViewportSize
) -> Tab:
    tab = open_browser(viewport=viewport)().open(app.url)
    tab.fill_login("test1", "test1")
    submit(tab)
    if viewport == PHONE:
        tab.page.get_by_test_id("stExpandSidebarButton").click()
    tab.sees_user("test1")
    return tab


@pytest.mark.parametrize("viewport", first_of([DESKTOP, PHONE]))
def test_the_way_out_is_in_sight_however_many_pages_there_are(
    app: AppServer, open_browser: OpenBrowser, viewport: ViewportSize
) -> None:
    tab = log_in_and_open_the_sidebar(app, open_browser, viewport)
    for locator in (
        tab.page.get_by_text("Signed in as test1"),
        tab.page.get_by_role("button", name="Log out", exact=True),
        tab.page.get_by_test_id("stSidebar").get_by_role("link", name="Home"),
    ):
        expect(locator).to_be_in_viewport(ratio=1)
    last = tab.page.get_by_test_id("stSidebar").get_by_role("link", name="Page 26")
    last.scroll_into_view_if_needed()
    last.click()
    tab.sees_page("Page 26")


def test_a_page_may_add_to_the_sidebar_and_the_way_out_stays_last(
    bake: Bake, tmp_path: Path, desktop: Tab
) -> None:
    project = bake().copy(tmp_path)
    project.write("views/about.py", 'import streamlit as st\n\nst.sidebar.text("a filter")\n')
    with project.server() as server:
        desktop.open(f"{server.url}/about").log_in("test1")
        added = box(desktop.page.get_by_text("a filter"))
        assert added["y"] < box(desktop.page.get_by_text("Signed in as test1"))["y"]


def test_a_page_without_an_icon_stands_in_line_with_those_that_have_one(
    app: AppServer, desktop: Tab
) -> None:
    desktop.open(app.url).log_in("test1")
    links = desktop.page.get_by_test_id("stSidebar").get_by_test_id("stPageLink-NavLink")
    texts = [links.filter(has_text=title).locator("p") for title in ("Home", "Page 3", "Users")]
    assert len({round(box(text.first)["x"]) for text in texts}) == 1


@pytest.mark.parametrize("viewport", first_of([DESKTOP, PHONE]))
def test_a_page_begins_right_below_the_line_of_the_menu(
    app: AppServer, open_browser: OpenBrowser, viewport: ViewportSize
) -> None:
    tab = open_browser(viewport=viewport)().open(f"{app.url}/about")
    tab.fill_login("test1", "test1")
    submit(tab)
    tab.sees_page("About")
    assert box(tab.page.get_by_role("heading", name="About", exact=True))["y"] < 70


def test_a_wide_logo_keeps_its_shape_and_hides_nothing(
    bake: Bake, tmp_path: Path, desktop: Tab
) -> None:
    project = bake().copy(tmp_path)
    (project / "static" / "logo.svg").unlink()
    Image.new("RGB", (320, 64), "navy").save(project / "static" / "logo.png")
    with project.server() as server:
        desktop.open(server.url).sees_login_form()
        assert_has_shape(desktop.page.locator(".st-key-auth_card img"))
        desktop.log_in("test1")
        sidebar = desktop.page.get_by_test_id("stSidebar")
        logo = sidebar.get_by_test_id("stSidebarLogo")
        assert_has_shape(logo)
        name = box(sidebar.get_by_text("Streamlit Auth App", exact=True))
        assert name["y"] >= box(logo)["y"] + box(logo)["height"]


def assert_has_shape(picture: Locator) -> None:
    """Expect a picture of 320 by 64 to be as wide as that, and drawn in full."""
    place = box(picture)
    assert place["width"] / place["height"] == pytest.approx(5, rel=0.1)


# In place of a page


@pytest.mark.parametrize("viewport", first_of([PHONE, DESKTOP]))
def test_a_login_that_ended_elsewhere_leaves_the_form_and_no_empty_sidebar(
    app: AppServer, open_browser: OpenBrowser, viewport: ViewportSize
) -> None:
    tab = log_in_and_open_the_sidebar(app, open_browser, viewport)
    end_logins(app)
    tab.follow("About")
    tab.sees_login_form()
    expect_to_see(tab.page.get_by_role("status").filter(has_text="Your login has ended"))
    expect(tab.page.get_by_test_id("stSidebar")).to_be_hidden()
    expect(tab.page.get_by_test_id("stExpandSidebarButton")).to_be_hidden()
    submit_point = box(tab.page.get_by_role("button", name="Log in", exact=True))
    assert submit_point["x"] + submit_point["width"] / 2 == pytest.approx(
        viewport["width"] / 2, abs=2
    )


def test_an_outage_is_told_to_a_visitor_and_to_a_user_in_their_own_words(
    app: AppServer, desktop: Tab, phone: Tab
) -> None:
    desktop.open(app.url).log_in("test1")
    users = app.project / "seeds" / "users.json"
    before = users.read_bytes()
    users.write_text("{", encoding="utf-8")
    try:
        desktop.reload()
        desktop.sees("The app cannot check your login right now. Please try again in a moment.")
        expect(desktop.page.get_by_test_id("stSidebar")).to_be_hidden()
        phone.open(app.url).fill_login("test1", "test1")
        submit(phone)
        phone.sees("Logging in is not possible right now.")
    finally:
        users.write_bytes(before)
    desktop.page.get_by_role("button", name="Try again").click()
    desktop.sees_user("test1")


# For everybody

# Whatever is too pale, too small or out of sight is so in one theme and one size.
SCREENS = {
    "laptop-light": (DESKTOP, "light"),
    "phone-dark": (PHONE, "dark"),
    "laptop-dark": (DESKTOP, "dark"),
    "phone-light": (PHONE, "light"),
}


def on_screens(first: str) -> pytest.MarkDecorator:
    """Run a test on each screen in the sweep, and on one of them each time."""
    names = [first, *(name for name in SCREENS if name != first)]
    return pytest.mark.parametrize(
        ("viewport", "scheme"),
        [
            pytest.param(*SCREENS[name], id=name, marks=[] if name == first else sweep)
            for name in names
        ],
    )


@on_screens("laptop-light")
def test_nothing_that_the_project_draws_keeps_anybody_out(
    app: AppServer, open_browser: OpenBrowser, scheme: str, viewport: ViewportSize
) -> None:
    tab = open_browser(viewport=viewport, color_scheme=scheme)().open(app.url)
    tab.sees_login_form()
    check(tab)
    tab.fill_login("test1", "wrong password")
    submit(tab)
    tab.sees("Wrong username or password.")
    check(tab)
    tab.fill_login("test1", "test1")
    submit(tab)
    tab.sees_page("Home")
    if viewport == PHONE:
        check(tab)
        tab.page.get_by_test_id("stExpandSidebarButton").click()
    tab.sees_user("test1")
    check(tab)
    tab.open(f"{app.url}/about").sees_page("About")
    check(tab)
    tab.open(f"{app.url}/page_27").sees(NO_ACCESS)
    check(tab)


@on_screens("phone-dark")
def test_nothing_on_the_pages_of_accounts_keeps_anybody_out(
    app: AppServer, open_browser: OpenBrowser, scheme: str, viewport: ViewportSize
) -> None:
    new = f"{scheme}-{viewport['width']}"
    tab = open_browser(viewport=viewport, color_scheme=scheme)().open(f"{app.url}/account")
    tab.fill_login("test1", "test1")
    submit(tab)
    tab.sees_page("Account")
    check(tab)
    rows = tab.page.get_by_role("table").get_by_role("row").all()
    assert all(box(row)["height"] < 3 * LINE for row in rows if row.is_visible())
    tab.open(f"{app.url}/users").sees_page("Users")
    tab.page.get_by_label("New username", exact=True).fill(new)
    tab.click("Add user")
    tab.sees(f"Added {new}.")
    password = tab.page.locator("code").inner_text()
    tab.page.get_by_label("Search", exact=True).fill(new)
    remove = tab.page.get_by_role("button", name="Remove", exact=True)
    expect_to_see(remove)
    check(tab)
    remove.click()
    expect_to_see(tab.page.get_by_role("button", name="Yes, remove", exact=True))
    check(tab)
    tab = open_browser(viewport=viewport, color_scheme=scheme)().open(app.url)
    tab.fill_login(new, password)
    submit(tab)
    expect_to_see(tab.page.get_by_role("heading", name="Choose a password", exact=True))
    check(tab)


@on_screens("laptop-dark")
def test_nothing_of_a_second_factor_keeps_anybody_out(
    app_with_factors: AppServer, open_browser: OpenBrowser, scheme: str, viewport: ViewportSize
) -> None:
    name = f"{scheme}-{viewport['width']}"
    add_user(app_with_factors, name)
    tab = open_browser(viewport=viewport, color_scheme=scheme)()
    tab.open(f"{app_with_factors.url}/account").fill_login(name, PASSWORD)
    submit(tab)
    tab.sees_page("Account")
    check(tab)
    tab.click("Set up an authenticator app")
    tab.sees("Or enter this key there:")
    check_picture(tab)
    key = tab.page.locator("code").inner_text()
    enter_code(tab, "Confirm", "000000")
    tab.sees("This code is wrong or has expired.")
    check(tab)
    enter_code(tab, "Confirm", pyotp.TOTP(key).now())
    tab.sees("I have saved them")
    check(tab)
    code = tab.page.locator("code")
    first = code.inner_text().splitlines()[0]
    assert code.evaluate("code => code.parentElement.scrollWidth <= code.parentElement.clientWidth")
    tab.click("I have saved them")
    tab.sees("10 left")
    check(tab)
    tab = open_browser(viewport=viewport, color_scheme=scheme)()
    tab.open(f"{app_with_factors.url}/account").fill_login(name, PASSWORD)
    submit(tab)
    enter_code(tab, "Continue", "000000")
    tab.sees("Wrong code.")
    check(tab)
    tab.click("Use a recovery code")
    tab.page.get_by_label("Recovery code", exact=True).fill(first)
    check(tab)
    tab.click("Continue")
    tab.sees_page("Account")
    tab.sees("You have 9 left.")
    check(tab)


@on_screens("phone-light")
def test_whoever_has_to_set_one_up_can_do_so_on_any_screen(
    app_with_factors: AppServer, open_browser: OpenBrowser, scheme: str, viewport: ViewportSize
) -> None:
    name = f"admin-{scheme}-{viewport['width']}"
    add_user(app_with_factors, name, "--role", "admin")
    tab = open_browser(viewport=viewport, color_scheme=scheme)()
    tab.open(f"{app_with_factors.url}/users").fill_login(name, PASSWORD)
    submit(tab)
    expect_to_see(tab.page.get_by_role("heading", name="Set up a second factor", exact=True))
    check_picture(tab)
    check(tab)
    key = tab.page.locator("code").inner_text()
    enter_code(tab, "Confirm", pyotp.TOTP(key).now())
    tab.click("I have saved them")
    tab.sees_page("Users")
    tab.page.get_by_role("radio", name=name, exact=True).click()
    expect_to_see(tab.page.get_by_role("button", name="Reset second factor", exact=True))
    check(tab)


def add_user(app: AppServer, name: str, *options: str) -> None:
    project = BakedProject(app.project, {})
    project.manage("add-user", name, "--password-stdin", *options, stdin=PASSWORD)


def enter_code(tab: Tab, button: str, code: str) -> None:
    tab.page.get_by_label("Code", exact=True).fill(code)
    tab.click(button)


def check_picture(tab: Tab) -> None:
    """Expect the picture of a key to be as large as a camera needs it, and nothing beyond the screen."""
    tab.settles()
    place = box(tab.page.get_by_role("img", name="The key as a QR code"))
    assert place["width"] == pytest.approx(place["height"], abs=1)
    assert place["width"] > 180
    assert tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def check(tab: Tab) -> None:
    """Expect that axe-core finds nothing serious in what is on the screen."""
    tab.settles()
    found = Axe().run(tab.page).response["violations"]
    serious = [rule for rule in found if rule["impact"] in ("serious", "critical")]
    assert [
        (rule["id"], re.sub(r"\s+", " ", node["html"])[:200], node["failureSummary"])
        for rule in serious
        for node in rule["nodes"]
    ] == []
