"""What the browser sends when a connection opens, and what Streamlit makes of it."""

from collections.abc import Iterable
from typing import Final
from urllib.parse import SplitResult, urlsplit
from weakref import WeakKeyDictionary

import streamlit as st

from auth.visitor import addresses, connections, internals, user_agents
from auth.visitor.connections import Connection

_without_handshake: WeakKeyDictionary[object, Connection] = WeakKeyDictionary()

_PORTS: Final = {"http": 80, "https": 443}


def cookie(name: str) -> str | None:
    """Return the value of a cookie as it was when the connection opened, or None."""
    return cookie_in(_cookie_headers(), name)


def is_ambiguous(name: str) -> bool:
    """Tell whether a cookie came twice, with different values."""
    return len(cookies_named(_cookie_headers(), name)) > 1


def cookie_in(headers: Iterable[str], name: str) -> str | None:
    """Return the value that Cookie headers have for a name, or None if there is none.

    Two different values are none: a sibling host may have planted one (RFC 6265, 8.6).
    """
    values = cookies_named(headers, name)
    return values.pop() or None if len(values) == 1 else None


def cookies_named(headers: Iterable[str], name: str) -> set[str]:
    """Return the values that Cookie headers have for a name: a proxy may pass on several headers.

    Streamlit's own reading takes other names for this one: those with other spaces around them.
    """
    pairs = (pair.partition("=") for header in headers for pair in header.split(";"))
    return {value.strip(" \t") for key, _, value in pairs if key.strip(" \t") == name}


def _cookie_headers() -> list[str]:
    return st.context.headers.get_all("Cookie")


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
    if is_origin_of(origin, host or ""):
        return False
    try:
        page = urlsplit(origin)
    except ValueError:
        return True
    allowed = [*st.get_option("server.corsAllowedOrigins"), st.get_option("browser.serverAddress")]
    names = {internals.get_hostname(entry.strip()) for entry in allowed if entry}
    names |= {"localhost", "127.0.0.1", "0.0.0.0", internals.get_internal_ip()}  # noqa: S104
    return page.hostname is None or page.hostname not in names


def is_origin_of(origin: str, address: str) -> bool:
    """Tell whether an origin is that of an address, with its scheme's own port or without it.

    Args:
        origin: The Origin header (RFC 6454, 7).
        address: As the Host header has it, or with a scheme. Without one, any does.
    """
    try:
        page = urlsplit(origin)
        own = urlsplit(address if "://" in address else f"{page.scheme}://{address}")
        return page.hostname is not None and _parts(page) == _parts(own)
    except ValueError:
        return False


def _parts(url: SplitResult) -> tuple[str, str | None, int | None]:
    return url.scheme, url.hostname, url.port or _PORTS.get(url.scheme)


def app_url(path: str) -> str | None:
    """Return the address of the app as the browser shows it, or None if that is not known.

    The browser tells it, so whatever proxies stand between have no part in it.

    Args:
        path: The path of the page that the browser shows, below that address.
    """
    url = (st.context.url or "").rstrip("/").removesuffix(f"/{path}")
    return url if url.startswith(("http://", "https://")) else None


def address() -> str | None:
    """Return the visitor's IP address, or None if it is not known."""
    return addresses.plain(st.context.ip_address) if _has_handshake() else None


def user_agent() -> str:
    """Return the visitor's browser in words for people; "" if it is not known."""
    return user_agents.describe(st.context.headers.get("User-Agent", ""))


def is_https() -> bool:
    """Tell whether the page came over HTTPS."""
    return _has_handshake() and (st.context.url or "").startswith("https:")


def connection() -> Connection:
    """Return the connection by which the browser is here; without a key, one that nobody keeps.

    Without a handshake at all, as in AppTest and when the browser has gone, there is one for
    each session of Streamlit's.
    """
    if not _has_handshake():
        return _without_handshake.setdefault(internals.session(), Connection())
    key = st.context.headers.get("Sec-Websocket-Key")
    return connections.find(key) if key else Connection()


def _has_handshake() -> bool:
    """Tell whether a browser is here. AppTest has stand-ins for what it would have sent."""
    return len(st.context.headers) > 0
