"""What the browser sends: when a connection opens, and each message after that."""

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import streamlit as st
from google.protobuf.message import DecodeError
from streamlit.net_util import get_internal_ip
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.url_util import get_hostname
from streamlit.util import calc_hash

from auth import addresses, browsers, connections, widget_values
from auth.events import Event, record_often

_MAX_NAVIGATION = 2**18  # bytes; what is larger is a chart or a table


def cookie(name: str) -> str | None:
    """Return the value of a cookie as it was when the connection opened, or None.

    A name that is there twice with different values is none: a sibling host may
    have planted the other (RFC 6265, 8.6).
    """
    if len(set(cookies_named(st.context.headers.get("Cookie", ""), name))) > 1:
        record_often(Event.COOKIE_MISMATCH, "two cookies of one name", ip=address())
        return None
    return st.context.cookies.get(name) or None


def cookies_named(header: str, name: str) -> list[str]:
    """Return every value that a Cookie header has for a name."""
    pairs = (pair.strip().partition("=") for pair in header.split(";"))
    return [value for key, _, value in pairs if key == name]


def origin() -> str | None:
    """Return the Origin header: the scheme and host that the browser sees."""
    return st.context.headers.get("Origin")


def is_foreign(origin: str | None, host: str | None) -> bool:
    """Tell whether a connection was opened by a page of another site, almost as Streamlit would.

    Before it refuses one, Streamlit asks a server on the internet for this machine's public
    address, and everybody waits. Here nobody is asked: a page of that address is foreign.

    Args:
        origin: The Origin header; None, as programs send it, is not of another site.
        host: The Host header.
    """
    if origin is None or not st.get_option("server.enableCORS"):
        return False
    try:
        page = urlsplit(origin)
    except ValueError:
        return True
    if page.netloc == host:
        return False
    allowed = [*st.get_option("server.corsAllowedOrigins"), st.get_option("browser.serverAddress")]
    names = {get_hostname(entry.strip()) for entry in allowed if entry}
    names |= {"localhost", "127.0.0.1", "0.0.0.0", get_internal_ip()}  # noqa: S104
    return page.hostname is None or page.hostname not in names


def address() -> str | None:
    """Return the visitor's IP address, or None if it is not known."""
    return addresses.plain(st.context.ip_address)


def browser() -> str:
    """Return the visitor's browser in words for people; "" if it is not known."""
    return browsers.describe(st.context.headers.get("User-Agent", ""))


def is_https() -> bool:
    """Tell whether the page came over HTTPS."""
    return (st.context.url or "").startswith("https:")


def connection() -> str | None:
    """Return what tells this connection from every other.

    Without a handshake at all, as in AppTest, there is one connection; a
    handshake without a websocket key is none.
    """
    headers = st.context.headers
    if not len(headers):
        return "local"
    key = headers.get("Sec-Websocket-Key")
    return connections.name(key) if key else None


def session_id() -> str | None:
    """Return the id by which a browser resumes this Streamlit session, or None."""
    context = get_script_run_ctx()
    return context.session_id if context else None


def page_title() -> str:
    """Return the title of the page that Streamlit has found for the address."""
    context = get_script_run_ctx()
    return context.pages_manager.get_pages()[page_hash()]["page_name"] if context else ""


def page_hash() -> str:
    """Return Streamlit's name of the page that it has found for the address."""
    context = get_script_run_ctx()
    return context.page_script_hash if context else ""


def script_run() -> object:
    """Return an object that is a different one in every script run: Streamlit's cursors."""
    context = get_script_run_ctx()
    return context.cursors if context else object()


def forget_everything() -> None:
    """Have Streamlit forget what is left in this session: state, widgets, callbacks, fragments.

    st.session_state.clear() is not enough: it ends at the first widget whose value
    it cannot find, and leaves the rest, and it never forgets a callback.
    """
    context = get_script_run_ctx()
    if context is None:
        return
    state = context.session_state._state
    state.clear()
    widgets = state._new_widget_state
    widgets.states.clear()
    # Not removed: Streamlit may be about to call one of them, in this very run.
    widgets.widget_metadata.update(
        {
            widget_id: replace(metadata, callback=None, callbacks=None)
            for widget_id, metadata in widgets.widget_metadata.items()
        }
    )
    context.fragment_storage.clear()


@dataclass(frozen=True, slots=True)
class Request:
    """What a message of a browser asks Streamlit for.

    Attributes:
        kind: The name of the request in Streamlit's BackMsg; "" if there is none.
        fragment_id: The fragment to run instead of the script; "" if there is none.
        problem: What no browser would send and Streamlit would write into its log; None if
            there is nothing of the kind.
    """

    kind: str
    fragment_id: str
    problem: str | None


def read_request(data: bytes) -> Request:
    """Return what a message of a browser asks for.

    Raises:
        ValueError: It is not a message of Streamlit's.
    """
    message = _parse(data)
    kind = message.WhichOneof("type") or ""
    return Request(kind, message.rerun_script.fragment_id, _problem(message))


def whole_run(data: bytes) -> bytes:
    """Return the message of a browser that asks for the script instead of a fragment."""
    message = _parse(data)
    message.rerun_script.fragment_id = ""
    return bytes(message.SerializeToString())


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
        error.message = "The app has an error. Its log says where."
        del error.stack_trace[:]
    else:
        return data
    return bytes(message.SerializeToString())


def asked_address(data: bytes) -> str:
    """Return the address of a page that a browser asks for by name; "" if it asks for none."""
    try:
        return _parse(data).rerun_script.page_name
    except ValueError:
        return ""


def read_response(data: bytes, address: str) -> tuple[str, bool]:
    """Return the kind of a message to a browser, and whether it shows the page of an address."""
    message = ForwardMsg()
    message.ParseFromString(data)
    is_shown = message.navigation.page_script_hash == calc_hash(address)
    return message.WhichOneof("type") or "", is_shown


def _problem(message: BackMsg) -> str | None:
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


def _parse(data: bytes) -> BackMsg:
    message = BackMsg()
    try:
        message.ParseFromString(data)
    except DecodeError as error:
        raise ValueError("not a message of Streamlit's") from error
    return message
