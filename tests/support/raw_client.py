"""A websocket client that speaks to a Streamlit server without a browser's manners."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import StringArray
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.client import ClientProtocol
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

PATIENCE = 30  # seconds
# What tells browsers apart, without which the server's own cookie is not issued.
DEVICE_COOKIE = "streamlit_auth_app_session_device=" + "b" * 43


class RawClient:
    """One connection to an app."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self.messages: list[ForwardMsg] = []

    @property
    def session_id(self) -> str:
        """Streamlit's id of this session, "" before its first run."""
        ids = [message.new_session.initialize.session_id for message in self.messages]
        return next(filter(None, reversed(ids)), "")

    @property
    def fragment_id(self) -> str:
        """The id of the fragment that was drawn last."""
        ids = [message.delta.fragment_id for message in self.messages]
        return next(filter(None, reversed(ids)))

    @property
    def websocket_key(self) -> str:
        """What this connection's handshake had in Sec-WebSocket-Key."""
        assert isinstance(self._connection.protocol, ClientProtocol)
        return self._connection.protocol.key

    def send(self, message: BackMsg | bytes) -> None:
        """Send any message, and wait for nothing."""
        self._connection.send(
            message if isinstance(message, bytes) else message.SerializeToString()
        )

    def run_script(
        self, page: str = "", *widgets: WidgetState, fragment: str = "", query: str = ""
    ) -> bytes:
        """Have the script run, and return all that the server sent until it finished.

        Args:
            page: The name of the page in the address.
            widgets: The states of widgets to send along.
            fragment: The id of the fragment to run instead of the script.
            query: What follows the `?` in the address.
        """
        self.start_script(page, *widgets, fragment=fragment, query=query)
        return self.receive_run()

    def start_script(
        self, page: str = "", *widgets: WidgetState, fragment: str = "", query: str = ""
    ) -> None:
        """Have the script run, and wait for nothing."""
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.query_string = query
        message.rerun_script.fragment_id = fragment
        message.rerun_script.widget_states.widgets.extend(widgets)
        self.send(message)

    def log_in(self, username: str, page: str = "") -> bytes:
        """Log in as a demo user, and return all that the server sent from the click on."""
        self.run_script(page)
        return self.run_script(page, *self.filled_form(username, username))

    def filled_form(self, username: object, password: object) -> list[WidgetState]:
        """Return the states of the login form, which has been drawn, with a click on Log in."""
        return [
            self.field("Username", username),
            self.field("Password", password),
            self.click("Log in"),
        ]

    def field(self, label: str, value: object) -> WidgetState:
        """Return the state of a field: any value, although a browser would send text only."""
        if isinstance(value, str) and value.isprintable():
            return WidgetState(id=self._id_of(label), string_value=value)
        return WidgetState(id=self._id_of(label), json_value=json.dumps(value))

    def choices(self, label: str, *values: str) -> list[WidgetState]:
        """Return the states of all fields of that label that take several values, with these."""
        ids = {
            message.delta.new_element.multiselect.id
            for message in self.messages
            if message.delta.new_element.multiselect.label == label
        }
        data = StringArray(data=values)
        return [WidgetState(id=widget_id, string_array_value=data) for widget_id in ids]

    def click(self, label: str) -> WidgetState:
        """Return the state of a button that is clicked."""
        return WidgetState(id=self._id_of(label), trigger_value=True)

    def component_id(self, name: str) -> str:
        """Return the id of the component of that name, which has been drawn."""
        drawn = [message.delta.new_element.bidi_component for message in self.messages]
        return next(each.id for each in reversed(drawn) if each.component_name == name)

    def _id_of(self, label: str) -> str:
        for message in reversed(self.messages):
            element = message.delta.new_element
            for widget in (element.text_input, element.button):
                if widget.label == label:
                    return widget.id
        raise LookupError(label)

    def receive_run(self) -> bytes:
        """Return what the server sends until a run of the script or a fragment is finished."""
        received = b""
        while True:
            received += self.receive()
            if self.messages[-1].WhichOneof("type") == "script_finished":
                return received

    def receive_until(self, text: bytes) -> bytes:
        """Return what the server sends until there is a text in it."""
        received = b""
        while text not in received:
            received += self.receive()
        return received

    def receive_for(self, seconds: float) -> bytes:
        """Return what the server sends until it is silent for some time."""
        received = b""
        while True:
            try:
                received += self.receive(seconds)
            except TimeoutError:
                return received

    def receive(self, seconds: float = PATIENCE) -> bytes:
        """Return the next message of the server."""
        data = self._connection.recv(timeout=seconds)
        assert isinstance(data, bytes)
        self.messages.append(ForwardMsg.FromString(data))
        return data


@contextmanager
def raw_client(
    url: str,
    cookie: str | None = None,
    resume: str | None = None,
    origin: str | None = None,
    headers: Mapping[str, str] | None = None,
    websocket_key: str | None = None,
) -> Iterator[RawClient]:
    """Connect to an app.

    Args:
        url: The app's address.
        cookie: The Cookie header to send.
        resume: The Streamlit session id to resume.
        origin: The Origin header to send; the app's own if None.
        headers: Other headers to send.
        websocket_key: What to send in Sec-WebSocket-Key; a new one if None.
    """
    server = urlsplit(url)
    with connect(
        f"ws://{server.netloc}/_stcore/stream",
        origin=Origin(origin or url),
        additional_headers={**({"Cookie": cookie} if cookie else {}), **(headers or {})},
        subprotocols=[Subprotocol(part) for part in ("streamlit", "x", resume) if part],
        create_connection=_connection_with(websocket_key),
        max_size=None,
        max_queue=None,
    ) as connection:
        yield RawClient(connection)


def _connection_with(websocket_key: str | None) -> type[ClientConnection]:
    class Connection(ClientConnection):
        def __init__(self, socket: Any, protocol: ClientProtocol, **options: Any) -> None:
            protocol.key = websocket_key or protocol.key
            super().__init__(socket, protocol, **options)

    return Connection
