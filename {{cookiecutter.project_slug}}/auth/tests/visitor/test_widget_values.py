"""What may be sent for the widgets of the login form."""

import pytest

from auth.visitor.widget_values import is_readable


@pytest.mark.parametrize(
    ("key", "kind", "text", "expected"),
    [
        ("auth_cookie", "json_value", '{"outcome": "done"}', True),
        ("auth_cookie", None, "", True),
        ("auth_cookie", "json_value", '"done"', False),
        ("auth_cookie", "json_value", "{", False),
        ("auth_cookie", "int_value", "", False),
        ("auth_cookie", "string_value", "", False),
        ("auth_cookies_1", "json_value", "true", True),
        ("auth_cookies_1", "json_value", "{", False),
        ("auth_username", "string_value", "", True),
        ("auth_username", "string_trigger_value", "", False),
        ("chat", "string_trigger_value", "", True),
        ("number", "int_value", "", True),
        ("table", "json_value", "[" * 100_000, False),
    ],
)
def test_a_value_that_streamlit_cannot_read_is_noticed(
    key: str, kind: str | None, text: str, expected: bool
) -> None:
    assert is_readable(f"$$ID-1-{key}", kind, text) is expected
