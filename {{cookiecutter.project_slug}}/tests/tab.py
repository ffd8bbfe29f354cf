"""A tab of a browser, without the browser."""

import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button, TextInput

from auth.settings import load_settings

PROJECT: Final = Path(__file__).parent.parent
SCRIPT: Final = PROJECT / "{{ "main.py" if cookiecutter.cookie_transport == "http_only" else "app.py" }}"


@dataclass
class Connection:
    """What a browser sends when it opens a connection: the parts of st.context that the app reads.

    AppTest has none of it.
    """

    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(
        default_factory=lambda: {"Sec-Websocket-Key": secrets.token_urlsafe(16)}
    )
    ip_address: str = "192.0.2.1"
    url: str = "http://localhost:8501"


class Tab:
    """The app as one tab shows it.

    Args:
        token: The token in the browser's login cookie.
    """

    def __init__(self, token: str | None = None) -> None:
        self.app = AppTest.from_file(SCRIPT, default_timeout=30)
        self.connect(token)

    def connect(self, token: str | None = None) -> None:
        """Open a new connection. Streamlit keeps the state of the tab, as after a lost network."""
        cookies = {load_settings().cookie_name: token} if token else {}
        self.connection = Connection(cookies)

    def run(self) -> "Tab":
        """Run the script once, as at the first load and at every click."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(st, "context", self.connection)
            self.app.run()
        assert not self.app.exception
        return self

    def open_page(self, view: str) -> "Tab":
        """Go to the page of a file in views/."""
        self.app.switch_page(f"views/{view}")
        return self.run()

    def log_in(self, username: str, password: str) -> "Tab":
        """Fill in the login form and submit it."""
        self.field("Username").input(username)
        self.field("Password").input(password)
        self.button("Log in").click()
        return self.run()

    def log_out(self) -> "Tab":
        """Click the logout button."""
        self.button("Log out").click()
        return self.run()

    def field(self, label: str) -> TextInput:
        """Return the text field of that label."""
        return next(it for it in self.app.text_input if it.label == label)

    def button(self, label: str) -> Button:
        """Return the button of that label."""
        return next(it for it in self.app.button if it.label == label)

    @property
    def user(self) -> str | None:
        """Who is signed in, as the sidebar says."""
        texts = [text.value for text in self.app.sidebar.text]
        return next(
            (it.removeprefix("Signed in as ") for it in texts if it.startswith("Signed in as ")),
            None,
        )

    @property
    def shows_login_form(self) -> bool:
        """Whether there is the form, and no sign of a user."""
        labels = [it.label for it in self.app.button]
        return "Log in" in labels and "Log out" not in labels and not len(self.app.sidebar)

    @property
    def error(self) -> str | None:
        """The sentence in the error box."""
        return self.app.error[0].value if self.app.error else None

{% if cookiecutter.cookie_transport == "component" %}
    @property
    def component_calls(self) -> list[dict[str, Any]]:
        """The arguments of the components in the main area that run in the browser."""
        return [json.loads(it.proto.json_args) for it in self.app.get("component_instance")]
{% else %}
    @property
    def component_calls(self) -> list[dict[str, Any]]:
        """The data of the components in the main area that run in the browser."""
        return [json.loads(it.proto.json) for it in self.app.get("bidi_component")]
{% endif %}
