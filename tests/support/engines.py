"""Firefox and WebKit as a person uses them, over the protocols that they serve themselves.

Firefox speaks WebDriver BiDi, WebKit the older WebDriver. Both are told the same few things:
go to an address, run a script, press keys, click, list the cookies.
"""

import functools
import itertools
import json
import os
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from websockets.sync.client import ClientConnection, connect

from tests.support.servers import free_port, wait_for_port
from tests.support.visitor import COOKIE_SUFFIX, RELOAD_AT_ONCE

Theme = Literal["light", "dark"]
# A browser is a function that opens its tabs, as in tests/conftest.py, and an engine is a function
# that gives a browser which has never been anywhere, for the time of a with block.
Browser = Callable[[], "Tab"]
Engine = Callable[[], AbstractContextManager[Browser]]

ENTER: Final = "\ue007"
TAB: Final = "\ue004"
PATIENCE: Final = 60  # seconds

_IS_IDLE = "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"

# Where to click, if nothing is in front of it. Notes whether a click gets there.
_PLACE_OF = r"""(selector, text) => {
    const shows = (one) => one.innerText.trim().split("\n").pop() === text && one.checkVisibility();
    const one = [...document.querySelectorAll(selector)].find(shows);
    if (!one) return null;
    one.scrollIntoView({block: "center", behavior: "instant"});
    const box = one.getBoundingClientRect();
    const place = [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)];
    window.wasHit = false;
    one.addEventListener("click", () => { window.wasHit = true; }, {once: true});
    return one.contains(document.elementFromPoint(...place)) ? place : null;
}"""


class BrowserError(Exception):
    """A browser could not do it, for example because its page was just going away."""


@dataclass(frozen=True)
class Cookie:
    """A cookie of a browser."""

    name: str
    value: str
    http_only: bool


class Tab(ABC):
    """A tab of a browser, used by what it shows."""

    @abstractmethod
    def go_to(self, url: str) -> None:
        """Go to an address, without waiting for what it shows."""

    @abstractmethod
    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression of JavaScript, as JSON knows it."""

    @abstractmethod
    def act(self, kind: str, steps: list[dict[str, Any]]) -> None:
        """Let the keyboard ("key") or the mouse ("pointer") take a few steps."""

    @abstractmethod
    def cookies(self) -> list[Cookie]:
        """Return the cookies that the browser sends to this page."""

    def open(self, url: str) -> "Tab":
        self.go_to(url)
        self.waits_until(lambda: self.evaluate("location.href").startswith(url))
        return self

    def reload(self) -> None:
        """Reload, and wait until the old page is gone."""
        self.evaluate("(window.isOld = true, setTimeout(() => location.reload()), 0)")
        self.waits_until(lambda: not self.evaluate("!!window.isOld"))

    def press(self, keys: str) -> None:
        """Press keys one after the other; those that have no character are ENTER and TAB."""
        steps = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self.act("key", steps)

    def click(self, selector: str, text: str) -> None:
        """Click on what a selector finds, with a certain text on it, after any icon.

        While a page is still being drawn, things move: who has missed one clicks again.
        """
        what = f"{json.dumps(selector)}, {json.dumps(text)}"

        def hits() -> bool:
            place = self.evaluate(f"{_IS_IDLE} ? ({_PLACE_OF})({what}) : null")
            if place is None or place != self.evaluate(f"({_PLACE_OF})({what})"):
                return False
            steps: list[dict[str, Any]] = [{"type": "pointerMove", "x": place[0], "y": place[1]}]
            steps += [{"type": kind, "button": 0} for kind in ("pointerDown", "pointerUp")]
            self.act("pointer", steps)
            return bool(self.evaluate("window.wasHit !== false"))

        self.waits_until(hits)

    def follow(self, title: str) -> None:
        self.click("[data-testid=stSidebar] a", title)

    def fill_login(self, username: str, password: str) -> None:
        """Type into the form, whose first field has the cursor by itself."""
        self.sees_login_form()
        self.waits_until(lambda: self.evaluate(_IS_IDLE) and self.focused == "Username")
        self.press(username + TAB)
        self.waits_until(lambda: self.focused == "Password")
        self.press(password)

    def log_in(self, username: str) -> None:
        """Log in as a demo user by Enter, and wait until the browser has the cookie."""
        self.fill_login(username, username)
        self.press(ENTER)
        self.sees_user(username)
        self.waits_until(lambda: self.cookie is not None)

    def log_in_and_reload_at_once(self, username: str) -> None:
        """Log in by Enter, and reload in the very moment in which the page shows."""
        self.fill_login(username, username)
        self.evaluate(f"(() => {{ window.isOld = true; {RELOAD_AT_ONCE} }})()")
        self.press(ENTER)
        self.waits_until(lambda: not self.evaluate("!!window.isOld"))

    @property
    def was_told_not_kept(self) -> bool:
        """Whether the page said, before it was reloaded at once, that the login would not last."""
        return bool(self.evaluate("sessionStorage.getItem('toldNotKept') === 'true'"))

    @property
    def text(self) -> str:
        """What the page shows."""
        return str(self.evaluate("document.body?.innerText ?? ''"))

    @property
    def focused(self) -> str | None:
        """The label of the field that has the cursor."""
        label = self.evaluate("document.activeElement?.getAttribute('aria-label') ?? null")
        return None if label is None else str(label)

    @property
    def background(self) -> str:
        """The colour behind everything, as CSS writes it."""
        app = "document.querySelector('[data-testid=stApp]')"
        return str(self.evaluate(f"{app} && getComputedStyle({app}).backgroundColor"))

    @property
    def cookie(self) -> Cookie | None:
        """The login cookie of this browser, if it has one."""
        return next((one for one in self.cookies() if one.name.endswith(COOKIE_SUFFIX)), None)

    def sees(self, text: str) -> None:
        self.waits_until(lambda: text in self.text)

    def sees_user(self, username: str) -> None:
        self.sees(f"Signed in as {username}")

    def sees_user_and_never_the_form(self, username: str) -> None:
        """Look as often as one can until the user is there, and expect no login form on the way."""

        def sees_user() -> bool:
            text = self.text
            assert "Log in" not in text, text
            return f"Signed in as {username}" in text

        self.waits_until(sees_user)

    def sees_page(self, title: str) -> None:
        heading = "document.querySelector('[data-testid=stMain] h1')?.innerText.trim()"
        self.waits_until(lambda: self.evaluate(f"{heading} === {json.dumps(title)}"))

    def sees_login_form(self) -> None:
        self.waits_until(lambda: "Log in" in (text := self.text) and "Signed in" not in text)

    def waits_until(self, condition: Callable[[], bool]) -> None:
        """Wait for a condition, over pages that come and go."""
        deadline = time.monotonic() + PATIENCE
        while not self._holds(condition):
            assert time.monotonic() < deadline, f"what was waited for did not happen:\n{self.text}"
            time.sleep(0.02)

    @staticmethod
    def _holds(condition: Callable[[], bool]) -> bool:
        try:
            return condition()
        except BrowserError:
            return False


class _BiDi:
    """The connection to a Firefox: each command waits for its response."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._ids = itertools.count(1)

    def __call__(self, method: str, **parameters: Any) -> Any:
        command = {"id": next(self._ids), "method": method, "params": parameters}
        self._socket.send(json.dumps(command))
        while (response := json.loads(self._socket.recv(PATIENCE))).get("id") != command["id"]:
            pass
        if response["type"] == "error":
            raise BrowserError(f"{method}: {response['message']}")
        return response["result"]


