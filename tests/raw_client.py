"""A websocket client that speaks to a Streamlit server without a browser's manners."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect


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
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.fragment_id = fragment
        message.rerun_script.widget_states.widgets.extend(widgets)
        self._connection.send(message.SerializeToString())
        received = b""
        while True:
            data = self._connection.recv(timeout=15)
            assert isinstance(data, bytes)
            received += data
            answer = ForwardMsg()
            answer.ParseFromString(data)
            if answer.WhichOneof("type") == "new_session":
                self.session_id = answer.new_session.initialize.session_id
            if answer.WhichOneof("type") == "script_finished":
                return received


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
        origin=origin or url,  # type: ignore[arg-type]
        additional_headers={"Cookie": cookie} if cookie else None,
        subprotocols=["streamlit", "x", *([resume] if resume else [])],  # type: ignore[list-item]
        max_size=None,
    ) as connection:
        yield RawClient(connection)
