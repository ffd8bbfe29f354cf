"""A private MySQL server in a folder of its own, and databases in it."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pymysql

from tests.support import database_server
from tests.support.database_server import PASSWORD, run_installer
from tests.support.servers import find_program

MISSING = (
    "The MySQL tests need a server: install one (on Debian and Ubuntu: apt-get install "
    "mariadb-server), or set TEST_MYSQL_URL to mysql://USER:PASSWORD@HOST:PORT."
)
_LOCK = "CONCAT('auth ', SHA1(DATABASE()))"


class Server(database_server.Server):
    """A server that is already there, and an account on it that may do everything."""

    ConnectionFailed = pymysql.err.OperationalError
    SCHEME = "mysql"
    OWN_DATABASE = "mysql"
    DATABASES = "SHOW DATABASES"

    def connect(self, database: str | None = None) -> Any:
        """Connect as the administrator. Each statement commits by itself."""
        return pymysql.connect(
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password,
            database=database,
            autocommit=True,
            connect_timeout=5,
        )

    def create_database(self) -> "Database":
        """Create an empty database with a user of its own."""
        database = Database(self, self.new_name())
        self.execute(
            f"CREATE DATABASE {database.name} CHARACTER SET latin1",
            f"CREATE USER {database.user} IDENTIFIED BY '{PASSWORD}'",
            f"GRANT ALL ON {database.name}.* TO {database.user}",
        )
        return database


class Database(database_server.Database):
    """A database for one test, and the environment of an app that uses it."""

    SCHEME = "mysql"

    @property
    def user(self) -> str:
        """Its user, as statements name them."""
        return f"'{self.name}'@'%'"

    def connect(self) -> Any:
        """Connect as the user of this database."""
        server = self.server
        return pymysql.connect(
            host=server.host, port=server.port, user=self.name, password=PASSWORD
        )

    def drop(self) -> None:
        """Remove the database and its user, whoever is connected."""
        self.server.execute(f"DROP DATABASE {self.name}", f"DROP USER {self.user}")

    def kill_connections(self) -> None:
        """Have the server close every connection of this database's user."""
        query = f"SELECT id FROM information_schema.processlist WHERE user = '{self.name}'"
        for (connection,) in self.server.execute(query):
            self.server.execute(f"KILL {connection}")

    def set_password(self, password: str) -> None:
        """Change the password of this database's user."""
        self.server.execute(f"ALTER USER {self.user} IDENTIFIED BY '{password}'")

    @contextmanager
    def limit_connections(self) -> Iterator[None]:
        """Have the server take a few connections only, for the time of a with block."""
        ((before,),) = self.server.execute("SELECT @@max_connections")
        self.server.execute("SET GLOBAL max_connections = 10")
        try:
            yield
        finally:
            self.server.execute(f"SET GLOBAL max_connections = {before}")

    def limit_connections_of_its_user(self, number: int) -> None:
        """Have the server take so many connections of this database's user."""
        self.server.execute(f"ALTER USER {self.user} WITH MAX_USER_CONNECTIONS {number}")

    @contextmanager
    def read_only(self) -> Iterator[None]:
        """Have the server change nothing on new connections, for the time of a with block."""
        self.server.execute("SET GLOBAL TRANSACTION READ ONLY")
        try:
            yield
        finally:
            self.server.execute("SET GLOBAL TRANSACTION READ WRITE")

    def indexes(self) -> set[tuple[Any, ...]]:
        """Return the tables with their indexes."""
        query = (
            "SELECT table_name, index_name FROM information_schema.statistics "
            "WHERE table_schema = DATABASE()"
        )
        return set(self.execute(query))

    @contextmanager
    def taken_lock(self) -> Iterator[None]:
        """Hold the lock of a server that changes the tables, for the time of a with block."""
        with self.server.connect(self.name) as connection, connection.cursor() as cursor:
            cursor.execute(f"SELECT GET_LOCK({_LOCK}, 0)")
            assert cursor.fetchone() == (1,)
            yield

    def lock_is_free(self) -> bool:
        """Tell whether nobody holds that lock."""
        return self.execute(f"SELECT IS_FREE_LOCK({_LOCK})") == [(1,)]


class PrivateServer(database_server.PrivateServer, Server):
    """A server that the tests may stop, hang and start again."""

    STOP = signal.SIGTERM

    def install(self) -> None:
        """Create the server's own files."""
        command = [
            *(find_program("mariadb-install-db", MISSING), "--no-defaults", *self._as_user()),
            *(f"--datadir={self.folder / 'data'}", "--skip-test-db"),
            "--auth-root-authentication-method=normal",
        ]
        run_installer(command, self.folder)

    def command(self) -> list[str]:
        """Return the command that starts the server."""
        return [
            *(find_program("mariadbd", MISSING), "--no-defaults", *self._as_user()),
            *(f"--datadir={self.folder / 'data'}", f"--port={self.port}"),
            *(f"--socket={self.folder / 'socket'}", "--bind-address=127.0.0.1"),
            *(f"--pid-file={self.folder / 'pid'}", "--skip-name-resolve"),
            # A test needs neither much memory nor a disk that is written at once.
            *("--innodb-buffer-pool-size=64M", "--innodb-flush-log-at-trx-commit=0"),
        ]

    @staticmethod
    def _as_user() -> list[str]:
        return ["--user=root"] if os.getuid() == 0 else []


def start_private_server(folder: Path, *options: str) -> PrivateServer:
    """Install and start a server in an empty folder. A path to a socket may be short only."""
    server = PrivateServer(folder, "root", *options)
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
