"""A network that takes its time: a proxy in front of an app that passes everything on later."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from threading import Thread

from tests.support.servers import AppServer, free_port, wait_for_port


@contextmanager
def slow_network(app: AppServer, milliseconds: float) -> Iterator[str]:
    """Give the address of an app behind a network, for the time of a with block.

    Args:
        app: The running app.
        milliseconds: What the network adds to a round trip.
    """
    port, stopped = free_port(), Future[None]()
    network = _serve(port, app.port, milliseconds / 2000, stopped)
    # A thread of its own: Playwright has an event loop in this one.
    thread = Thread(target=asyncio.run, args=[network])
    thread.start()
    try:
        wait_for_port(port)
        yield f"http://localhost:{port}"
    finally:
        stopped.set_result(None)
        thread.join()


async def _serve(port: int, app_port: int, delay: float, stopped: Future[None]) -> None:
    """Pass on what comes to a port, both ways and so many seconds later, until it is stopped."""
    loop = asyncio.get_running_loop()

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(2**16):
                loop.call_later(delay, writer.write, data)
        finally:
            loop.call_later(delay, writer.close)

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to_reader, to_writer = await asyncio.open_connection("localhost", app_port)
        both = pass_on(reader, to_writer), pass_on(to_reader, writer)
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*both, return_exceptions=True)

    await asyncio.start_server(connect, "127.0.0.1", port)
    await asyncio.wrap_future(stopped)
