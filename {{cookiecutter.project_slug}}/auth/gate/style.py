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
    st.html(_read(file, **words))


class _Sheet:
    """A style sheet in the form that Streamlit takes as it is: it tidies a text up in every run."""

    def __init__(self, html: str) -> None:
        self._html = html

    def _repr_html_(self) -> str:
        return self._html


@cache
def _read(file: Path, **words: str) -> _Sheet:
    """Return a file on one line without comments, with the texts in it."""
    sheet = re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    sheet = " ".join(sheet.split())
    for word, text in words.items():
        sheet = sheet.replace(word, styles.quote(text))
    return _Sheet(f"<style>{sheet}</style>")
