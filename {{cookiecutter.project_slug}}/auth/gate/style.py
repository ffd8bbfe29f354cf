"""What is not Streamlit's own look: the card, and the bottom of the sidebar."""

import json
import re
from functools import cache
from pathlib import Path

import streamlit as st

from auth import texts
from auth.visitor import styles

_FILE = Path(__file__).with_name("style.css")


def draw() -> None:
    """Draw what the card and the sidebar look like, in which language. It takes up no space."""
    say = texts.current()
    st.html(_sheet(say.logging_in))
    if say.language != texts.DEFAULTS.language:
        script = f"document.documentElement.lang = {json.dumps(say.language)}"
        st.html(f"<script>{script.replace('<', '')}</script>", unsafe_allow_javascript=True)


class _Sheet:
    """A style sheet in the form that Streamlit takes as it is: it tidies a text up in every run."""

    def __init__(self, html: str) -> None:
        self._html = html

    def _repr_html_(self) -> str:
        return self._html


@cache
def _sheet(logging_in: str) -> _Sheet:
    """Return the file on one line without comments.

    Args:
        logging_in: What the button says while the login is checked.
    """
    without_comments = re.sub(r"/\*.*?\*/", "", _FILE.read_text(encoding="utf-8"), flags=re.DOTALL)
    sheet = " ".join(without_comments.split()).replace("LOGGING_IN", styles.quote(logging_in))
    return _Sheet(f"<style>{sheet}</style>")
