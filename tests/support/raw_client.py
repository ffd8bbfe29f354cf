"""A websocket client that speaks to a Streamlit server without a browser's manners."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

PATIENCE = 30  # seconds


class RawClient:
    """One connection to an app."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self.session_id = ""

    def run_script(self, page: str = "", *widgets: WidgetState, fragment: str = "") -> bytes:
        """Have the script run, and return all that the server sent until it finished.

        Args:
            page: The name of the page in the address.
            widgets: The states of widgets to send along.
            fragment: The id of the fragment to run instead of the script.
        """
        self.start_script(page, *widgets, fragment=fragment)
        received = b""
        while True:
            data = self._receive(PATIENCE)
            received += data
            if ForwardMsg.FromString(data).WhichOneof("type") == "script_finished":
                return received

    def start_script(self, page: str = "", *widgets: WidgetState, fragment: str = "") -> None:
        """Have the script run, and wait for nothing."""
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.fragment_id = fragment
        message.rerun_script.widget_states.widgets.extend(widgets)
        self._connection.send(message.SerializeToString())

    def receive_until(self, text: bytes) -> None:
        """Receive what the server sends until there is a text in it."""
        while text not in self._receive(PATIENCE):
            pass

    def receive_for(self, seconds: float) -> bytes:
        """Return what the server sends until it is silent for some time."""
        received = b""
        while True:
            try:
                received += self._receive(seconds)
            except TimeoutError:
                return received

    def _receive(self, seconds: float) -> bytes:
        data = self._connection.recv(timeout=seconds)
        assert isinstance(data, bytes)
        message = ForwardMsg.FromString(data)
        if message.WhichOneof("type") == "new_session":
            self.session_id = message.new_session.initialize.session_id
        return data


@contextmanager
def raw_client(
    url: str, cookie: str | None = None, resume: str | None = None, origin: str | None = None
) -> Iterator[RawClient]:
    """Connect to an app.

    Args:
        url: The app's address.
        cookie: The Cookie header to send.
        resume: The Streamlit session id to resume.
        origin: The Origin header to send; the app's own if None.
    """
    server = urlsplit(url)
    with connect(
        f"ws://{server.netloc}/_stcore/stream",
        origin=Origin(origin or url),
        additional_headers={"Cookie": cookie} if cookie else None,
        subprotocols=[Subprotocol(part) for part in ("streamlit", "x", resume) if part],
        max_size=None,
        max_queue=None,
    ) as connection:
        yield RawClient(connection)
