"""The messages of browsers, and those to them."""

from typing import Any

from google.protobuf.message import DecodeError

from auth import texts
from auth.visitor import widget_values
from auth.visitor.internals import BackMsg, ForwardMsg

_MAX_NAVIGATION = 2**18  # bytes; what is larger is a chart or a table


class Request:
    """What a message of a browser asks Streamlit for.

    Attributes:
        kind: The name of the request in Streamlit's BackMsg; "" if there is none.
        fragment_id: The fragment to run instead of the script; "" if there is none.
        problem: What no browser would send and Streamlit would write into its log; None if
            there is nothing of the kind.
    """

    def __init__(self, data: bytes) -> None:
        """Read a message.

        Raises:
            ValueError: It is not a message of Streamlit's.
        """
        self._message = BackMsg()
        try:
            self._message.ParseFromString(data)
        except DecodeError as error:
            raise ValueError("not a message of Streamlit's") from error
        self.kind: str = self._message.WhichOneof("type") or ""
        self.fragment_id: str = self._message.rerun_script.fragment_id
        self.problem = _problem(self._message)

    def for_the_whole_script(self) -> bytes:
        """Return the message that asks for the script instead of a fragment."""
        self._message.rerun_script.fragment_id = ""
        return bytes(self._message.SerializeToString())


def discreet(data: bytes) -> bytes:
    """Return a message to a browser without what visitors need not know.

    That is the titles and icons of the pages in both lists of them, the path of the
    script, and the source line of an error in it.
    """
    if len(data) > _MAX_NAVIGATION:
        return data
    message = ForwardMsg()
    message.ParseFromString(data)
    kind = message.WhichOneof("type")
    if kind == "navigation":
        for page in message.navigation.app_pages:
            page.page_name = page.icon = ""
    elif kind == "new_session":
        message.new_session.main_script_path = ""
        # Of the run before, which may have been somebody else's; `navigation` has the addresses.
        del message.new_session.app_pages[:]
    elif kind == "session_event" and message.session_event.HasField("script_compilation_exception"):
        error = message.session_event.script_compilation_exception
        error.message = texts.current().broken_app
        del error.stack_trace[:]
    else:
        return data
    return bytes(message.SerializeToString())


def _problem(message: Any) -> str | None:
    ids = [
        message.rerun_script.fragment_id,
        message.file_urls_request.request_id,
        message.backend_operation_request.request_id,
        message.backend_operation_request.deferred_file.file_id,
    ]
    if not all(map(str.isprintable, ids)):
        return "unprintable id"
    for widget in message.rerun_script.widget_states.widgets:
        text = widget.json_value or widget.json_trigger_value
        if not widget_values.is_readable(widget.id, widget.WhichOneof("value"), text):
            return "broken value"
    return None