class _FirefoxTab(Tab):
    def __init__(self, bidi: _BiDi, user_context: str) -> None:
        self._bidi = bidi
        tab = bidi("browsingContext.create", type="tab", userContext=user_context)
        self._context: str = tab["context"]

    def go_to(self, url: str) -> None:
        self._bidi("browsingContext.navigate", context=self._context, url=url, wait="none")

    def evaluate(self, expression: str) -> Any:
        evaluated = self._bidi(
            "script.evaluate",
            expression=f"JSON.stringify({expression})",
            target={"context": self._context},
            awaitPromise=False,
        )
        if evaluated["type"] == "exception":
            raise BrowserError(evaluated["exceptionDetails"]["text"])
        return json.loads(evaluated["result"].get("value", "null"))

    def act(self, kind: str, steps: list[dict[str, Any]]) -> None:
        # Firefox draws, and has a cursor, in the tab in front only.
        self._bidi("browsingContext.activate", context=self._context)
        actions = [{"type": kind, "id": kind, "actions": steps}]
        self._bidi("input.performActions", context=self._context, actions=actions)

    def cookies(self) -> list[Cookie]:
        partition = {"type": "context", "context": self._context}
        found = self._bidi("storage.getCookies", partition=partition)["cookies"]
        return [Cookie(one["name"], one["value"]["value"], one["httpOnly"]) for one in found]


@contextmanager
def firefox(theme: Theme) -> Iterator[Engine]:
    """Start Firefox for the time of a with block. Its browsers share nothing but the program."""
    program = _find("Firefox", "firefox-esr", os.environ.get("FIREFOX"), "firefox-esr", "firefox")
    with tempfile.TemporaryDirectory(prefix="firefox-", ignore_cleanup_errors=True) as profile:
        scheme = {"dark": 0, "light": 1}[theme]
        setting = f'user_pref("layout.css.prefers-color-scheme.content-override", {scheme});\n'
        Path(profile, "user.js").write_text(setting, encoding="utf-8")
        command = [program, "--headless", "--profile", profile, "--remote-debugging-port", "0"]
        with _running(command), connect(_address_of(Path(profile)), max_size=None) as socket:
            bidi = _BiDi(socket)
            bidi("session.new", capabilities={})

            @contextmanager
            def open_browser() -> Iterator[Browser]:
                user_context = bidi("browser.createUserContext")["userContext"]
                yield lambda: _FirefoxTab(bidi, user_context)
                bidi("browser.removeUserContext", userContext=user_context)

            yield open_browser


