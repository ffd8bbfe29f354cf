"""What Streamlit draws, without what its own functions import for it.

For a logo and for a page's icon that is numpy and Pillow, for a component of the first kind
pandas and PyArrow, whatever the picture and the arguments are.
"""

import base64
import json
from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from auth.visitor import internals
from auth.visitor.internals import ComponentInstance, CustomComponent, ForwardMsg, PageConfig


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


def serve_component(name: str, folder: Path) -> None:
    """Serve the files of a component of the first kind, which nobody needs to have imported.

    Args:
        name: Its module, a dot, and what it is called there.
        folder: Where its files are.
    """
    module = name.rpartition(".")[0]
    component = CustomComponent(name=name, path=str(folder), module_name=module)
    internals.component_registry().register_component(component)


def draw_component(name: str, place: DeltaGenerator, key: str, **arguments: object) -> None:
    """Draw a component of the first kind. What it sends as its value is for nobody.

    Args:
        name: As `serve_component` takes it.
        place: Where to draw it.
        key: The key of the widget that it is.
        arguments: What JSON can say.
    """
    frame = ComponentInstance(
        id=internals.new_element_id(
            "component_instance",
            user_key=key,
            dg=place,
            key_as_main_identity={"name", "url"},
            name=name,
            url=None,
        ),
        component_name=name,
        json_args=json.dumps(arguments),
        form_id=internals.form_id_of(place),
    )
    internals.draw(place, "component_instance", frame)


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
