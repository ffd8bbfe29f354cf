"""An SQLite file that cannot be used: nobody is let in, nobody is logged out, nothing is lost."""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.conftest import Bake
from tests.support.baking import BakedProject

# Does what it reads, and says what came of it.
WORKER = """
import resource
import sys
from auth.login import by_password
from auth.records import StoreUnavailableError
from auth.sessions import sessions
from auth.sessions.tokens import hash_token

for line in sys.stdin:
    match line.split():
        case ["log-in", name]:
            work = lambda: by_password.log_in(name, name)
        case ["look", token]:
            work = lambda: getattr(sessions.find(hash_token(token)).user, "username", "nobody")
        case ["allow-files-of", size]:
            limits = int(size), resource.getrlimit(resource.RLIMIT_FSIZE)[1]
            work = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    try:
        print(work(), flush=True)
    except StoreUnavailableError as error:
        print("!", error, flush=True)
"""
# As root every file can be read and written, whatever its rights; without these it cannot.
POWERS = "-dac_override,-dac_read_search"
WITHOUT_POWERS = ("setpriv", f"--bounding-set={POWERS}", f"--inh-caps={POWERS}")
WAIT = 2  # seconds that the app waits for a lock


class Worker:
    """A process of the app."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def says(self, *words: str) -> str:
        """Have it do something, and return what came of it."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(" ".join(words) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()

    def log_in(self, name: str = "test1") -> str:
        """Log in, and return the token."""
        token = self.says("log-in", name)
        assert not token.startswith("!"), token
        return token

    def lets_nobody_in(self, reason: str) -> None:
        """Expect that a login fails with one sentence."""
        said = self.says("log-in", "test1")
        assert said.startswith("! The database in ")
        assert reason in said

    def knows(self, token: str) -> None:
        """Expect that somebody is still logged in."""
        assert self.says("look", token) == "test1"


@pytest.fixture(scope="module")
def project(bake: Bake) -> BakedProject:
    return bake(store_backend="sqlite")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "app.db"


@contextmanager
def started(project: BakedProject, file: Path) -> Iterator[Worker]:
    """Start a process of the app, which may do no more than the rights of files say."""
    process = subprocess.Popen(
        [*(WITHOUT_POWERS if os.getuid() == 0 else ()), sys.executable, "-c", WORKER],
        cwd=project.path,
        env={**os.environ, "DB_FILE": str(file), "DB_QUERY_SECONDS": str(WAIT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    )
    with process:
        yield Worker(process)


@pytest.fixture
def worker(project: BakedProject, file: Path) -> Iterator[Worker]:
    with started(project, file) as worker:
        yield worker


@pytest.fixture(scope="module")
def left(project: BakedProject, tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, str]:
    """What an app has left that has ended: its file, and the token of somebody who logged in."""
    file = tmp_path_factory.mktemp("left") / "app.db"
    with started(project, file) as worker:
        token = worker.log_in()
    return file.read_bytes(), token


@pytest.fixture
def token(file: Path, left: tuple[bytes, str]) -> str:
    """The token of somebody who logged in to the app that had the file before."""
    file.parent.mkdir()
    data, token = left
    file.write_bytes(data)
    return token


def test_a_file_that_another_process_has_locked_keeps_who_is_logged_in(
    worker: Worker, file: Path
) -> None:
    token = worker.log_in()
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        for _ in range(2):
            began = time.monotonic()
            worker.lets_nobody_in("is locked by another process")
            assert time.monotonic() - began < 2 * WAIT
            began = time.monotonic()
            worker.knows(token)
            assert time.monotonic() - began < WAIT
        other.execute("ROLLBACK")
    worker.knows(token)
    worker.knows(worker.log_in())


def test_a_read_only_file_keeps_who_is_logged_in(worker: Worker, file: Path, token: str) -> None:
    file.chmod(0o400)
    worker.knows(token)
    worker.lets_nobody_in("is read-only: check the rights of the file, of those beside it")
    worker.knows(token)
    for each in file.parent.iterdir():
        each.chmod(0o600)
    worker.knows(worker.log_in())


def test_a_file_that_may_not_be_read_lets_nobody_in(worker: Worker, file: Path, token: str) -> None:
    file.chmod(0o000)
    worker.lets_nobody_in("cannot be opened")
    assert worker.says("look", token).startswith("! ")
    file.chmod(0o600)
    worker.knows(token)
    worker.knows(worker.log_in())


def test_a_read_only_folder_lets_nobody_in(worker: Worker, file: Path, token: str) -> None:
    file.parent.chmod(0o500)
    worker.lets_nobody_in("is read-only: check the rights of the file, of those beside it")
    assert worker.says("look", token).startswith("! ")
    file.parent.chmod(0o700)
    worker.knows(token)
    worker.knows(worker.log_in())


def test_a_folder_that_cannot_be_made_lets_nobody_in(worker: Worker, file: Path) -> None:
    file.parent.parent.chmod(0o500)
    worker.lets_nobody_in("cannot be opened: check that its folder exists")
    file.parent.parent.chmod(0o700)
    worker.knows(worker.log_in())


def test_a_disk_that_takes_no_more_keeps_who_is_logged_in(worker: Worker, file: Path) -> None:
    token = worker.log_in()
    with closing(sqlite3.connect(file)) as other:
        # Whoever closes the file now as the last would take the files beside it along.
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    worker.says("allow-files-of", "4096")
    worker.lets_nobody_in("check the disk")
    worker.knows(token)
    worker.says("allow-files-of", "-1")
    worker.knows(token)
    worker.knows(worker.log_in())


@pytest.mark.parametrize(
    ("start", "damage", "reason"),
    [
        (0, b"not a database. " * 100, "is not an SQLite database: restore the file from a backup"),
        (100, b"\xff" * 8000, "is damaged: restore the file from a backup"),
    ],
)
def test_a_damaged_file_lets_nobody_in_and_is_left_as_it_is(
    worker: Worker, file: Path, token: str, start: int, damage: bytes, reason: str
) -> None:
    whole = file.read_bytes()
    damaged = whole[:start] + damage + whole[start + len(damage) :]
    file.write_bytes(damaged)
    worker.lets_nobody_in(reason)
    assert worker.says("look", token).startswith("! ")
    assert file.read_bytes() == damaged
    file.write_bytes(whole)
    worker.knows(token)
    worker.knows(worker.log_in())
