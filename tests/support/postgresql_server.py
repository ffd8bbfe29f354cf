"""A private PostgreSQL server in a folder of its own, and databases in it."""

import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg

from tests.support.servers import free_port

START_SECONDS = 60
PASSWORD = "s3cret-of-the-database"

MISSING = (
    "The PostgreSQL tests need a server: install one (on Debian and Ubuntu: apt-get install "
    "postgresql), or set TEST_POSTGRESQL_URL to postgresql://USER:PASSWORD@HOST:PORT."
)
# PostgreSQL refuses to run as root. Debian's package comes with a user for it.
AS_ITS_USER = ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups")


class Server:
    """A server that is already there, and an account on it that may do everything."""

    def __init__(self, host: str, port: int, user: str, password: str) -> None:
        self.host = host
        self.port = port
        self.user = user
        self.password = password

    def connect(self, database: str | None = None) -> "psycopg.Connection[tuple[Any, ...]]":
        """Connect as the administrator."""
        return psycopg.connect(
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password,
            dbname=database or "postgres",
            autocommit=True,
            connect_timeout=5,
        )

    def execute(self, *statements: str, database: str | None = None) -> list[tuple[Any, ...]]:
        """Run statements as the administrator, and return the rows of the last one."""
        with self.connect(database) as connection:
            for statement in statements:
                cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def new_database(self) -> "Iterator[Database]":
        """Create an empty database with a user of its own, and drop both after the with block."""
        database = Database(self, f"test_{secrets.token_hex(4)}")
        self.execute(
            f"CREATE ROLE {database.name} LOGIN PASSWORD '{PASSWORD}'",
            f"CREATE DATABASE {database.name} OWNER {database.name}",
        )
        try:
            yield database
        finally:
            self.execute(
                f"DROP DATABASE {database.name} WITH (FORCE)", f"DROP ROLE {database.name}"
            )


class Database:
    """A database for one test, and the environment of an app that uses it."""

    def __init__(self, server: Server, name: str) -> None:
        self.server = server
        self.name = name

    @property
    def environment(self) -> dict[str, str]:
        return {
            "DB_HOST": self.server.host,
            "DB_PORT": str(self.server.port),
            "DB_USER": self.name,
            "DB_PASSWORD": PASSWORD,
            "DB_NAME": self.name,
        }

    @property
    def url(self) -> str:
        """All of that in one line, as hosting services give it."""
        server = self.server
        return f"postgres://{self.name}:{PASSWORD}@{server.host}:{server.port}/{self.name}"

    def execute(self, *statements: str) -> list[tuple[Any, ...]]:
        return self.server.execute(*statements, database=self.name)

    def kill_connections(self) -> None:
        """Have the server close every connection of this database's user."""
        self.server.execute(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{self.name}'"
        )


class PrivateServer(Server):
    """A server that the tests may stop, hang and start again."""

    def __init__(self, folder: Path, *options: str) -> None:
        super().__init__("127.0.0.1", free_port(), "postgres", "")
        self.folder = folder
        self.options = options
        self._process: subprocess.Popen[bytes] | None = None

    def install(self) -> None:
        """Create the server's own files."""
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        result = subprocess.run(
            [
                *(*as_its_user(), find_program("initdb"), f"--pgdata={self.folder / 'data'}"),
                *("--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
                # Its administrator comes from this machine only; everybody else has a password.
                *("--auth-host=scram-sha-256", "--auth-local=reject"),
            ],
            check=False,
            capture_output=True,
            encoding="utf-8",
            cwd=self.folder,
        )
        if result.returncode:
            raise RuntimeError(f"The server was not installed:\n{result.stdout}{result.stderr}")
        rules = "host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
        (self.folder / "data" / "pg_hba.conf").write_text(rules)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(*as_its_user(), find_program("postgres"), "-D", str(self.folder / "data")),
                    *("-c", f"port={self.port}", "-c", "listen_addresses=127.0.0.1"),
                    *("-c", "unix_socket_directories="),
                    # A test needs neither much memory nor a disk that is written at once.
                    *("-c", "fsync=off", "-c", "synchronous_commit=off"),
                    *("-c", "full_page_writes=off", "-c", "shared_buffers=32MB"),
                    *self.options,
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
            )
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self.execute("SELECT 1")
                return
            except psycopg.OperationalError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    log_text = (self.folder / "server.log").read_text(errors="replace")
                    raise RuntimeError(f"PostgreSQL did not start:\n{log_text}") from None
                time.sleep(0.05)

    def stop(self) -> None:
        """Stop the server without waiting for those who are connected."""
        if self._process is not None:
            self.resume()
            self._process.send_signal(signal.SIGINT)
            self._process.wait(timeout=60)
            self._process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def hang(self) -> None:
        """Have the server keep its connections and answer nothing."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)
        self._signal_children(signal.SIGSTOP)

    def resume(self) -> None:
        if self._process is not None:
            self._signal_children(signal.SIGCONT)
            self._process.send_signal(signal.SIGCONT)

    def _signal_children(self, sign: signal.Signals) -> None:
        """Send a signal to the processes of the server, one for each connection and some more."""
        assert self._process
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self._process.pid)],
            check=False,
            capture_output=True,
            encoding="utf-8",
        )
        for pid in map(int, listed.stdout.split()):
            with suppress(ProcessLookupError):  # it has just ended by itself
                os.kill(pid, sign)


def as_its_user() -> tuple[str, ...]:
    """Return the command before that of a server, which does not run as root."""
    return AS_ITS_USER if os.getuid() == 0 else ()


def find_program(name: str) -> str:
    """Return the path of a program of the server, or say what to install."""
    # Debian keeps those of each version in a folder of its own.
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=version_of)
    path = ":".join([*(str(folder) for folder in reversed(folders)), os.environ.get("PATH", "")])
    program = shutil.which(name, path=path)
    if program is None:
        raise RuntimeError(MISSING)
    return program


def version_of(folder: Path) -> float:
    return float(folder.parent.name)


def start_private_server(folder: Path, *options: str) -> PrivateServer:
    """Install and start a server in an empty folder, which everybody may look into."""
    server = PrivateServer(folder, *options)
    server.install()
    server.start()
    return server


def server_of_environment() -> Server | None:
    """Return the server that TEST_POSTGRESQL_URL names, if it does."""
    if not (url := os.environ.get("TEST_POSTGRESQL_URL")):
        return None
    parts = urlsplit(url)
    return Server(
        parts.hostname or "127.0.0.1",
        parts.port or 5432,
        unquote(parts.username or "postgres"),
        unquote(parts.password or ""),
    )
