"""What is seen between a login and its page: the page shows when the browser has the cookie.

The page is sent at once and hidden, so that nobody waits twice. The browser shows it as
soon as it has the cookie, whatever the server is still at. One that cannot keep the
cookie shows it after 3 seconds at the latest, with the sentence that says so.

The browser does not tell the server. A message would have the script or a fragment run
while the page is still on its way, or while it goes on to another page, and Streamlit then
leaves the page empty.
"""

import streamlit as st

from auth import texts
from auth.visitor import styles

_SECONDS = 3

# For a component's script: note in the page whether the cookie of a login is "kept".
NOTE = """
const note = (login, outcome) => document.body.setAttribute(`data-auth-${login}`, outcome)
"""
_STYLE = """<style>
@keyframes auth-show { to { visibility: visible } }
@keyframes auth-hide { to { visibility: hidden } }
body:not([data-auth-LOGIN]) :is([data-testid="stMain"], [data-testid="stSidebar"]),
body:not([data-auth-LOGIN]) :is([data-testid="stMain"], [data-testid="stSidebar"]) * {
    visibility: hidden;
    animation: auth-show 0s SECONDSs forwards;
}
body:not([data-auth-LOGIN]) [data-testid="stMain"]::before {
    content: LOGGING_IN;
    visibility: visible;
    position: absolute;
    top: 40%;
    width: 100%;
    text-align: center;
    opacity: 0.6;
    animation: auth-hide 0s SECONDSs forwards;
}
body[data-auth-LOGIN="kept"] div:has(> .st-key-auth_not_kept) { display: none }
</style>""".replace("SECONDS", str(_SECONDS))


def draw(login: str) -> None:
    """Draw what hides the page until the browser has noted that it keeps a login.

    Args:
        login: What the login is called in the page.
    """
    logging_in = styles.quote(texts.current().logging_in)
    st.html(_STYLE.replace("LOGGING_IN", logging_in).replace("LOGIN", login))
    with st.container(key="auth_not_kept"):
        draw_not_kept()


def draw_not_kept() -> None:
    """Say that the login ends with this page."""
    st.warning(texts.current().not_kept)
