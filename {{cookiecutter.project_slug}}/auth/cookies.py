"""The browser's login cookie, written by extra-streamlit-components' CookieManager."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import streamlit as st
from extra_streamlit_components import CookieManager

from auth import handshake
from auth.settings import load_settings

_PENDING = "auth_cookie_pending"


class _Pending(NamedTuple):
    """A cookie that the browser has yet to write; an empty token clears it."""

    token: str
    component_key: str


def read() -> str | None:
    """Return the token in the browser's cookie, or None.

    It comes with the handshake. Where a proxy keeps cookies from the app, the
    browser is asked and answers with a further script run.
    """
    token = handshake.cookie()
    if token is None:
        # A new key for every connection: nobody finds the answer of another one.
        manager = CookieManager(key=f"auth_cookies_{handshake.connection()}")
        token = manager.get(load_settings().cookie_name)
    return token if isinstance(token, str) else None


def write(token: str) -> None:
    """Have the browser keep a token for as long as a session lives."""
    st.session_state[_PENDING] = _Pending(token, f"auth_cookie_{secrets.token_hex(4)}")


def clear() -> None:
    """Have the browser forget the token."""
    write("")


def flush(token: str | None) -> None:
    """Draw the component that writes, until it answers that it has written.

    Call it in the main area of the page, outside of forms and containers, in a
    run that is left to finish: elsewhere the cookie is not written.

    Args:
        token: The token that this connection is signed in with. Nothing else is
            written, so a token never reaches another browser than its own.
    """
    pending: _Pending | None = st.session_state.get(_PENDING)
    if pending is None:
        return
    if pending.token != (token or "") or st.session_state.get(pending.component_key):
        del st.session_state[_PENDING]
        return
    lifetime = timedelta(hours=load_settings().session_hours if pending.token else 0)
    CookieManager(key=f"{pending.component_key}_manager").set(
        load_settings().cookie_name,
        pending.token,
        key=pending.component_key,
        # The browser reads a time without a zone as its own local time.
        expires_at=datetime.now(UTC) + lifetime,
        max_age=int(lifetime.total_seconds()),
        secure=(st.context.url or "").startswith("https:"),
        same_site="strict",
    )
