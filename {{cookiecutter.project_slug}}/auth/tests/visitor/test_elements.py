"""What is drawn without Streamlit's own functions is what those draw."""

from pathlib import Path

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext
from streamlit.testing.v1 import AppTest

from auth.settings import PROJECT

SCRIPT = """
from pathlib import Path

import streamlit as st

from auth.visitor import elements

file = {file!r}
{command}
"""
LOGO = PROJECT / "static" / "logo.svg"
COMMANDS = {
    "logo": ("elements.draw_logo(Path(file))", 'st.logo(file, size="large")'),
    "page_config_changed": ("elements.set_icon(Path(file))", "st.set_page_config(page_icon=file)"),
}


def sent(kind: str, command: str, file: Path) -> list[object]:
    """Return what a command sends the browser of one kind."""
    found = []
    original = ScriptRunContext.enqueue

    def note(context: ScriptRunContext, message: ForwardMsg) -> None:
        if message.WhichOneof("type") == kind:
            found.append(getattr(message, kind))
        original(context, message)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ScriptRunContext, "enqueue", note)
        app = AppTest.from_string(SCRIPT.format(file=str(file), command=command))
        assert not app.run(timeout=30).exception
    return found


@pytest.mark.parametrize("kind", COMMANDS)
@pytest.mark.parametrize("is_complete", [True, False])
def test_a_picture_is_shown_as_streamlit_shows_it(
    kind: str, is_complete: bool, tmp_path: Path
) -> None:
    file = tmp_path / "logo.svg"
    svg = LOGO.read_text(encoding="utf-8")
    file.write_text(svg if is_complete else svg.replace(" xmlns=", " id="), encoding="utf-8")
    ours, streamlits = (sent(kind, command, file) for command in COMMANDS[kind])
    assert ours == streamlits
    assert len(ours) == 1
