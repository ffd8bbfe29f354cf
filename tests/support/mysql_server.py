"""A private MySQL server in a folder of its own, and databases in it."""

import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pymysql
from pymysql.cursors import Cursor

from tests.support.servers import free_port

START_SECONDS = 60
PASSWORD = "s3cret-of-the-database"

MISSING = (
    "The MySQL tests need a server: install one (on Debian and Ubuntu: apt-get install "
    "mariadb-server), or set TEST_MYSQL_URL to mysql://USER:PASSWORD@HOST:PORT."
)


class Server:
    """A server that is already there, and an account on it that may do everything."""

    def __init__(self, host: str, port: int, user: str, password: str) -> None:
        self.host = host
        self.port = port
        self.user = user
        self.password = password

    def execute(self, *statements: str, database: str | None = None) -> list[tuple[object, ...]]:
        """Run statements as the administrator, and return the rows of the last one."""
        connection = pymysql.connect(
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password,
            database=database,
            autocommit=True,
            connect_timeout=5,
        )
        with connection, connection.cursor(Cursor) as cursor:
            for statement in statements:
                cursor.execute(statement)
            return list(cursor.fetchall())

    @contextmanager
    def new_database(self, rights: str = "ALL") -> "Iterator[Database]":
        """Create an empty database with a user of its own, and drop both after the with block."""
        database = self.create_database(rights)
        try:
            yield database
        finally:
            database.drop()

    def create_database(self, rights: str = "ALL") -> "Database":
        """Create an empty database with a user of its own."""
        database = Database(self, f"test_{secrets.token_hex(4)}")
        self.execute(
            f"CREATE DATABASE {database.name} CHARACTER SET latin1",
            f"CREATE USER '{database.name}'@'%' IDENTIFIED BY '{PASSWORD}'",
            f"GRANT {rights} ON {database.name}.* TO '{database.name}'@'%'",
        )
        return database


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

    def execute(self, *statements: str) -> list[tuple[object, ...]]:
        return self.server.execute(*statements, database=self.name)

    def kill_connections(self) -> None:
        """Have the server close every connection of this database's user."""
        query = f"SELECT id FROM information_schema.processlist WHERE user = '{self.name}'"
        for (connection,) in self.server.execute(query):
            self.server.execute(f"KILL {connection}")

    def drop(self) -> None:
        self.server.execute(f"DROP DATABASE {self.name}", f"DROP USER '{self.name}'@'%'")


class PrivateServer(Server):
    """A server that the tests may stop, hang and start again."""

    def __init__(self, folder: Path, *options: str) -> None:
        super().__init__("127.0.0.1", free_port(), "root", "")
        self.folder = folder
        self.options = options
        self._process: subprocess.Popen[bytes] | None = None

    def install(self) -> None:
        """Create the server's own files."""
        result = subprocess.run(
            [
                *(find_program("mariadb-install-db"), "--no-defaults", *self._as_user()),
                *(f"--datadir={self.folder / 'data'}", "--skip-test-db"),
                "--auth-root-authentication-method=normal",
            ],
            check=False,
            capture_output=True,
            encoding="utf-8",
        )
        if result.returncode:
            raise RuntimeError(f"The server was not installed:\n{result.stdout}{result.stderr}")

    def start(self) -> None:
        """Start the server and wait until it answers."""
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(find_program("mariadbd"), "--no-defaults", *self._as_user()),
                    *(f"--datadir={self.folder / 'data'}", f"--port={self.port}"),
                    *(f"--socket={self.folder / 'socket'}", "--bind-address=127.0.0.1"),
                    *(f"--pid-file={self.folder / 'pid'}", "--skip-name-resolve"),
                    # A test needs neither much memory nor a disk that is written at once.
                    *("--innodb-buffer-pool-size=64M", "--innodb-flush-log-at-trx-commit=0"),
                    *self.options,
                ],
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self.execute("SELECT 1")
                return
            except pymysql.err.OperationalError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    log_text = (self.folder / "server.log").read_text(errors="replace")
                    raise RuntimeError(f"The MySQL server did not start:\n{log_text}") from None
                time.sleep(0.05)

    def stop(self) -> None:
        if self._process is not None:
            self.resume()
            self._process.terminate()
            self._process.wait(timeout=60)
            self._process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def hang(self) -> None:
        """Have the server keep its connections and answer nothing."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self._process.pid, os.WSTOPPED)

    def resume(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)

    @staticmethod
    def _as_user() -> list[str]:
        return ["--user=root"] if os.getuid() == 0 else []


def find_program(name: str) -> str:
    """Return the path of a program of the server, or say what to install."""
    path = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if path is None:
        raise RuntimeError(MISSING)
    return path


def start_private_server(folder: Path, *options: str) -> PrivateServer:
    """Install and start a server in an empty folder. A path to a socket may be short only."""
    server = PrivateServer(folder, *options)
    server.install()
    server.start()
    return server


def server_of_environment() -> Server | None:
    """Return the server that TEST_MYSQL_URL names, if it does."""
    if not (url := os.environ.get("TEST_MYSQL_URL")):
        return None
    parts = urlsplit(url)
    return Server(
        parts.hostname or "127.0.0.1",
        parts.port or 3306,
        unquote(parts.username or "root"),
        unquote(parts.password or ""),
    )
