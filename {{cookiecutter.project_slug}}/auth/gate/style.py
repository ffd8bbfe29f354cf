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
    draw_sheet(_FILE, LOGGING_IN=say.logging_in)
    if say.language != texts.DEFAULTS.language:
        script = f"document.documentElement.lang = {json.dumps(say.language)}"
        st.html(f"<script>{script.replace('<', '')}</script>", unsafe_allow_javascript=True)


def draw_sheet(file: Path, **words: str) -> None:
    """Draw a style sheet. It takes up no space.

    Args:
        file: The style sheet.
        words: What stands in it for a text, and the text.
    """
    sheet = _read(file)
    for word, text in words.items():
        sheet = sheet.replace(word, styles.quote(text))
    st.html(f"<style>{sheet}</style>")


@cache
def _read(file: Path) -> str:
    """Return a file on one line without comments: Streamlit goes through its lines in every run."""
    without_comments = re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    return " ".join(without_comments.split())
