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
    st.html(f"<style>{_sheet().replace('LOGGING_IN', styles.quote(say.logging_in))}</style>")
    if say.language != texts.DEFAULTS.language:
        script = f"document.documentElement.lang = {json.dumps(say.language)}"
        st.html(f"<script>{script.replace('<', '')}</script>", unsafe_allow_javascript=True)


@cache
def _sheet() -> str:
    """Return the file on one line without comments: Streamlit goes through its lines in every run."""
    without_comments = re.sub(r"/\*.*?\*/", "", _FILE.read_text(encoding="utf-8"), flags=re.DOTALL)
    return " ".join(without_comments.split())
