"""The cookie that tells browsers apart."""

import pytest
from starlette.responses import Response

from auth.cookies.device import DeviceCookie
from auth.settings import load_settings
from auth.tests.asgi import request

PAGE = {"Accept": "text/html,application/xhtml+xml"}


def cookies_set(headers: dict[str, str], scheme: str = "http") -> list[str]:
    response = request(DeviceCookie(Response()), "GET", headers=headers, scheme=scheme)
    return response.headers.getlist("Set-Cookie")


def test_it_comes_with_the_first_page_for_either_scheme() -> None:
    name = f"{load_settings().cookie_name}_device"
    secure, plain = cookies_set(PAGE)
    assert secure.startswith(f"__Host-{name}=")
    assert secure.endswith("; HttpOnly; Max-Age=34560000; Path=/; SameSite=lax; Secure")
    assert plain.startswith(f"{name}=")
    assert plain.endswith("; HttpOnly; Max-Age=34560000; Path=/; SameSite=lax")
    values = [cookie.split("=", 1)[1].split(";")[0] for cookie in (secure, plain)]
    assert [len(value) for value in values] == [43, 43]
    assert values[0] != values[1]


def test_where_the_proxy_says_https_there_is_no_other() -> None:
    (secure,) = cookies_set(PAGE, "https")
    assert secure.startswith("__Host-")


def test_a_browser_that_has_it_keeps_it() -> None:
    name = f"{load_settings().cookie_name}_device"
    assert cookies_set(PAGE | {"Cookie": f"{name}=a; __Host-{name}=b"}) == []
    (secure,) = cookies_set(PAGE | {"Cookie": f"{name}=a"})
    assert secure.startswith("__Host-")


@pytest.mark.parametrize("accept", ["*/*", "application/json", ""])
def test_other_requests_get_none(accept: str) -> None:
    assert cookies_set({"Accept": accept}) == []
