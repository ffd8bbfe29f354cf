"""What the server does around Streamlit."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.middleware import Middleware

from auth import cookies, texts
from auth.cookies.device import DeviceCookie
from auth.events import Event, record
from auth.records import SettingsError, StoreUnavailableError
from auth.server import sending
from auth.server.caching import Caching
from auth.server.headers import SecurityHeaders
from auth.server.preloading import Preloading
{% if "second_factor" in cookiecutter.accounts %}
from auth.server.reconnection import Reconnection
{% endif %}
from auth.server.resumption import ResumptionGuard
from auth.server.visit import Visit
from auth.server.wall import Wall
from auth.users import demo, directory
{% if "second_factor" in cookiecutter.accounts %}
from auth.users.factors import keys
{% endif %}
from auth.visitor import internals

MIDDLEWARE = [
    Middleware(Visit),
    Middleware(SecurityHeaders),
    Middleware(Caching),
    Middleware(ResumptionGuard),
    Middleware(Wall),
{% if "second_factor" in cookiecutter.accounts %}
    Middleware(Reconnection),
{% endif %}
    Middleware(Preloading),
    Middleware(DeviceCookie),
]


def check() -> None:
    """Stop the process if a setting is wrong; record what else whoever runs the app should know."""
    try:
        internals.check()
        texts.check()
{% if "second_factor" in cookiecutter.accounts %}
        keys.check()
{% endif %}
        directory.open_store()
        demo.warn()
    except SettingsError as error:
        print(f"ERROR: {error}", file=sys.stderr)
        raise SystemExit(1) from None
    except StoreUnavailableError as error:
        # It may be back when the first visitor comes.
        record(Event.STORE_UNAVAILABLE, reason=error)


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[None]:
    """Get ready for the first visitor."""
    sending.send_at_once()
    cookies.start()
    yield
