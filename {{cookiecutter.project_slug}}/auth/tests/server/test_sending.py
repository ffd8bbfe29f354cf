"""Connections that keep nothing back."""

import socket
import sys

import pytest

from auth.server.sending import send_at_once


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no list of a process's sockets")
def test_a_connection_to_a_socket_that_listens_waits_for_no_acknowledgement() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        send_at_once()
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_system_without_such_a_list_goes_on_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auth.server.sending._DESCRIPTORS", "/nowhere")
    send_at_once()
