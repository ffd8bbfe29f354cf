"""The route where a browser trades a one-time code for its login cookie."""

from datetime import timedelta
from http import HTTPStatus
from typing import Final

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from auth import tickets
from auth.events import Event, record
from auth.settings import load_settings
from auth.stores.base import StoreUnavailableError

PURPOSE: Final = "cookie"
CODE_LIFETIME: Final = timedelta(seconds=30)

_MAX_BODY = 256  # bytes; a code has 43
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

_served = False


def routes() -> list[Route]:
    """Return what the server has to answer for logins to be kept."""
    global _served
    _served = True
    return [Route(route_path(), _set_cookie, methods=_METHODS)]


def are_served() -> bool:
    """Tell whether this process serves the routes."""
    return _served


def route_path() -> str:
    """Return the path of the route, below the app's base path."""
    return f"{_base_path()}/_auth/cookie"


def cookie_name(origin: str | None) -> str:
    """Return the name of the login cookie for a page of an origin.

    On HTTPS the prefix makes browsers refuse the cookie from anybody but this
    host over HTTPS (RFC 6265bis, 4.1.3). `__Host-` wants the path to be `/`.

    Args:
        origin: The Origin header: the scheme that the browser sees, whatever
            proxies stand between.
    """
    name = load_settings().cookie_name
    if not _is_https(origin):
        return name
    return f"__Secure-{name}" if _base_path() else f"__Host-{name}"


async def _set_cookie(request: Request) -> Response:
    """Set the cookie that a code was issued for."""
    if request.method != "POST":
        return _refuse(HTTPStatus.METHOD_NOT_ALLOWED, "method", request)
    origin = request.headers.get("Origin")
    if not _is_own(origin, request.headers.get("Host")):
        return _refuse(HTTPStatus.FORBIDDEN, "origin", request)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_BODY:
            return _refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "size", request)
    code = body.decode("latin-1")
    try:
        rest = await run_in_threadpool(tickets.redeem, PURPOSE, code)
    except StoreUnavailableError as error:
        record(Event.STORE_UNAVAILABLE, reason=error)
        return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)
    if rest is None:
        return _refuse(HTTPStatus.GONE, "code", request)
    token = code + rest if rest else ""  # A logout's code has no other half.
    response = Response(status_code=HTTPStatus.NO_CONTENT, headers={"Cache-Control": "no-store"})
    response.set_cookie(
        cookie_name(origin),
        token,
        max_age=int(load_settings().session_hours * 3600) if token else 0,
        path=_base_path() or "/",
        secure=_is_https(origin),
        httponly=True,
        samesite="lax",
    )
    return response


def _refuse(status: HTTPStatus, reason: str, request: Request) -> Response:
    address = request.client.host if request.client else None
    record(Event.COOKIE_REFUSED, reason=reason, ip=address)
    allow = {"Allow": "POST"} if status == HTTPStatus.METHOD_NOT_ALLOWED else None
    return Response(status_code=status, headers=allow)


def _is_own(origin: str | None, host: str | None) -> bool:
    """Tell whether a request comes from a page of this app, as Streamlit does for websockets."""
    if not origin or not host:
        return False
    own = (f"http://{host}", f"https://{host}")
    return origin in own or origin in st.get_option("server.corsAllowedOrigins")


def _is_https(origin: str | None) -> bool:
    return (origin or "").startswith("https://")


def _base_path() -> str:
    """Return server.baseUrlPath as a path without a slash at its end: "" or "/base"."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}" if base else ""
