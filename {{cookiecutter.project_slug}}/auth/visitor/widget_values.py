"""Which values that browsers send for the login's own widgets Streamlit can read.

A value of another type ends the run and leaves a traceback in the log, and those of the
login form anybody may send.
"""

import json
from typing import Final

COMPONENT_KEY: Final = "auth_cookie"  # of the component that keeps the login's cookie

_OWN = "-auth_"


def is_readable(widget_id: str, kind: str | None, text: str) -> bool:
    """Tell whether a value is of a type that its widget can have.

    Args:
        widget_id: Streamlit's id of the widget: its key is at the end.
        kind: The name of the value's field in Streamlit's WidgetState; None without a value.
        text: The value, if it is JSON.
    """
    is_of_component = widget_id.endswith(f"-{COMPONENT_KEY}")
    if kind in ("json_value", "json_trigger_value"):
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return False
        return isinstance(value, dict) or not is_of_component
    if kind == "string_trigger_value":
        return _OWN not in widget_id
    return kind is None or not is_of_component