def _address_of(profile: Path) -> str:
    """Wait until a Firefox has written where it listens, and return that."""
    file = profile / "WebDriverBiDiServer.json"
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            server = json.loads(file.read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            assert time.monotonic() < deadline, "Firefox did not start."
            time.sleep(0.05)
        else:
            return f"ws://{server['ws_host']}:{server['ws_port']}/session"


class _WebDriver:
    """The connection to a WebKit: each command is a request."""

    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}/session"

    def __call__(self, method: str, path: str = "", **parameters: Any) -> Any:
        request = urllib.request.Request(
            self._url + path,
            method=method,
            data=json.dumps(parameters).encode() if method == "POST" else None,
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as response:
                return json.loads(response.read())["value"]
        except urllib.error.HTTPError as error:
            raise BrowserError(f"{path}: {error.read().decode()}") from None

    def start_session(self, browser: str) -> None:
        options = {"binary": browser, "args": ["--automation"]}
        wanted = {"webkitgtk:browserOptions": options, "pageLoadStrategy": "none"}
        session = self("POST", capabilities={"alwaysMatch": wanted})
        self._url += f"/{session['sessionId']}"


class _WebKitTab(Tab):
    def __init__(self, driver: _WebDriver, handle: str) -> None:
        self._driver = driver
        self._handle = handle

    def go_to(self, url: str) -> None:
        self._command("POST", "/url", url=url)

    def evaluate(self, expression: str) -> Any:
        script = f"return JSON.stringify({expression})"
        return json.loads(self._command("POST", "/execute/sync", script=script, args=[]) or "null")

    def act(self, kind: str, steps: list[dict[str, Any]]) -> None:
        self._command("POST", "/actions", actions=[{"type": kind, "id": kind, "actions": steps}])

    def cookies(self) -> list[Cookie]:
        found = self._command("GET", "/cookie")
        return [Cookie(one["name"], one["value"], one["httpOnly"]) for one in found]

    def _command(self, method: str, path: str, **parameters: Any) -> Any:
        self._driver("POST", "/window", handle=self._handle)
        return self._driver(method, path, **parameters)


@contextmanager
def webkit(theme: Theme) -> Iterator[Engine]:
    """Start a screen for WebKit for the time of a with block. Each browser is a program of its own."""
    program = _find("WebKit", "webkit2gtk-driver", "WebKitWebDriver")
    look = "Adwaita:dark" if theme == "dark" else "Adwaita"
    with _screen() as screen:

        @contextmanager
        def open_browser() -> Iterator[Browser]:
            port = free_port()
            with _running([program, f"--port={port}"], {"DISPLAY": screen, "GTK_THEME": look}):
                wait_for_port(port)
                driver = _WebDriver(port)
                driver.start_session(_find_minibrowser())
                yield functools.partial(_open_webkit_tab, driver, [driver("GET", "/window")])
                driver("DELETE")

        yield open_browser


def _open_webkit_tab(driver: _WebDriver, unused: list[str]) -> Tab:
    if unused:
        return _WebKitTab(driver, unused.pop())
    # As a window of its own: WebKit waits for ever for a click in a tab behind another.
    return _WebKitTab(driver, driver("POST", "/window/new", type="window")["handle"])


@contextmanager
def _screen() -> Iterator[str]:
    """Start a screen that nobody sees, and name it."""
    program = _find("WebKit", "xvfb", "Xvfb")
    reading, writing = os.pipe()
    command = [program, "-displayfd", str(writing), "-screen", "0", "1280x1024x24"]
    with _running([*command, "-nolisten", "tcp"], pass_fds=[writing]), os.fdopen(reading) as number:
        os.close(writing)
        yield f":{number.readline().strip()}"


@contextmanager
def _running(
    command: list[str],
    environment: Mapping[str, str] | None = None,
    pass_fds: list[int] | None = None,
) -> Iterator[None]:
    """Run a program for the time of a with block."""
    process = subprocess.Popen(
        command,
        env={**os.environ, **(environment or {})},
        pass_fds=pass_fds or [],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


def _find(engine: str, package: str, *names: str | None) -> str:
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    return found or _missing(engine, package)


def _find_minibrowser() -> str:
    """Return the smallest browser of WebKit, which is on nobody's PATH."""
    found = sorted(Path("/usr").glob("lib/*/webkit2gtk-4.*/MiniBrowser"))
    return str(found[0]) if found else _missing("WebKit", "webkit2gtk-driver")


def _missing(engine: str, package: str) -> str:
    raise RuntimeError(
        f"The tests in {engine} need the package {package} of Debian and Ubuntu: "
        f"run `sh scripts/install_test_tools.sh all`, or apt-get install {package}."
    )


ENGINES: Final = {"firefox": firefox, "webkit": webkit}
