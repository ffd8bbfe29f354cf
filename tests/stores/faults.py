"""What the tests of a failing database share: what has to be true whatever fails."""

import subprocess
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from tests.support.modules import App

PASSWORD = "s3cret-of-the-database"
SMALL_POOL = {"DB_POOL_SIZE": "4"}
IMPATIENT = {"DB_CONNECT_SECONDS": "0.5", "DB_QUERY_SECONDS": "0.5", **SMALL_POOL}
THREADS = 20


@contextmanager
def unavailable(app: App, reason: str) -> Iterator[None]:
    """Expect that the store says why it cannot be used, and nothing secret."""
    with pytest.raises(app.records.StoreUnavailableError, match=reason) as caught:
        yield
    shown = "".join(traceback.format_exception(caught.value))
    assert PASSWORD not in shown
    assert "sqlalchemy.exc" not in shown
    assert "\n" not in str(caught.value)


def nobody_gets_in(app: App, token: str, reason: str) -> None:
    """Expect that neither a login nor a session is believed, and none is ended."""
    auth = app.load("auth")
    for attempt in (
        lambda: auth.verify_user("test1", "test1"),
        lambda: auth.verify_user("nobody", "test1"),
        lambda: auth.validate_session(token),
        lambda: auth.validate_session("A" * 86),
        lambda: auth.create_session("test1"),
        lambda: auth.destroy_session(token),
        auth.get_db_connection,
    ):
        with unavailable(app, reason):
            attempt()


def make_certificate(folder: Path, name: str) -> None:
    """Make a certificate of 127.0.0.1 that is its own authority."""
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem"),
        ],
        check=True,
        capture_output=True,
    )


def waits_until(condition: Callable[[], bool], app: App) -> None:
    """Wait until the server has noticed that connections are closed."""
    deadline = time.monotonic() + 10
    while True:
        try:
            assert condition()
            return
        except app.records.StoreUnavailableError:
            assert time.monotonic() < deadline


def at_once(work: Callable[[], Any]) -> list[Any]:
    """Call a function in many threads that start together."""
    barrier = Barrier(THREADS)

    def begin(_: int) -> Any:
        barrier.wait()
        return work()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(begin, range(THREADS)))
