"""Start a generated app as its owner would, and stop it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

START_SECONDS = 60

# Called when a test fails inside of the with block of an app, while the app still runs.
at_failure: list[Callable[[], object]] = []


class _Ports:
    """The ports of the apps, each given to another app when its own has stopped for good.

    A browser that has been to the one then has most of the other in its cache.
    """

    def __init__(self) -> None:
        self._idle: list[int] = []

    def take(self) -> int:
        while self._idle:
            if self._is_free(port := self._idle.pop()):
                return port
        return free_port()

    def give_back(self, port: int) -> None:
        self._idle.append(port)

    @staticmethod
    def _is_free(port: int) -> bool:
        with socket.socket() as probe:
            # As servers do: connections that have just ended do not count.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return False
            return True


_ports = _Ports()


class AppServer:
    """A generated app behind `streamlit run`, with its log in a file.

    The port stays the same over a restart, as the browser's cookie does.
    """

    def __init__(
        self, project: Path, environment: Mapping[str, str] | None = None, base_path: str = ""
    ) -> None:
        self.project = project
        self.port = _ports.take()
        self.url = f"http://localhost:{self.port}{base_path}"
        self.environment = dict(environment or {})
        self._log_file = project.parent / f"{project.name}.{self.port}.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        return self._log_file.read_text(encoding="utf-8")

    def start(self) -> None:
        """Start the server and wait until it is healthy."""
        process = self.launch()
        deadline = time.monotonic() + START_SECONDS
        while not self._is_healthy():
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The app did not start:\n{self.log}")
            time.sleep(0.05)

    def launch(self) -> subprocess.Popen[bytes]:
        """Start the server and wait for nothing."""
        with self._log_file.open("ab") as log:
            self._process = subprocess.Popen(
                self.command(),
                cwd=self.project,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        return self._process

    def command(self) -> list[str]:
        return [
            *(sys.executable, "-m", "streamlit", "run", "app.py"),
            *("--server.port", str(self.port), "--server.headless", "true"),
        ]

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def _is_healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1) as response:
                return bool(response.status == 200)
        except OSError:
            return False


@contextmanager
def running(server: AppServer) -> Iterator[AppServer]:
    """Start an app, and stop it for good after the with block."""
    server.start()
    try:
        yield server
    except BaseException:
        for look in at_failure:
            look()
        raise
    finally:
        server.stop()
        _ports.give_back(server.port)


def free_port() -> int:
    """Return a port that nothing uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for_port(port: int) -> None:
    """Wait until something listens to a port."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def find_program(name: str, missing: str) -> str:
    """Return the path of a program, which may be where not everybody's PATH leads.

    Raises:
        RuntimeError: It is not there; `missing` says what to install.
    """
    path = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if path is None:
        raise RuntimeError(missing)
    return path
