"""What is seen between a login and its page: the page shows when the browser has the cookie.

The page is sent at once and hidden, so that nobody waits twice. The browser shows it as
soon as it has the cookie, whatever the server is still at. One that cannot keep the
cookie shows it after 3 seconds, with the sentence that says so.
"""

import streamlit as st

_SECONDS = 3
_NOT_KEPT = (
    "You are logged in, but this browser could not keep the login: "
    "after a reload it will ask you again."
)
_MARK = '<span class="auth-logging-in"></span>'

# For a component's script, in the moment in which the browser has the cookie.
LIFT = """
const lift = () => document.querySelectorAll(".auth-logging-in").forEach((mark) => {
  mark.className = ""
})
"""
_STYLE = """<style>
@keyframes auth-show { to { visibility: visible } }
@keyframes auth-hide { to { visibility: hidden } }
body:has(.auth-logging-in) :is([data-testid="stMain"], [data-testid="stSidebar"]),
body:has(.auth-logging-in) :is([data-testid="stMain"], [data-testid="stSidebar"]) * {
    visibility: hidden;
    animation: auth-show 0s SECONDSs forwards;
}
body:has(.auth-logging-in) [data-testid="stMain"]::before {
    content: "Logging in…";
    visibility: visible;
    position: absolute;
    top: 40%;
    width: 100%;
    text-align: center;
    opacity: 0.6;
    animation: auth-hide 0s SECONDSs forwards;
}
body:not(:has(.auth-logging-in)) div:has(> .st-key-auth_not_kept) { display: none }
</style>""".replace("SECONDS", str(_SECONDS))


def draw() -> None:
    """Draw what hides the page for as long as the browser is at it."""
    st.html(_STYLE)
    with st.container(key="auth_not_kept"):
        draw_not_kept()


def mark() -> None:
    """Keep the page hidden. Without this in its next run, the fragment that calls it shows it."""
    st.html(_MARK)


def draw_not_kept() -> None:
    """Say that the login ends with this page."""
    st.warning(_NOT_KEPT)
