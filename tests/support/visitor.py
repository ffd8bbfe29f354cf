"""What a person does with a generated app in a browser, and what they see."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    BrowserType,
    ConsoleMessage,
    Cookie,
    Locator,
    Page,
    expect,
    sync_playwright,
)
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

FLAGS = [
    "--no-sandbox",
    # Tabs of one browser then share what Chromium has compiled of Streamlit's scripts.
    "--process-per-site",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
COOKIE_SUFFIX = "_session"
PATIENCE = 30_000  # milliseconds

# Notes whether the login form was there at any moment since the page was loaded, and when a
# script last began or ended, however short it was.
_NOTE_WHAT_HAPPENS = """
    new MutationObserver(() => {
        window.lastChange = performance.now();
    }).observe(document, {attributeFilter: ["data-test-script-state"], subtree: true});
    window.sawLoginForm = false;
    new MutationObserver(() => {
        if (document.querySelector('input[type="password"]')) window.sawLoginForm = true;
    }).observe(document, {childList: true, subtree: true});
"""

# Reloads in the very moment in which the page shows, once, and keeps what it said of the login.
RELOAD_AT_ONCE = """
    const look = () => {
        const sidebar = document.querySelector('[data-testid="stSidebar"]');
        if (sidebar?.innerText.includes("Signed in as")) {
            const told = document.body.innerText.includes("could not keep the login");
            sessionStorage.setItem("toldNotKept", told);
            location.reload();
        } else {
            requestAnimationFrame(look);
        }
    };
    look();
"""

# Keeps the page's websockets, and closes the last one as a phone does that shows another app.
KEEP_WEBSOCKETS = """
    const sockets = []
    window.WebSocket = class extends WebSocket {
        constructor(...args) { super(...args); sockets.push(this) }
    }
    window.loseConnection = () => sockets.at(-1).close()
"""

# What the text of a page leaves out: the state of the app, and what is in the page, but hidden.
_DESCRIBE = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    const main = document.querySelector('[data-testid="stMain"]');
    const state = `script ${app?.dataset.testScriptState}, ${app?.dataset.testConnectionState}`;
    const seen = main && `main ${getComputedStyle(main).visibility}: ${main.textContent}`;
    return `${state}, ${seen}`.slice(0, 1000);
}"""

# What a page may have stored, as the DevTools protocol names it: all except the cache.
_STORED = "cookies,local_storage,indexeddb,cache_storage,service_workers"

expect.set_options(timeout=PATIENCE)


def find_chromium(*, without_windows: bool = False) -> str | None:
    """Return the path of a Chromium on this machine: $CHROMIUM, or the first that is installed.

    Args:
        without_windows: Whether the one that opens none will do. It draws the same for four
            fifths of the processor's time, and shows no PDF files.
    """
    names = ["chromium", "chromium-browser", "google-chrome"]
    if without_windows:
        names.insert(0, "chromium-headless-shell")
    names.insert(0, os.environ.get("CHROMIUM", ""))
    return next((path for name in names if name and (path := shutil.which(name))), None)


@contextmanager
def chromium(*, without_windows: bool = False) -> Iterator[Browser]:
    """Start a Chromium of this machine for the time of a with block.

    Args:
        without_windows: As of `find_chromium`.
    """
    with sync_playwright() as playwright, _launch(playwright.chromium, without_windows) as browser:
        yield browser


@contextmanager
def _launch(kind: BrowserType, without_windows: bool) -> Iterator[Browser]:
    executable = find_chromium(without_windows=without_windows)
    if executable is None:
        raise RuntimeError(
            "The browser tests need Chromium: install it (on Debian and Ubuntu: "
            "apt-get install chromium), or set CHROMIUM to its path."
        )
    browser = kind.launch(executable_path=executable, args=FLAGS)
    try:
        yield browser
    finally:
        browser.close()


