"""What the cookies are called."""

import pytest

from auth.cookies.names import device_cookie_name
from auth.settings import load_settings


@pytest.mark.parametrize(
    ("origin", "prefix"),
    [("https://app.example", "__Host-"), ("http://app.example", ""), (None, ""), ("null", "")],
)
def test_the_prefix_is_for_https(origin: str | None, prefix: str) -> None:
    name = load_settings().cookie_name
    assert device_cookie_name(origin) == f"{prefix}{name}_device"


def test_below_a_path_it_is_another_prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auth.cookies.names.base_path", lambda: "/base")
    name = load_settings().cookie_name
    assert device_cookie_name("https://app.example") == f"__Secure-{name}_device"
