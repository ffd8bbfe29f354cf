"""The messages of browsers, and those to them."""

from google.protobuf.message import DecodeError

from auth import texts
from auth.visitor import widget_values
from auth.visitor.internals import BackMsg, ForwardMsg

_MAX_NAVIGATION = 2**18  # bytes; what is larger is a chart or a table


class Request:
    """What a message of a browser asks Streamlit for.

    Attributes:
        kind: The name of the request in Streamlit's BackMsg; "" if there is none.
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
        self.problem = self._find_problem()

    def run_of_a_stranger(self, *, with_widgets: bool) -> bytes:
        """Return a message that has the script run, and nothing else: no fragment, for one.

        Args:
            with_widgets: Whether what was typed and clicked goes with it.
        """
        asked, message = self._message.rerun_script, BackMsg()
        run = message.rerun_script
        run.query_string = asked.query_string
        run.page_script_hash = asked.page_script_hash
        run.page_name = asked.page_name
        run.is_auto_rerun = asked.is_auto_rerun
        run.is_history_navigation = asked.is_history_navigation
        run.cached_message_hashes.extend(asked.cached_message_hashes)
        if asked.HasField("context_info"):
            run.context_info.CopyFrom(asked.context_info)
        if with_widgets and asked.HasField("widget_states"):
            run.widget_states.CopyFrom(asked.widget_states)
        return bytes(message.SerializeToString())

    def _find_problem(self) -> str | None:
        message = self._message
        if not self.kind:
            return "no request"
        ids = [
            message.rerun_script.fragment_id,
            message.file_urls_request.request_id,
            message.backend_operation_request.request_id,
            message.backend_operation_request.deferred_file.file_id,
        ]
        if not all(map(str.isprintable, ids)):
            return "unprintable id"
        if not all(map(widget_values.is_readable, message.rerun_script.widget_states.widgets)):
            return "broken value"
        return None


def heartbeat() -> bytes:
    """Return the message by which a page finds out whether its connection still works."""
    return bytes(BackMsg(app_heartbeat=True).SerializeToString())


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
