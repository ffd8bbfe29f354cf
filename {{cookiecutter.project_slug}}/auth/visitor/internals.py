"""Streamlit's internals: all that the login leans on, by name, and a look at them before a start.

Streamlit promises none of these. With one of them gone or changed a wall might fall silently,
so the app does not start.
"""

import importlib
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any

import streamlit
from starlette.datastructures import Headers

from auth.records import SettingsError
from auth.visitor.private_names import NAMES, ROUTES, TESTED

relied_on = [*NAMES.items()]


def rely_on(names: Mapping[str, str]) -> None:
    """Have `check` look for more: what not every project leans on."""
    relied_on.extend(names.items())
    check.cache_clear()


def take(module: str, name: str) -> Any:
    """Return what a module calls so, or None: `check` says so before anybody needs it."""
    try:
        return getattr(importlib.import_module(module), name, None)
    except ImportError:
        return None


BackMsg = take("streamlit.proto.BackMsg_pb2", "BackMsg")
ForwardMsg = take("streamlit.proto.ForwardMsg_pb2", "ForwardMsg")
PageConfig = take("streamlit.proto.PageConfig_pb2", "PageConfig")
get_hostname = take("streamlit.url_util", "get_hostname")
runtime = take("streamlit.runtime", "get_instance")
get_internal_ip = take("streamlit.net_util", "get_internal_ip")
get_max_message = take("streamlit.runtime.runtime_util", "get_max_widget_state_size_bytes")
_HIDDEN = take("streamlit.runtime.state.session_state", "STREAMLIT_INTERNAL_KEY_PREFIX")
_get_context = take("streamlit.runtime.scriptrunner", "get_script_run_ctx")


@cache
def check() -> None:
    """Look whether Streamlit's internals are as expected.

    Raises:
        SettingsError: One is not. The message says what to do.
    """
    with unwarned():
        changed = _find_changed()
    if changed:
        first, end = TESTED
        raise SettingsError(
            f"In Streamlit {streamlit.__version__}, {changed} is not what the login relies on: "
            f"install 'streamlit>={first},<{end}', with which it is tested, or a newer version "
            "of the login"
        )


def _find_changed() -> str | None:
    """Return the first name that is gone or changed, or None."""
    for module, names in relied_on:
        for name in names.split():
            if not _exists(module, name):
                return f"{module}.{name}"
    for module, routes in ROUTES.items():
        for name, route in routes.items():
            if take(module, name) != route:
                return f"{module}.{name}"
    module = "streamlit.runtime.state.session_state"
    state = take(module, "SessionState")()
    state[hidden("name")] = 1
    if state.filtered_state:
        return f"{module}.SessionState.filtered_state"
    module = "streamlit.runtime.state.common"
    if take(module, "is_keyed_element_id")(f"$$ID-0-{hidden('name')}"):
        return f"{module}.is_keyed_element_id"
    module = "streamlit.web.server.starlette.starlette_websocket"
    headers = Headers({"sec-websocket-protocol": "streamlit, token, session"})
    if take(module, "_parse_subprotocols")(headers)[2] != "session":
        return f"{module}._parse_subprotocols"
    return None


def _exists(module: str, name: str) -> bool:
    first, *rest = name.split(".")
    found = take(module, first)
    for part in rest:
        found = _part(found, part)
    return found is not None


def _part(owner: Any, name: str) -> Any:
    """Return a part of a class or of a message, or None."""
    fields = getattr(getattr(owner, "DESCRIPTOR", owner), "fields_by_name", {})
    if field := fields.get(name):
        return field.message_type or field
    return getattr(owner, name, None) or getattr(owner, "__annotations__", {}).get(name)


def hidden(name: str) -> str:
    """Return the key of a widget or a value that no page finds among those in st.session_state.

    Streamlit leaves out what begins with its own prefix, and widgets whose id ends like that of
    one without a key.
    """
    return f"{_HIDDEN}_{name}-None"


def hidden_name(widget_id: str) -> str:
    """Return the name in the hidden key of a widget; "" if it has none."""
    _, is_hidden, rest = widget_id.partition(f"-{_HIDDEN}_")
    return rest.removesuffix("-None") if is_hidden else ""


def session_id() -> str | None:
    """Return the id by which a browser resumes this Streamlit session, or None."""
    context = _get_context()
    return context.session_id if context else None


def has_session(session_id: str) -> bool:
    """Tell whether this process has a Streamlit session of an id with a browser connected."""
    return bool(runtime().is_active_session(session_id))


def page_title() -> str:
    """Return the title of the page that Streamlit has found for the address."""
    context = _get_context()
    return context.pages_manager.get_pages()[page_hash()]["page_name"] if context else ""


def page_hash() -> str:
    """Return Streamlit's name of the page that it has found for the address."""
    context = _get_context()
    return context.page_script_hash if context else ""


def script_run() -> object:
    """Return an object that is a different one in every script run: Streamlit's cursors."""
    context = _get_context()
    return context.cursors if context else object()


def session() -> object:
    """Return an object that is the same one as long as this Streamlit session lives."""
    context = _get_context()
    return context.fragment_storage if context else object()


def forget_everything() -> None:
    """Have Streamlit forget what is left in this session: state, widgets, callbacks, fragments.

    st.session_state.clear() is not enough: it ends at the first widget whose value
    it cannot find, and leaves the rest, and it never forgets a callback.
    """
    context = _get_context()
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


def send(message: Any) -> None:
    """Send the browser a message, in the order of what is drawn."""
    if context := _get_context():
        context.enqueue(message)


@contextmanager
def unwarned() -> Iterator[None]:
    """Keep Streamlit from a warning of every component that is declared before the first run."""
    log = logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context")
    log.disabled = True
    try:
        yield
    finally:
        log.disabled = False
