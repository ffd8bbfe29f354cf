"""Tables and badges of the pages, as HTML.

Each is one element, which a browser draws at once and on a phone as well. Streamlit's own would
import pandas for that.
"""

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Literal

from auth.gate import style

_SHEET = Path(__file__).with_name("style.css")


class Html(str):
    """A text that is HTML. Any other is shown as it is."""

    __slots__ = ()


def draw_style() -> None:
    """Draw what is not Streamlit's own look on the pages. It takes up no space."""
    style.draw_sheet(_SHEET)


def join(*parts: str) -> Html:
    """Return texts one after the other, without those that are empty."""
    return Html(" ".join(map(_html, filter(None, parts))))


def badge(text: str, kind: Literal["", "bad", "open"] = "") -> Html:
    """Return a badge.

    Args:
        text: What stands in it.
        kind: What it looks like: as any other, as what is wrong, or as what is yet to be done.
    """
    return Html(f'<span class="auth-badge {kind}">{escape(text)}</span>')


def lines(first: str, second: str) -> Html:
    """Return a line, and a paler one below it."""
    return Html(f"<div>{_html(first)}</div>{pale(second)}")


def pale(text: str) -> Html:
    """Return a paler line."""
    return Html(f'<div class="auth-pale">{escape(text)}</div>')


def heading(text: str, *parts: str) -> Html:
    """Return a heading, in which Streamlit would make a link of an address, and what follows it."""
    return Html(f'<h3 class="auth-heading">{escape(text)}</h3>{join(*parts)}')


def facts(rows: Iterable[tuple[str, str]]) -> Html:
    """Return a list of what is known, each with its name, without what is empty."""
    lines = (f"<dt>{escape(name)}</dt><dd>{_html(text)}</dd>" for name, text in rows if text)
    return Html(f'<dl class="auth-facts">{"".join(lines)}</dl>')


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Html:
    """Return a table, without columns in which each row is empty."""
    cells = [list(map(_html, row)) for row in rows]
    shown = [number for number in range(len(columns)) if any(row[number] for row in cells)]
    head = "".join(f'<th role="columnheader">{escape(columns[number])}</th>' for number in shown)
    body = "".join(
        f'<tr role="row">{"".join(f"<td role=cell>{row[number]}</td>" for number in shown)}</tr>'
        for row in cells
    )
    # Each has its role, because a phone draws none of them as a table.
    return Html(
        f'<table class="auth-table" role="table"><thead role="rowgroup"><tr role="row">{head}</tr>'
        f'</thead><tbody role="rowgroup">{body}</tbody></table>'
    )


def _html(text: str) -> str:
    return text if isinstance(text, Html) else escape(text)
