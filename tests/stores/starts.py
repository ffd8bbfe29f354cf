"""Starts of the app on a database: many at once, and such as are cut short."""

import os
import subprocess
import sys
from collections.abc import Mapping

from tests.support.baking import BakedProject

SERVERS = 10

# What a first start changes: seven tables, two users, fifteen indexes, and the version.
FIRST_START = 7 + 2 + 15 + 1

# Opens the store when whoever started it says so.
OPEN = """
from auth import stores
print("ready", flush=True)
input()
stores.current()
"""

# Is killed right before the statement of a number, of those that change something.
OPEN_UNTIL = """
import os
import signal
import sys
from sqlalchemy import Engine, event
from auth import stores

left = int(sys.argv[1])

@event.listens_for(Engine, "before_cursor_execute")
def count(connection, cursor, statement, *arguments):
    global left
    if statement.split()[0] in {"CREATE", "ALTER", "INSERT", "UPDATE", "COMMIT"} or any(
        unlock in statement for unlock in ("RELEASE_LOCK", "advisory_unlock")
    ):
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

stores.current()
"""


def start_at_once(
    project: BakedProject, environment: Mapping[str, str], number: int = SERVERS
) -> None:
    """Open the store of a project in many processes at the same moment, and expect no error."""
    servers = [start_to_open(project, environment) for _ in range(number)]
    for server in servers:
        assert server.stdout
        assert server.stdout.readline() == "ready\n"
    for server in servers:
        assert server.stdin
        server.stdin.write("\n")
        server.stdin.flush()
    for server in servers:
        output, _ = server.communicate(timeout=60)
        assert server.returncode == 0, output


def start_to_open(project: BakedProject, environment: Mapping[str, str]) -> subprocess.Popen[str]:
    """Start a process that opens the store of a project."""
    return subprocess.Popen(
        [sys.executable, "-c", OPEN],
        cwd=project.path,
        env={**os.environ, **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
