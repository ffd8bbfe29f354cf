"""A connection to PostgreSQL that does not wait for ever, and may lead to a pooler."""

import math
import time
from contextlib import suppress
from typing import Any

import psycopg
from psycopg.abc import RV, PQGen

_CANCEL_SECONDS = 1
_PREPARED_AFTER = 5  # times that a statement was run


class PatientConnection(psycopg.Connection[Any]):
    """A connection that gives up on a server which says nothing.

    A limit of the server's own would be a setting of its session, and behind a pooler that is
    the next one's too.
    """

    patience = math.inf  # seconds

    def prepare_unless_pooled(self) -> None:
        """Prepare no statement if a pooler may give the next one to a session that lacks it.

        A pooler tells a number of its own for the process of the server.
        """
        self.prepare_threshold = None
        try:
            row = self.execute("SELECT pg_backend_pid()").fetchone()
        except BaseException:
            self.close()
            raise
        if row == (self.info.backend_pid,):
            self.prepare_threshold = _PREPARED_AFTER

    def wait(self, gen: PQGen[RV], *arguments: Any, **options: Any) -> RV:
        """Wait for the server. If that takes too long, have it stop, and close the connection."""
        try:
            return super().wait(in_time(gen, self.patience), *arguments, **options)
        except TimeoutError as error:
            with suppress(psycopg.Error):  # It may be gone.
                self.cancel_safe(timeout=_CANCEL_SECONDS)
            self.pgconn.finish()
            raise psycopg.OperationalError("the server did not respond in time") from error


def in_time(steps: PQGen[RV], seconds: float) -> PQGen[RV]:
    """Do the steps of a wait, and raise TimeoutError when the time is over."""
    deadline = time.monotonic() + seconds
    try:
        state = next(steps)
        while True:
            ready = yield state
            if not ready and time.monotonic() >= deadline:
                raise TimeoutError
            state = steps.send(ready)
    except StopIteration as done:
        result: RV = done.value
        return result
