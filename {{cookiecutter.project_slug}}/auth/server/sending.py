"""Connections that keep nothing back."""

import os
import socket
import stat
from contextlib import suppress

_DESCRIPTORS = "/dev/fd"  # of this process: there is no such place on Windows


def send_at_once() -> None:
    """Have the connections of this process send a message without waiting for the one before.

    Streamlit makes the socket it listens on in a way for which asyncio leaves Nagle's algorithm
    on (RFC 896): a message then waits until the browser has acknowledged the one before, which
    Linux puts off by 40 ms. A connection takes over what is set for the socket that listens.
    """
    with suppress(OSError):
        for name in os.listdir(_DESCRIPTORS):
            with suppress(OSError):
                _set_nodelay(int(name))


def _set_nodelay(descriptor: int) -> None:
    """Set the option, which raises OSError for all that is no TCP connection."""
    if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
        with socket.socket(fileno=os.dup(descriptor)) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
