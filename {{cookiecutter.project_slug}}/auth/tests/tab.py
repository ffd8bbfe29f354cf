"""A tab of a browser, without the browser."""

import json
import secrets
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.scriptrunner import RerunData
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.testing.v1 import AppTest, local_script_runner
from streamlit.testing.v1.element_tree import Button, TextInput

from auth.settings import PROJECT, load_settings
from auth.tests import labels
from auth.visitor import connections, internals

SCRIPT: Final = PROJECT / "main.py"
SAMPLE: Final = PROJECT / "auth" / "tests" / "sample.py"
BROWSER: Final = "b" * 43  # the cookie by which an app may tell browsers apart


class Headers(dict[str, str]):
    """The headers of a handshake, as st.context has them: with the browser's cookies."""

    cookies: dict[str, str]

    def get_all(self, name: str) -> list[str]:
        """Return the values of a header."""
        if name == "Cookie" and name not in self:
            return ["; ".join(f"{each}={value}" for each, value in self.cookies.items())]
        return [self[name]] if name in self else []


def new_handshake() -> Headers:
    """Return what is new with every connection."""
    return Headers({"Sec-Websocket-Key": secrets.token_urlsafe(16)})


@dataclass
class Connection:
    """What a browser sends when it opens a connection: the parts of st.context that the app reads.

    AppTest has none of it.
    """

    cookies: dict[str, str] = field(default_factory=dict)
    headers: Headers = field(default_factory=new_handshake)
    ip_address: str = "192.0.2.1"
    url: str = "http://localhost:8501"
    timezone: str | None = None
    timezone_offset: int | None = None

    def __post_init__(self) -> None:
        self.headers.cookies = self.cookies


