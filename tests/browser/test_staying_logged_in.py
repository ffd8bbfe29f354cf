"""What a person who logs in to a generated app lives through, in a real browser."""

import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.conftest import Bake, OpenBrowser
from tests.support.baking import BakedProject
from tests.support.servers import AppServer, running
from tests.support.sweep import first_of, sweep
from tests.support.visitor import KEEP_WEBSOCKETS, Tab

HOUR = 3600

# Notes every place where a heading of the main area was, for as long as the page is open.
NOTE_HEADINGS = """() => {
    window.headings = [];
    const note = () => {
        const app = document.querySelector('[data-testid="stApp"]');
        const heading = document.querySelector('[data-testid="stMain"] h1');
        // While a script runs, what it has not drawn yet may still stand above.
        if (heading && app.dataset.testScriptState === "notRunning") {
            window.headings.push([heading.innerText, heading.getBoundingClientRect().y]);
        }
        requestAnimationFrame(note);
    };
    note();
}"""


def test_a_reload_and_a_new_tab_stay_logged_in_on_their_page_and_another_browser_does_not(
    server: AppServer, open_browser: OpenBrowser
) -> None:
    new_tab = open_browser()
    tab = new_tab().open(f"{server.url}/about")
    tab.log_in("test1")
    tab.received.clear()
    tab.reload()
    tab.sees_user("test1")
    tab.sees_page("About")
    tab.settles()
    assert tab.path == "/about"
    assert not tab.saw_login_form
    assert tab.script_runs == 1

    second = new_tab().open(f"{server.url}/about")
    second.sees_user("test1")
    second.sees_page("About")
    assert not second.saw_login_form

    other = open_browser()().open(server.url)
    other.sees_login_form()
    other.log_in("test2")
    other.log_out()
    tab.reload()
    tab.sees_user("test1")


def test_a_tab_goes_on_when_its_connection_comes_back(
    project: BakedProject, tab: Tab, environment: dict[str, str]
) -> None:
    with project.server(environment) as server:
        tab.open(f"{server.url}/about").log_in("test1")
        server.stop()
        expect(tab.page.get_by_test_id("stConnectionStatus")).to_be_visible()
        server.start()
        expect(tab.page.get_by_test_id("stConnectionStatus")).to_be_hidden()
        tab.follow("Home")
        if project.answers["store_backend"] == "memory":
            tab.sees_login_form()
        else:
            tab.sees_page("Home")
            tab.sees_user("test1")


def test_the_form_takes_the_first_login_after_its_connection_came_back(
    server: AppServer, open_browser: OpenBrowser
) -> None:
    tab = open_browser()()
    tab.page.add_init_script(KEEP_WEBSOCKETS)
    tab.open(f"{server.url}/about").sees_login_form()
    tab.settles()
    tab.connects_again()
    tab.log_in("test1")
    tab.sees_page("About")


@sweep
def test_a_login_ends_after_its_hours_at_the_next_click(
    project: BakedProject, tab: Tab, environment: dict[str, str]
) -> None:
    with project.server({**environment, "SESSION_HOURS": str(12 / HOUR)}) as server:
        tab.open(server.url).log_in("test1")
        tab.waits_until(lambda: tab.cookie is None)
        tab.follow("About")
        tab.sees_login_form()
        tab.sees("Your login has ended")
        assert 'event="session expired" user=test1' in server.log


@pytest.mark.parametrize("timezone", first_of(["Asia/Tokyo", "UTC", "America/Los_Angeles"]))
def test_the_cookie_lives_as_long_as_the_session_in_every_time_zone(
    server: AppServer, open_browser: OpenBrowser, timezone: str
) -> None:
    tab = open_browser(timezone_id=timezone)().open(server.url)
    tab.log_in("test1")
    assert tab.cookie is not None
    assert tab.cookie["expires"] - time.time() == pytest.approx(24 * HOUR, abs=60)


def test_a_logout_ends_the_login_in_every_tab_at_the_next_click(
    server: AppServer, open_browser: OpenBrowser
) -> None:
    new_tab = open_browser()
    first = new_tab().open(server.url)
    first.log_in("test1")
    second = new_tab().open(server.url)
    second.sees_user("test1")
    first.log_out()
    second.follow("About")
    second.sees_login_form()
    first.reload()
    first.sees_login_form()


def test_the_first_visitor_of_a_fresh_server_gets_nothing_of_a_page(
    project: BakedProject, tmp_path: Path, tab: Tab, environment: dict[str, str]
) -> None:
    copy = project.copy(tmp_path)
    about = copy.read("views/about.py")
    copy.write("views/about.py", about + 'st.write("the figures of the quarter")\n')
    with copy.server(environment) as server:
        tab.open(f"{server.url}/about").sees_login_form()
        tab.settles()
        assert tab.received
        assert not any(b"figures of the quarter" in data for data in tab.received)
        tab.log_in("test1")
        assert any(b"figures of the quarter" in data for data in tab.received)


