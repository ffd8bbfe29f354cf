"""What the cookies are called, and where they are valid."""

import streamlit as st

from auth.settings import load_settings


def device_cookie_name(origin: str | None) -> str:
    """Return the name of the cookie that tells browsers apart, for a page of an origin.

    Args:
        origin: The Origin header: the scheme that the browser sees, whatever
            proxies stand between.
    """
    return prefixed(f"{load_settings().cookie_name}_device", is_https(origin))


def prefixed(name: str, https: bool) -> str:
    """Return a cookie's name with the prefix that it has on HTTPS.

    The prefix makes browsers refuse the cookie from anybody but this host over
    HTTPS (RFC 6265bis, 4.1.3). `__Host-` wants the path to be `/`.
    """
    if not https:
        return name
    return f"__Secure-{name}" if base_path() else f"__Host-{name}"


def is_https(origin: str | None) -> bool:
    """Tell whether an origin is one of HTTPS."""
    return (origin or "").startswith("https://")


def base_path() -> str:
    """Return server.baseUrlPath as a path without a slash at its end: "" or "/base"."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""
