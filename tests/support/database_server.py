"""A private database server in a folder of its own, and databases in it, whichever server it is."""

import os
import secrets
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

from tests.support.servers import free_port

START_SECONDS = 60
PASSWORD = "s3cret-of-the-database"


class Server(ABC):
    """A server that is already there, and an account on it that may do everything."""

    # The driver's error of a connection that fails.
    ConnectionFailed: ClassVar[type[Exception]]
    # What its address begins with, and a database that it always has.
    SCHEME: ClassVar[str]
    OWN_DATABASE: ClassVar[str]
    # Asks for the names of all databases.
    DATABASES: ClassVar[str]

    def __init__(self, host: str, port: int, user: str, password: str) -> None:
        self.host = host
        self.port = port
        self.user = user
        self.password = password

    @property
    def url(self) -> str:
        """Where the tests of a project may make databases: their TEST_DATABASE_URL."""
        account = f"{quote(self.user, safe='')}:{quote(self.password, safe='')}"
        return f"{self.SCHEME}://{account}@{self.host}:{self.port}/{self.OWN_DATABASE}"

    @abstractmethod
    def connect(self, database: str | None = None) -> Any:
        """Connect as the administrator. Each statement commits by itself."""

    def execute(self, *statements: str, database: str | None = None) -> list[tuple[Any, ...]]:
        """Run statements as the administrator, and return the rows of the last one."""
        with self.connect(database) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []

    def databases(self) -> set[str]:
        """Return the names of all databases."""
        return {name for (name,) in self.execute(self.DATABASES)}

    @abstractmethod
    def create_database(self) -> "Database":
        """Create an empty database with a user of its own."""

    @contextmanager
    def new_database(self) -> "Iterator[Database]":
        """Create an empty database with a user of its own, and drop both after the with block."""
        database = self.create_database()
        try:
            yield database
        finally:
            database.drop()

    @staticmethod
    def new_name() -> str:
        return f"test_{secrets.token_hex(4)}"


class Database(ABC):
    """A database for one test, and the environment of an app that uses it."""

    # What its address begins with.
    SCHEME: ClassVar[str]

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
        address = f"{self.server.host}:{self.server.port}/{self.name}"
        return f"{self.SCHEME}://{self.name}:{PASSWORD}@{address}"

    def execute(self, *statements: str) -> list[tuple[Any, ...]]:
        return self.server.execute(*statements, database=self.name)

    @abstractmethod
    def connect(self) -> Any:
        """Connect as the user of this database."""

    @abstractmethod
    def drop(self) -> None:
        """Remove the database and its user, whoever is connected."""

    @abstractmethod
    def kill_connections(self) -> None:
        """Have the server close every connection of this database's user."""

    @abstractmethod
    def set_password(self, password: str) -> None:
        """Change the password of this database's user."""

    @abstractmethod
    def limit_connections(self) -> AbstractContextManager[None]:
        """Have the server take a few connections only, for the time of a with block."""

    @abstractmethod
    def limit_connections_of_its_user(self, number: int) -> None:
        """Have the server take so many connections of this database's user."""

    @abstractmethod
    def read_only(self) -> AbstractContextManager[None]:
        """Have the server change nothing on new connections, for the time of a with block.

        Those of before stay as they are, as if their server was another one.
        """

    @abstractmethod
    def indexes(self) -> set[tuple[Any, ...]]:
        """Return the tables with their indexes."""

    @abstractmethod
    def taken_lock(self) -> AbstractContextManager[None]:
        """Hold the lock of a server that changes the tables, for the time of a with block."""

    @abstractmethod
    def lock_is_free(self) -> bool:
        """Tell whether nobody holds that lock."""


class PrivateServer(Server):
    """A server that the tests may stop, hang and start again."""

    # How it is told to stop without waiting for those who are connected.
    STOP: ClassVar[signal.Signals]

    def __init__(self, folder: Path, user: str, *options: str) -> None:
        super().__init__("127.0.0.1", free_port(), user, "")
        self.folder = folder
        self.options = options
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def install(self) -> None:
        """Create the server's own files."""

    @abstractmethod
    def command(self) -> list[str]:
        """Return the command that starts the server."""

    def start(self) -> None:
        """Start the server and wait until it answers."""
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self.command(), *self.options],
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=environment_in(self.folder),
            )
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self.execute("SELECT 1")
                return
            except self.ConnectionFailed:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    log_text = (self.folder / "server.log").read_text(errors="replace")
                    raise RuntimeError(f"The server did not start:\n{log_text}") from None
                time.sleep(0.05)

    def stop(self) -> None:
        if self._process is not None:
            self.resume()
            self._process.send_signal(self.STOP)
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


def run_installer(command: list[str], folder: Path) -> None:
    """Run the program that creates the files of a server."""
    result = subprocess.run(
        command,
        check=False,
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        env=environment_in(folder),
    )
    if result.returncode:
        raise RuntimeError(f"The server was not installed:\n{result.stdout}{result.stderr}")


def environment_in(folder: Path) -> dict[str, str]:
    """Return an environment for a server: MariaDB removes what others have in a shared TMPDIR."""
    return {**os.environ, "TMPDIR": str(folder)}