class Browsers:
    """The browsers of people, each as if it had never been anywhere.

    One that is not needed any more is emptied for the next person, but not closed: it still has
    Streamlit's scripts, and to read these anew takes longer than most tests.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._idle: dict[str, list[BrowserContext]] = {}
        self._tabs: list[Tab] = []
        self._noted = ""

    @contextmanager
    def one(self, **options: Any) -> Iterator[Callable[[], "Tab"]]:
        """Give a browser for the time of a with block, as a function that opens its tabs.

        Args:
            options: How the browser is, as Playwright's `new_context` takes it.
        """
        idle = self._idle.setdefault(repr(sorted(options.items())), [])
        context = idle.pop() if idle else self._new_context(options)

        def open_tab() -> Tab:
            tab = Tab(context.new_page())
            self._tabs.append(tab)
            return tab

        yield open_tab
        self._noted = ""
        self._tabs = [tab for tab in self._tabs if tab.page.context != context]
        _empty(context)
        idle.append(context)

    @contextmanager
    def with_windows(self) -> Iterator["Browsers"]:
        """Give others that show PDF files too, for the time of a with block."""
        with _launch(self._browser.browser_type, without_windows=False) as browser:
            yield Browsers(browser)

    def describe_tabs(self) -> str:
        """Return what the open tabs show, or showed when it was noted, for the report of a failure."""
        return self._noted or "\n\n".join(
            tab.describe() for tab in self._tabs if not tab.page.is_closed()
        )

    def note_tabs(self) -> None:
        """Note what the open tabs show now: when its app has stopped, a tab looks different."""
        self._noted = self.describe_tabs()

    def _new_context(self, options: dict[str, Any]) -> BrowserContext:
        context = self._browser.new_context(**options)
        # Chromium keeps what it has compiled for as long as there is a tab of the same site.
        anchor = context.new_page()
        anchor.route("**/*", lambda route: route.fulfill(body=""))
        anchor.goto("http://localhost/")
        return context


def _empty(context: BrowserContext) -> None:
    """Close all tabs but the first, and forget what the apps have stored."""
    anchor, *pages = context.pages
    devtools = context.new_cdp_session(anchor)
    for page in pages:
        address = urlsplit(page.url)
        page.close()
        if address.netloc:
            origin = f"{address.scheme}://{address.netloc}"
            stored = {"origin": origin, "storageTypes": _STORED}
            devtools.send("Storage.clearDataForOrigin", stored)
    devtools.detach()
    context.clear_cookies()


class Tab:
    """A tab of a browser, used by what it shows."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.page.add_init_script(_NOTE_WHAT_HAPPENS)
        self.received: list[bytes] = []
        self.errors: list[str] = []
        self.page.on("console", self._note_error)
        self.page.on(
            "websocket",
            lambda socket: socket.on(
                "framereceived", lambda data: self.received.append(as_bytes(data))
            ),
        )

    def describe(self) -> str:
        """Return what there is to know of this tab when a test has failed."""
        kinds = [str(message.WhichOneof("type")) for message in self.messages]
        cookies = ", ".join(cookie["name"] for cookie in self.page.context.cookies())
        text = self.page.locator("body").inner_text(timeout=1000)
        return "\n".join(
            [
                f"{self.page.url}, {self.script_runs} script runs, cookies: {cookies}",
                self.page.evaluate(_DESCRIBE),
                f"last received: {' '.join(kinds[-20:])}",
                *self.errors,
                " | ".join(text.split("\n\n"))[:1000],
            ]
        )

    def _note_error(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text[:200])

    def open(self, url: str) -> "Tab":
        self.page.goto(url)
        return self

    def reload(self) -> None:
        self.page.reload()

    def fill_login(self, username: str, password: str) -> None:
        # Without its button, the form would take no Enter.
        self.sees_login_form()
        self.page.get_by_label("Username", exact=True).fill(username)
        self.page.get_by_label("Password", exact=True).fill(password)

    def log_in(self, username: str, password: str | None = None) -> None:
        """Log in and wait until the browser has the cookie, in place of any that it had."""
        old = self.token
        self.fill_login(username, password or username)
        self._submit.click()
        self.sees_user(username)
        self.waits_until(lambda: self.token not in (None, old))
        self.settles()

    def log_in_and_reload_at_once(self, username: str) -> None:
        """Log in, and reload in the very moment in which the page shows."""
        self.sees_login_form()
        self.settles()
        self.fill_login(username, username)
        self.page.evaluate(RELOAD_AT_ONCE)
        with self.page.expect_navigation():
            self._submit.click()

    @property
    def _submit(self) -> Locator:
        """The form's button: the sidebar of a public page has one of the same name."""
        return self.page.get_by_test_id("stMain").get_by_role("button", name="Log in", exact=True)

    @property
    def was_told_not_kept(self) -> bool:
        """Whether the page said, before it was reloaded at once, that the login would not last."""
        return bool(self.page.evaluate("sessionStorage.getItem('toldNotKept') === 'true'"))

    def log_out(self) -> None:
        """Log out and wait until the browser's cookie is gone."""
        self.click("Log out")
        self.sees_login_form()
        self.waits_until(lambda: self.cookie is None)
        self.settles()

    def click(self, label: str) -> None:
        """Click on the button of that label."""
        self.page.get_by_role("button", name=label, exact=True).click()

    def follow(self, title: str) -> None:
        self.page.get_by_test_id("stSidebar").get_by_role("link", name=title, exact=True).click()

    def connects_again(self) -> None:
        """Lose the connection, and wait for the run of the next one. KEEP_WEBSOCKETS has to be there."""
        self.received.clear()
        self.page.evaluate("window.loseConnection()")
        self.waits_until(lambda: self.script_runs > 0)
        self.settles()

    def settles(self) -> None:
        """Wait until no script runs and no component has anything left to do."""
        self.page.evaluate("window.lastChange = performance.now()")
        self.page.wait_for_function(
            """() => {
                const app = document.querySelector('[data-testid="stApp"]');
                const idle = app?.dataset.testScriptState === 'notRunning';
                return idle && performance.now() - window.lastChange > 400;
            }""",
            polling=100,  # milliseconds; with each frame it would keep the processor from the app
            timeout=PATIENCE,
        )

    def waits_until(self, condition: Callable[[], bool]) -> None:
        """Wait for something that the page does not show."""
        deadline = time.monotonic() + PATIENCE / 1000
        while not condition():
            assert time.monotonic() < deadline, "what was waited for did not happen"
            self.page.wait_for_timeout(50)

    @property
    def cookie(self) -> Cookie | None:
        """The login cookie of this browser, if it has one."""
        cookies = self.page.context.cookies(self.page.url)
        return next((cookie for cookie in cookies if cookie["name"].endswith(COOKIE_SUFFIX)), None)

    @property
    def cookie_header(self) -> str:
        """The Cookie header that this browser would send, as far as the login is concerned."""
        assert self.cookie is not None
        return f"{self.cookie['name']}={self.cookie['value']}"

    @property
    def token(self) -> str | None:
        """What the login cookie holds."""
        return self.cookie["value"] if self.cookie else None

    def sees_user(self, username: str) -> None:
        expect_to_see(self.page.get_by_text(f"Signed in as {username}", exact=True))

    def sees_page(self, title: str) -> None:
        expect_to_see(self.page.get_by_role("heading", level=1, name=title, exact=True))

    def sees_login_form(self) -> None:
        expect_to_see(self._submit)
        expect(self.page.get_by_text("Signed in as")).to_have_count(0)

    def sees(self, text: str) -> None:
        expect_to_see(self.page.get_by_text(text))

    @property
    def saw_login_form(self) -> bool:
        """Whether the login form showed, however shortly, since the page was loaded."""
        return bool(self.page.evaluate("window.sawLoginForm"))

    @property
    def script_runs(self) -> int:
        """How many script runs this tab has had since `received` was last emptied."""
        return sum(message.WhichOneof("type") == "new_session" for message in self.messages)

    @property
    def messages(self) -> list[ForwardMsg]:
        """What Streamlit's server has sent since `received` was last emptied."""
        return [ForwardMsg.FromString(data) for data in self.received]

    @property
    def fragment_id(self) -> str:
        """The id of the fragment that the page has now."""
        ids = [message.delta.fragment_id for message in self.messages]
        return next(fragment_id for fragment_id in reversed(ids) if fragment_id)

    @property
    def path(self) -> str:
        return "/" + self.page.url.split("/", 3)[3]


def expect_to_see(what: Locator) -> None:
    """Wait for something to be visible, be it once or, between two script runs, in both."""
    expect(what.locator("visible=true").first).to_be_visible()


def session_id_of(tab: Tab) -> str:
    """Return Streamlit's id of the session that a tab has now."""
    return [
        message.new_session.initialize.session_id
        for message in tab.messages
        if message.WhichOneof("type") == "new_session"
    ][-1]


def widget_state(tab: Tab, label: str) -> WidgetState:
    """Return what a browser sends when the button with a label is clicked."""
    (button_id,) = {
        message.delta.new_element.button.id
        for message in tab.messages
        if message.delta.new_element.button.label == label
    }
    return WidgetState(id=button_id, trigger_value=True)


def as_bytes(data: str | bytes) -> bytes:
    return data.encode() if isinstance(data, str) else data