class Tab:
    """An app as one tab shows it.

    Args:
        token: The token in the browser's login cookie.
        script: The main script: the project's own, or the one with pages for the tests.
    """

    def __init__(self, token: str | None = None, script: Path = SAMPLE) -> None:
        self.app = AppTest.from_file(script, default_timeout=30)
        self.sent: list[ForwardMsg] = []
        # AppTest has one id for the Streamlit sessions of all tabs.
        self.session_id = secrets.token_hex(8)
        self.connect(token)

    def connect(self, token: str | None = None) -> None:
        """Open a new connection. Streamlit keeps the state of the tab, as after a lost network."""
        name = load_settings().cookie_name
        cookies = {f"{name}_device": BROWSER} | ({name: token} if token else {})
        self.connection = Connection(cookies)

    def run(self) -> "Tab":
        """Run the script once, as at the first load and at every click."""
        self.sent = []
        send = ScriptRunContext.enqueue

        def send_and_keep(context: ScriptRunContext, message: ForwardMsg) -> None:
            self.sent.append(message)
            send(context, message)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(st, "context", self.connection)
            patch.setattr(internals, "session_id", lambda: self.session_id)
            patch.setattr(ScriptRunContext, "enqueue", send_and_keep)
            self.app.run()
        assert not self.app.exception
        return self

    def run_fragments(self) -> "Tab":
        """Run the fragments alone, as at a click in each of them: the script is left out."""
        fragments = list(self.app._fragment_storage._fragments)
        with pytest.MonkeyPatch.context() as patch:
            rerun_data = partial(RerunData, fragment_id_queue=fragments)
            patch.setattr(local_script_runner, "RerunData", rerun_data)
            return self.run()

    def reply(self, value: object) -> "Tab":
        """Have the last component that runs in the browser send a value, and run the script."""
        *_, component = self._components
        return self.send(WidgetState(id=component.proto.id, json_value=json.dumps(value)))

    def send(self, state: WidgetState) -> "Tab":
        """Run the script with a widget in a state that no browser may give it."""
        others = [
            other for other in self.app._tree.get_widget_states().widgets if other.id != state.id
        ]
        with pytest.MonkeyPatch.context() as patch:
            states = WidgetStates(widgets=[state, *others])
            patch.setattr(self.app._tree, "get_widget_states", lambda: states)
            return self.run()

    def open_page(self, url_path: str) -> "Tab":
        """Go to the page of an address, in an app that was opened before."""
        pages = self.app._registered_pages.items()
        self.app._page_hash = next(
            page_hash for page_hash, page in pages if page.get("url_pathname") == url_path
        )
        return self.run()

    def log_in(self, username: str, password: str) -> "Tab":
        """Fill in the login form and submit it."""
        self.field(labels.USERNAME).input(username)
        self.field(labels.PASSWORD).input(password)
        return self.click(labels.LOG_IN)

    def click(self, label: str) -> "Tab":
        """Click a button."""
        self.button(label).click()
        return self.run()

    def field(self, label: str) -> TextInput:
        """Return the text field of that label."""
        return next(field for field in self.app.text_input if field.label == label)

    def button(self, label: str) -> Button:
        """Return the button of that label."""
        return next(button for button in self.app.button if button.label == label)

    @property
    def login(self) -> str | None:
        """The hash of the token of the login that the gate has admitted this connection with."""
        return connections.find(self.connection.headers["Sec-Websocket-Key"]).login

    @property
    def user(self) -> str | None:
        """Who is logged in, as the sidebar says."""
        texts = [text.value for text in self.app.sidebar.text]
        names = [
            text.removeprefix(labels.SIGNED_IN_AS)
            for text in texts
            if text.startswith(labels.SIGNED_IN_AS)
        ]
        return names[0] if names else None

    @property
    def page(self) -> str | None:
        """The heading of the page, if one of the tests' own pages is shown."""
        return self.app.header[0].value if self.app.header else None

    def shows(self, url_path: str) -> bool:
        """Tell whether the page of an address is shown, and not a form or a refusal in its place."""
        (*_, navigation) = (m.navigation for m in self.sent if m.HasField("navigation"))
        shown = self.app._registered_pages[navigation.page_script_hash]
        is_refused = self.shows_login_form or self.error == labels.NO_ACCESS
        return shown.get("url_pathname") == url_path and not is_refused

    @property
    def texts(self) -> list[str]:
        """The texts of the page."""
        return [text.value for text in self.app.main.text]

    @property
    def links(self) -> list[str]:
        """The titles of the pages that the sidebar has links to."""
        return [link.proto.label for link in self.app.sidebar.get("page_link")]

    @property
    def shows_login_form(self) -> bool:
        """Whether there is the form, and no sign of a page or a user."""
        fields = [field.label for field in self.app.main.text_input]
        buttons = [button.label for button in self.app.button]
        return (
            fields == [labels.USERNAME, labels.PASSWORD]
            and buttons in ([labels.LOG_IN], [labels.LOG_IN, labels.BACK])
            and self.page is None
            and not len(self.app.sidebar)
        )

    @property
    def error(self) -> str | None:
        """The sentence in the error box."""
        return self.app.error[0].value if self.app.error else None

    @property
    def info(self) -> str | None:
        """The sentence in the box that is only for information."""
        return self.app.info[0].value if self.app.info else None

    @property
    def hints(self) -> list[str]:
        """The small print, and what is to be done."""
        return [each.value for each in (*self.app.caption, *self.app.main.markdown)]

    @property
    def warning(self) -> str | None:
        """The sentence in the warning box."""
        return self.app.warning[0].value if self.app.warning else None

    @property
    def component_calls(self) -> list[dict[str, Any]]:
        """What the components in the main area that run in the browser have to do."""
        protos = [component.proto for component in self._components]
        calls = [
            json.loads(getattr(proto, "json_args", None) or proto.json)
            for proto in protos
            if proto.component_name != "auth_users"  # which keeps no cookie
        ]
        return [call for call in calls if call]

    @property
    def _components(self) -> list[Any]:
        kinds = ("component_instance", "bidi_component")
        return [component for kind in kinds for component in self.app.main.get(kind)]
