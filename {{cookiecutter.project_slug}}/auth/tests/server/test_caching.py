"""What caches between the app and its visitors may keep."""

import pytest
import streamlit as st
from starlette.responses import Response

from auth.cookies.device import DeviceCookie
from auth.server.caching import Caching
from auth.tests.asgi import request


def kept(path: str, cache_control: str = "", accept: str = "*/*", status: int = 200) -> str | None:
    """Return the Cache-Control of a response of Streamlit's, as a cache gets it."""
    own = Response(
        status_code=status, headers={"Cache-Control": cache_control} if cache_control else {}
    )
    app = Caching(DeviceCookie(own))
    return request(app, "GET", path, headers={"Accept": accept}).headers.get("Cache-Control")


@pytest.mark.parametrize("path", ["/media/a.png", "/_auth/a"])
@pytest.mark.parametrize("status", [200, 206, 404, 405])
def test_what_belongs_to_one_person_is_kept_by_none(path: str, status: int) -> None:
    assert kept(path, status=status) == "private, no-store"


def test_nor_is_it_below_a_base_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(st, "get_option", {"server.baseUrlPath": "base"}.get)
    assert kept("/base/media/a.csv") == "private, no-store"


@pytest.mark.parametrize("path", ["/", "/about", "/static/js/index.js"])
@pytest.mark.parametrize("cache_control", ["", "no-cache", "public, immutable, max-age=31536000"])
def test_no_response_with_a_cookie_is_kept(path: str, cache_control: str) -> None:
    assert kept(path, cache_control, "text/html") == "private, no-store"


def test_a_page_is_kept_by_its_browser_only() -> None:
    assert kept("/about", "no-cache") == "private, no-cache"


def test_what_all_may_have_is_kept_as_streamlit_says() -> None:
    everybody = "public, immutable, max-age=31536000"
    assert kept("/static/js/index.js", everybody) == everybody
    assert kept("/static/media/font.woff2", everybody) == everybody
    assert kept("/component/a/index.js", "public") == "public"
    assert kept("/app/static/a.png") is None
