"""What a running app has had of the machine. Linux only."""

import os
from pathlib import Path

from tests.support.servers import AppServer


def processor_seconds(server: AppServer) -> float:
    """Return what a server has had of the processor: other work does not add to it."""
    assert server._process
    stat = Path(f"/proc/{server._process.pid}/stat").read_text(encoding="utf-8")
    user, system = stat.rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def mebibytes(server: AppServer) -> float:
    """Return the memory of a server."""
    assert server._process
    statm = Path(f"/proc/{server._process.pid}/statm").read_text(encoding="ascii")
    return int(statm.split()[1]) * 4096 / 2**20


def own_mebibytes(server: AppServer) -> float:
    """Return the memory that only a server has: what it shares with other processes is left out."""
    assert server._process
    rollup = Path(f"/proc/{server._process.pid}/smaps_rollup").read_text(encoding="ascii")
    private = [line.split()[1] for line in rollup.splitlines() if line.startswith("Private_")]
    return sum(map(int, private)) / 1024
