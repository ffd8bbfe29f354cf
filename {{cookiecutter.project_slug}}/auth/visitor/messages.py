"""The messages of browsers, and those to them."""

from google.protobuf.message import DecodeError

from auth import texts
from auth.visitor import widget_values
from auth.visitor.internals import BackMsg, ForwardMsg

# Of a stranger: Streamlit goes through all of them, and keeps them.
_MAX_WIDGETS = 500
_MAX_HASHES = 2000
_MAX_NAVIGATION = 2**18  # bytes; what is larger is a chart or a table


class Request:
    """What a message of a browser asks Streamlit for.

    Attributes:
        kind: The name of the request in Streamlit's BackMsg; "" if there is none.
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

    def run_of_a_stranger(self, *, with_widgets: bool, with_fragment: bool) -> bytes:
        """Return a message that has the script run, and nothing else.

        Args:
            with_widgets: Whether what was typed and clicked goes with it.
            with_fragment: Whether a fragment may run instead, if the message asks for one.
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
        if with_fragment:
            run.fragment_id = asked.fragment_id
        if with_widgets and asked.HasField("widget_states"):
            run.widget_states.CopyFrom(asked.widget_states)
        return bytes(message.SerializeToString())

    def find_problem(self, *, of_stranger: bool, without_widgets: bool = False) -> str | None:
        """Return what no browser would send and Streamlit would stumble on, or None.

        Args:
            of_stranger: Whether nobody who is logged in has sent it.
            without_widgets: Whether what was typed and clicked goes no further.
        """
        message = self._message
        if not self.kind:
            return "no request"
        run = message.rerun_script
        widgets = run.widget_states.widgets
        if of_stranger and not without_widgets and len(widgets) > _MAX_WIDGETS:
            return "many widgets"
        if of_stranger and len(run.cached_message_hashes) > _MAX_HASHES:
            return "many hashes"
        ids = [
            run.fragment_id,
            message.file_urls_request.request_id,
            message.backend_operation_request.request_id,
            message.backend_operation_request.deferred_file.file_id,
        ]
        if not all(map(str.isprintable, ids)):
            return "unprintable id"
        if without_widgets:
            return None
        if not all(widget_values.is_readable(widget, of_stranger) for widget in widgets):
            return "broken value"
        return None


def heartbeat() -> bytes:
    """Return the message by which a page finds out whether its connection still works."""
    return bytes(BackMsg(app_heartbeat=True).SerializeToString())


def ends_a_run(data: bytes) -> bool:
    """Tell whether a message to a browser says that a run of the script is over."""
    return bool(ForwardMsg.FromString(data).WhichOneof("type") == "script_finished")


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
