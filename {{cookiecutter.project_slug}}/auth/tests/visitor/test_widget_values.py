"""What may be sent for the widgets of the login that everybody is shown."""

from typing import Any

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from auth.visitor.internals import hidden
from auth.visitor.widget_values import FRAME, is_readable


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        (hidden("auth_cookie"), {"json_value": '{"found": "x"}'}, True),
        (hidden("auth_cookie@1"), {"json_value": "{}"}, True),
        (hidden("auth_cookie"), {}, True),
        (hidden("auth_cookie"), {"json_value": '"x"'}, False),
        (hidden("auth_cookie"), {"json_value": "{"}, False),
        (hidden("auth_cookie"), {"int_value": 1}, False),
        (hidden("auth_username"), {"string_value": ""}, True),
        (hidden("auth_username"), {"string_trigger_value": {"data": "x"}}, False),
        (hidden("auth_log_in"), {"trigger_value": True}, True),
        (hidden("auth_log_in"), {"arrow_value": {"data": b"x"}}, False),
        (hidden(FRAME), {"json_value": "{}"}, True),
        (hidden(FRAME), {"json_value": "false"}, True),
        (hidden(FRAME), {"json_value": "{"}, False),
        (hidden(FRAME), {"arrow_value": {"data": b"x"}}, False),
        (hidden("auth_sent@code"), {"json_value": '{"code": "x"}'}, True),
        (hidden("auth_sent@code"), {"json_value": "[]"}, False),
        (hidden("auth_sent@code"), {"string_value": "x"}, False),
        (hidden("auth_typed@code"), {"string_value": "x"}, True),
        (hidden("auth_typed@code"), {"int_value": 1}, False),
        (hidden("auth_clicked@code"), {"trigger_value": True}, True),
        (hidden("auth_clicked@code"), {"string_value": "x"}, False),
        (hidden("auth_cookie") + "__events", {"json_value": "{}"}, False),
        (hidden("auth_cookie@1") + "__events", {"json_value": "{}"}, False),
        (hidden("auth_sent@code") + "__events", {"json_value": "{}"}, False),
        (hidden("auth_sent@code") + "__events", {}, False),
        (hidden("auth_new_username"), {"string_value": "x"}, False),
        ("auth_username", {"int_value": 1}, True),
        ("of a page", {"json_value": "[]"}, True),
        ("of a page", {"json_value": "{"}, False),
        ("None", {"json_value": "{"}, False),
    ],
)
def test_a_value_that_streamlit_cannot_read_is_noticed(
    key: str, value: dict[str, Any], expected: bool
) -> None:
    widget = WidgetState(id=f"$$ID-1-{key}", **value)
    assert is_readable(widget, of_stranger=True) is expected


def test_somebody_who_is_logged_in_has_other_widgets_of_the_login() -> None:
    widget = WidgetState(id=f"$$ID-1-{hidden('auth_new_username')}", string_value="x")
    assert is_readable(widget, of_stranger=False)


def test_what_they_send_to_a_page_is_not_looked_into() -> None:
    assert is_readable(WidgetState(id="of a page", json_value="{"), of_stranger=False)
