"""The route where a browser trades a one-time code for its login cookie."""

import hmac
from http import HTTPStatus
from typing import Final

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from auth.cookies.names import base_path, device_cookie_name, is_https, prefixed
from auth.events import Event, record
from auth.records import StoreUnavailableError
from auth.sessions import tickets, tokens
from auth.settings import load_settings
from auth.visitor import handshake

PURPOSE: Final = "cookie"

_MAX_BODY = 256  # bytes; a code has 43
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

_served = False


def routes() -> list[Route]:
    """Return the routes that the server needs to keep logins."""
    global _served
    _served = True
    return [Route(route_path(), _set_cookie, methods=_METHODS)]


def cookie_name(origin: str | None) -> str:
    """Return the name of the login cookie for a page of an origin.

    Args:
        origin: The Origin header: the scheme that the browser sees, whatever
            proxies stand between.
    """
    return prefixed(load_settings().cookie_name, is_https(origin))


def are_served() -> bool:
    """Tell whether this process serves the routes."""
    return _served


def route_path() -> str:
    """Return the path of the route, below the app's base path."""
    return f"{base_path()}/_auth/cookie"


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
        payload = await run_in_threadpool(tickets.redeem, PURPOSE, code)
    except StoreUnavailableError as error:
        record(Event.STORE_UNAVAILABLE, reason=error)
        return Response(status_code=HTTPStatus.SERVICE_UNAVAILABLE)
    if payload is None:
        return _refuse(HTTPStatus.GONE, "code", request)
    device_hash, _, rest = payload.partition(" ")
    if rest and not _is_the_device(request, device_hash):
        return _refuse(HTTPStatus.FORBIDDEN, "device", request)
    token = code + rest if rest else ""  # A logout's code has no other half.
    response = Response(status_code=HTTPStatus.NO_CONTENT)
    response.set_cookie(
        cookie_name(origin),
        token,
        max_age=int(load_settings().session_hours * 3600) if token else 0,
        path=base_path() or "/",
        secure=is_https(origin),
        httponly=True,
        samesite="lax",
    )
    return response


def _is_the_device(request: Request, expected_hash: str) -> bool:
    """Tell whether a request comes from the browser whose cookie has a hash.

    A script in the page that holds a code back cannot read that cookie, and so cannot use
    the code elsewhere.
    """
    name = device_cookie_name(request.headers.get("Origin"))
    cookie = handshake.cookie_in(request.headers.getlist("Cookie"), name) or ""
    return hmac.compare_digest(tokens.hash_token(cookie), expected_hash)


def _refuse(status: HTTPStatus, reason: str, request: Request) -> Response:
    record(Event.COOKIE_REFUSED, reason=reason)
    allow = {"Allow": "POST"} if status == HTTPStatus.METHOD_NOT_ALLOWED else None
    return Response(status_code=status, headers=allow)


def _is_own(origin: str | None, host: str | None) -> bool:
    """Tell whether a request comes from a page of this app, or of an origin that its owner has named.

    That is less than what may open a websocket: a page of the same host on another port is
    another app's, and neither `browser.serverAddress` nor `server.enableCORS` changes anything.
    """
    if not origin or not host:
        return False
    named = st.get_option("server.corsAllowedOrigins")
    return any(handshake.is_origin_of(origin, address.strip()) for address in (host, *named))
