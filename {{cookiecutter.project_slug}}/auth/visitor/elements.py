"""What Streamlit draws, without what its own functions import for it.

For a logo and for a page's icon that is numpy and Pillow, whatever the picture is.
"""

import base64
from functools import cache
from pathlib import Path

import streamlit as st

from auth.visitor import internals
from auth.visitor.internals import ForwardMsg, PageConfig


def draw_logo(file: Path) -> None:
    """Draw the app's logo at the top of the sidebar.

    Args:
        file: The picture.
    """
    picture = _as_address(file)
    if picture is None:
        st.logo(str(file), size="large")
        return
    message = ForwardMsg()
    message.logo.image, message.logo.size = picture, "large"
    internals.send(message)


def set_icon(file: Path) -> None:
    """Show a picture in the browser's tab.

    Args:
        file: The picture.
    """
    picture = _as_address(file)
    if picture is None:
        st.set_page_config(page_icon=str(file))
        return
    message = ForwardMsg()
    page = message.page_config_changed
    page.favicon = picture
    page.layout, page.initial_sidebar_state = PageConfig.LAYOUT_UNSET, PageConfig.SIDEBAR_UNSET
    internals.send(message)


@cache
def address_of(file: Path, kind: str = "image/svg+xml") -> str:
    """Return a picture as an address that has it all. The file is read once.

    Args:
        file: The picture.
        kind: What it is, as a media type.
    """
    return f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode()}"


@cache
def _as_address(file: Path) -> str | None:
    """Return a picture as its address; None if it is not a complete SVG."""
    is_complete = file.suffix == ".svg" and b"xmlns" in file.read_bytes()
    return address_of(file) if is_complete else None
