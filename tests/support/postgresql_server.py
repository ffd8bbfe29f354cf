"""A private PostgreSQL server in a folder of its own, and databases in it."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg

from tests.support import database_server
from tests.support.database_server import PASSWORD, run_installer

MISSING = (
    "The PostgreSQL tests need a server: install one (on Debian and Ubuntu: apt-get install "
    "postgresql), or set TEST_POSTGRESQL_URL to postgresql://USER:PASSWORD@HOST:PORT."
)
# PostgreSQL refuses to run as root. Debian's package comes with a user for it.
AS_ITS_USER = ("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups")
_LOCK = 0x61757468  # "auth"


class Server(database_server.Server):
    """A server that is already there, and an account on it that may do everything."""

    ConnectionFailed = psycopg.OperationalError
    SCHEME = "postgresql"
    OWN_DATABASE = "postgres"
    DATABASES = "SELECT datname FROM pg_database"

    def connect(self, database: str | None = None) -> Any:
        """Connect as the administrator. Each statement commits by itself."""
        return psycopg.connect(
            host=self.host,
            port=self.port,
            user=self.user,
            password=self.password,
            dbname=database or self.OWN_DATABASE,
            autocommit=True,
            connect_timeout=5,
        )

    def create_database(self) -> "Database":
        """Create an empty database with a user of its own."""
        database = Database(self, self.new_name())
        self.execute(
            f"CREATE ROLE {database.name} LOGIN PASSWORD '{PASSWORD}'",
            f"CREATE DATABASE {database.name} OWNER {database.name}",
        )
        return database


class Database(database_server.Database):
    """A database for one test, and the environment of an app that uses it."""

    SCHEME = "postgres"

    def connect(self) -> Any:
        """Connect as the user of this database."""
        return psycopg.connect(self.url)

    def drop(self) -> None:
        """Remove the database and its user, whoever is connected."""
        self.server.execute(f"DROP DATABASE {self.name} WITH (FORCE)", f"DROP ROLE {self.name}")

    def kill_connections(self) -> None:
        """Have the server close every connection of this database's user."""
        self.server.execute(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{self.name}'"
        )

    def set_password(self, password: str) -> None:
        """Change the password of this database's user."""
        self.server.execute(f"ALTER ROLE {self.name} PASSWORD '{password}'")

    @contextmanager
    def limit_connections(self) -> Iterator[None]:
        """Have the server take a few connections only, for the time of a with block."""
        self.server.execute(f"ALTER DATABASE {self.name} CONNECTION LIMIT 3")
        yield
        self.server.execute(f"ALTER DATABASE {self.name} CONNECTION LIMIT -1")

    def limit_connections_of_its_user(self, number: int) -> None:
        """Have the server take so many connections of this database's user."""
        self.server.execute(f"ALTER ROLE {self.name} CONNECTION LIMIT {number}")

    @contextmanager
    def read_only(self) -> Iterator[None]:
        """Have the server change nothing on new connections, for the time of a with block."""
        setting = f"ALTER DATABASE {self.name} SET default_transaction_read_only"
        self.server.execute(f"{setting} = on")
        yield
        self.server.execute(f"{setting} = off")

    def indexes(self) -> set[tuple[Any, ...]]:
        """Return the tables with their indexes."""
        query = "SELECT tablename, indexname FROM pg_indexes WHERE schemaname = 'public'"
        return set(self.execute(query))

    @contextmanager
    def taken_lock(self) -> Iterator[None]:
        """Hold the lock of a server that changes the tables, for the time of a with block."""
        with self.server.connect(self.name) as connection:
            connection.execute(f"SELECT pg_advisory_lock({_LOCK})")
            yield

    def lock_is_free(self) -> bool:
        """Tell whether nobody holds that lock."""
        query = (
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return self.execute(query) == [(0,)]


class PrivateServer(database_server.PrivateServer, Server):
    """A server that the tests may stop, hang and start again."""

    STOP = signal.SIGINT

    def install(self) -> None:
        """Create the server's own files."""
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        command = [
            *(*as_its_user(), find_program("initdb"), f"--pgdata={self.folder / 'data'}"),
            *("--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
            # Its administrator comes from this machine only; everybody else has a password.
            *("--auth-host=scram-sha-256", "--auth-local=reject"),
        ]
        run_installer(command, self.folder)
        rules = "host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
        (self.folder / "data" / "pg_hba.conf").write_text(rules)

    def command(self) -> list[str]:
        """Return the command that starts the server."""
        return [
            *(*as_its_user(), find_program("postgres"), "-D", str(self.folder / "data")),
            *("-c", f"port={self.port}", "-c", "listen_addresses=127.0.0.1"),
            *("-c", "unix_socket_directories="),
            # A test needs neither much memory nor a disk that is written at once.
            *("-c", "fsync=off", "-c", "synchronous_commit=off"),
            *("-c", "full_page_writes=off", "-c", "shared_buffers=32MB"),
        ]

    def hang(self) -> None:
        """Have the server keep its connections and answer nothing."""
        super().hang()
        self._signal_children(signal.SIGSTOP)

    def resume(self) -> None:
        if self._process is not None:
            self._signal_children(signal.SIGCONT)
        super().resume()

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
    server = PrivateServer(folder, "postgres", *options)
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
