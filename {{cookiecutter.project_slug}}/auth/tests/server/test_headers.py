"""Security headers."""

import pytest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from auth.records import SettingsError
from auth.server.headers import SecurityHeaders
from auth.settings import load_settings
from auth.tests.asgi import request
from auth.tests.conftest import Configure

app = SecurityHeaders(Response())

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Content-Security-Policy": "frame-ancestors 'self'",
    "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}


def test_every_response_has_them() -> None:
    headers = request(app).headers
    for name, value in HEADERS.items():
        assert headers.get(name) == (None if name == "Strict-Transport-Security" else value)


def test_the_response_to_an_error_has_them_too_and_the_server_still_hears_of_it() -> None:
    async def fail(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("a bug")

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        with pytest.raises(RuntimeError, match="a bug"):
            await SecurityHeaders(fail)(scope, receive, send)

    response = request(serve)
    assert response.status == 500
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_on_https_browsers_are_told_to_stay_there() -> None:
    headers = request(app, scheme="https").headers
    assert headers["Strict-Transport-Security"] == HEADERS["Strict-Transport-Security"]


def test_a_response_keeps_one_of_its_own() -> None:
    own = Response(headers={"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "a"})
    headers = request(SecurityHeaders(own)).headers
    assert headers.getlist("Content-Security-Policy") == ["sandbox"]
    assert headers.getlist("X-Content-Type-Options") == ["a"]
    assert headers["Referrer-Policy"] == HEADERS["Referrer-Policy"]


def test_a_setting_names_who_may_show_the_app_in_a_frame(configure: Configure) -> None:
    configure(frame_ancestors="'self' https://intranet.example")
    policy = request(app).headers["Content-Security-Policy"]
    assert policy == "frame-ancestors 'self' https://intranet.example"


def test_a_setting_adds_to_the_policy(configure: Configure) -> None:
    configure(content_security_policy="object-src 'none'; base-uri 'none'")
    assert request(app).headers["Content-Security-Policy"] == (
        "object-src 'none'; base-uri 'none'; frame-ancestors 'self'"
    )
    configure(frame_ancestors="")
    assert request(app).headers["Content-Security-Policy"] == "object-src 'none'; base-uri 'none'"


@pytest.mark.parametrize("name", HEADERS)
def test_each_can_be_left_out_alone(name: str, configure: Configure) -> None:
    setting = "frame_ancestors" if name == "Content-Security-Policy" else name.replace("-", "_")
    configure(**{setting: ""})
    headers = request(app, scheme="https").headers
    assert {each for each in HEADERS if each not in headers} == {name}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("referrer_policy", "origin"),
        ("cross_origin_opener_policy", "same-origin"),
        ("strict_transport_security", "max-age=60"),
    ],
)
def test_each_can_be_another(name: str, value: str, configure: Configure) -> None:
    configure(**{name: value})
    assert request(app, scheme="https").headers[name.replace("_", "-")] == value


@pytest.mark.parametrize("value", ["origin\nSet-Cookie: a=b", "ö"])
def test_a_value_that_is_no_header_is_refused(value: str, configure: Configure) -> None:
    configure(referrer_policy=value)
    with pytest.raises(SettingsError, match="REFERRER_POLICY"):
        load_settings()


def test_a_setting_leaves_them_to_a_proxy(configure: Configure) -> None:
    configure(security_headers="false")
    headers = request(app, scheme="https").headers
    assert not any(name in headers for name in HEADERS)