def test_a_failed_login_says_the_same_whoever_it_was(server: AppServer, tab: Tab) -> None:
    tab.open(server.url)
    for username in ("test1", "nobody"):
        tab.fill_login(username, "wrong password")
        tab.page.keyboard.press("Enter")
        tab.sees("Wrong username or password.")
        expect(tab.page.get_by_label("Username", exact=True)).to_have_value(username)
        expect(tab.page.get_by_label("Password", exact=True)).to_have_value("")
    tab.fill_login("test2", "test2")
    tab.page.keyboard.press("Enter")
    tab.sees_user("test2")


def test_a_password_manager_can_fill_the_form(server: AppServer, tab: Tab) -> None:
    tab.open(server.url).sees_login_form()
    username = tab.page.get_by_label("Username", exact=True)
    password = tab.page.get_by_label("Password", exact=True)
    expect(username).to_have_attribute("autocomplete", "username")
    expect(password).to_have_attribute("autocomplete", "current-password")
    expect(password).to_have_attribute("type", "password")


def test_nothing_moves_when_the_cookie_is_written(server: AppServer, tab: Tab) -> None:
    tab.open(server.url).sees_login_form()
    tab.settles()
    tab.page.evaluate(NOTE_HEADINGS)
    tab.log_in("test1")
    tab.log_out()
    places = {(title, y) for title, y in tab.page.evaluate("window.headings") if title}
    assert len(places) == len({title for title, _ in places}) == 2


def test_two_apps_on_one_host_do_not_touch_each_others_login(
    server: AppServer,
    project: BakedProject,
    bake: Bake,
    open_browser: OpenBrowser,
    environment: dict[str, str],
) -> None:
    new_tab = open_browser()
    first = new_tab().open(server.url)
    first.log_in("test1")
    another = bake(project_name="Another App", **project.answers)
    with another.server(environment) as other:
        second = new_tab().open(other.url)
        second.sees_login_form()
        second.fill_login("test2", "test2")
        second.page.keyboard.press("Enter")
        second.sees_user("test2")
        second.settles()
        first.reload()
        first.sees_user("test1")
        second.click("Log out")
        second.sees_login_form()
        first.reload()
        first.sees_user("test1")


@sweep
def test_the_log_tells_what_happened_and_no_secret(
    project: BakedProject, tab: Tab, environment: dict[str, str]
) -> None:
    with project.server({**environment, "THROTTLE_FAILURES": "1"}) as server:
        tab.open(server.url).fill_login("test2", "my hidden word")
        tab.page.keyboard.press("Enter")
        tab.sees("Wrong username or password.")
        tab.fill_login("test2", "test2")
        tab.page.keyboard.press("Enter")
        tab.sees("Too many failed logins.")
        tab.log_in("test1")
        assert tab.cookie is not None
        token = tab.cookie["value"]
        tab.log_out()
        for event in ['"login failed" user=test2', "throttled", "login user=test1", "logout user="]:
            assert f"event={event}" in server.log
        assert "my hidden word" not in server.log
        assert token not in server.log


@sweep
def test_a_view_can_be_edited_while_people_are_logged_in(
    project: BakedProject, tmp_path: Path, tab: Tab, environment: dict[str, str]
) -> None:
    copy = project.copy(tmp_path)
    with copy.server({**environment, "STREAMLIT_SERVER_RUN_ON_SAVE": "true"}) as server:
        tab.open(server.url).log_in("test1")
        copy.write("views/home.py", 'import streamlit as st\n\nst.title("Edited")\n')
        tab.sees_page("Edited")
        tab.reload()
        tab.sees_page("Edited")
        tab.sees_user("test1")


@sweep
def test_titles_show_as_they_were_answered(bake: Bake, tab: Tab) -> None:
    titles = ['Sales & "Margin"', "Über uns", "日本語", "Q&A", "O'Brien", "C:\\new", "{{ 7*7 }}"]
    titles += [
        "*Bold* _b_ ~s~ $a$ $b$",
        "A :smile: :red[x]",
        "<b>hi</b> &amp; `code`",
        "__init__ #",
    ]
    titles += ["Calendar", "Email", "Profile", "Statistics", "Class", "2024", "Static", "Media"]
    answer = ", ".join(["{% raw %}" + title + "{% endraw %}" for title in titles])
    name = "O'Brien's \"App\" \\o/ 🎈 *x*"
    project = bake(pages=answer, project_name=name, project_slug="awkward")
    with project.server() as server:
        tab.open(server.url)
        tab.sees_page(name)
        tab.log_in("test1")
        for title in titles:
            tab.follow(title)
            tab.sees_page(title)
        tab.reload()
        tab.sees_page(titles[-1])
        assert tab.page.title() == f"{titles[-1]} · {name}"
        assert "Traceback" not in server.log


def test_the_script_alone_keeps_logins_with_the_component(bake: Bake, tab: Tab) -> None:
    class ScriptServer(AppServer):
        def command(self) -> list[str]:
            return [part.replace("app.py", "main.py") for part in super().command()]

    with running(ScriptServer(bake().path)) as server:
        tab.open(f"{server.url}/about").log_in("test1")
        tab.reload()
        tab.sees_user("test1")
        tab.sees_page("About")
        tab.log_out()
