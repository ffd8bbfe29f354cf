"""Which values a browser may send for the widgets that everybody is shown.

Streamlit cannot read a value of another kind: it ends the run, and leaves a traceback in the log.
"""

import json
from typing import Any, Final

from auth.visitor.internals import hidden_name

COMPONENT: Final = "auth_cookie"  # what keeps the login's cookie

FRAME: Final = "auth_cookie_frame"  # and what a transport draws in a frame, with any value

# The name in a widget's hidden key, and the field of Streamlit's WidgetState that has its value.
KINDS: Final = {
    "auth_username": "string_value",
    "auth_password": "string_value",
    "auth_password_again": "string_value",
    "auth_chosen_password": "string_value",
    "auth_chosen_password_again": "string_value",
    "auth_typed": "string_value",  # with an @ and what was typed, as the next two
    "auth_clicked": "trigger_value",
    "auth_sent": "json_value",
    "auth_log_in": "trigger_value",
    "auth_want_login": "trigger_value",
    "auth_back": "trigger_value",
    "auth_try_again": "trigger_value",
    COMPONENT: "json_value",  # with an @ and the connection's name, if it is one for each
    FRAME: "json_value",
}


def is_readable(widget: Any, of_stranger: bool) -> bool:
    """Tell whether Streamlit can read the value of a widget, as far as strangers can send it.

    Args:
        widget: A WidgetState of Streamlit's.
        of_stranger: Whether nobody who is logged in has sent it: they have no other widget of
            the login's.
    """
    name, _, rest = hidden_name(widget.id).partition("@")
    if "-None" in rest:  # Of what Streamlit adds to a component, for events that none here has.
        return not of_stranger
    kind = widget.WhichOneof("value")
    if not name:  # Of a page, or a button of the login: whatever it is, it has to be JSON.
        return not of_stranger or kind != "json_value" or _is_json(widget.json_value, any_type=True)
    if kind is None and name in KINDS:
        return True
    if name not in KINDS:
        return not of_stranger
    if kind != KINDS[name]:
        return False
    return kind != "json_value" or _is_json(widget.json_value, any_type=name == FRAME)


def _is_json(text: str, *, any_type: bool) -> bool:
    try:
        return isinstance(json.loads(text), object if any_type else dict)
    except (ValueError, RecursionError):
        return False
