"""Starts on an SQLite file, and several processes that work on it."""

import itertools
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Bake
from tests.stores.conftest import at_once
from tests.stores.starts import FIRST_START, OPEN_UNTIL, start_at_once
from tests.support.baking import BakedProject
from tests.support.modules import App
from tests.support.sweep import sweep

PROCESSES = 6
ROUNDS = 30
# Logs in and out, over and over, in a number of threads.
WORK = f"""
import sys
from concurrent.futures import ThreadPoolExecutor
from auth import create_session, destroy_session, validate_session, stores

def work(number):
    for _ in range({ROUNDS}):
        token = create_session("test1")
        assert validate_session(token) == "test1"
        destroy_session(token)
        assert validate_session(token) is None
    create_session("test1")

with ThreadPoolExecutor(4) as pool:
    list(pool.map(work, range(4)))
"""


@pytest.fixture(scope="module")
def project(bake: Bake) -> BakedProject:
    return bake(store_backend="sqlite")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The file of the database, which does not exist, and neither does its folder."""
    return tmp_path / "data" / "app.db"


@pytest.fixture
def environment(file: Path) -> dict[str, str]:
    return {"DB_FILE": str(file)}


@pytest.fixture
def app(project: BakedProject, environment: dict[str, str]) -> Iterator[App]:
    with project.modules(environment) as app:
        yield app


def names(file: Path) -> list[str]:
    with sqlite3.connect(file) as connection:
        return [name for (name,) in connection.execute("SELECT username FROM users ORDER BY 1")]


def test_without_a_setting_the_file_is_in_the_project(
    project: BakedProject, tmp_path: Path
) -> None:
    copy = project.copy(tmp_path)
    assert copy.manage("migrate") == "The tables are up to date.\n"
    assert names(copy / "data" / f"{copy.path.name}.db") == ["test1", "test2"]
    ignored = subprocess.run(
        ["git", "status", "--porcelain", "--untracked-files=all"],
        cwd=(git_init(copy.path)),
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    assert "data/" not in ignored.stdout


def test_one_address_is_enough_and_wins(project: BakedProject, file: Path) -> None:
    with project.modules({"DATABASE_URL": f"sqlite:///{file}", "DB_FILE": "/nowhere"}) as app:
        assert app.load("auth").verify_user("test1", "test1")
    assert names(file) == ["test1", "test2"]


def test_servers_that_start_at_once_add_every_user_once(
    project: BakedProject, file: Path, environment: dict[str, str]
) -> None:
    start_at_once(project, environment)
    assert names(file) == ["test1", "test2"]


@sweep
def test_a_start_that_was_killed_anywhere_is_finished_by_the_next(
    project: BakedProject, tmp_path: Path
) -> None:
    for cut in itertools.count(1):
        file = tmp_path / str(cut) / "app.db"
        environment = {"DB_FILE": str(file)}
        start = project.python("-c", OPEN_UNTIL, str(cut), environment=environment)
        if start.returncode == 0:
            break
        assert start.returncode == -signal.SIGKILL, start.stderr
        with project.modules(environment) as app:
            assert app.load("auth").validate_session(app.load("auth").create_session("test1"))
        assert names(file) == ["test1", "test2"]
    # And the commit at the end.
    assert cut == FIRST_START + 1 + 1


def test_threads_that_open_the_store_at_once_get_the_same_one(app: App, file: Path) -> None:
    stores = at_once(lambda _: app.stores.current(), 10)
    assert len({id(store) for store in stores}) == 1
    assert names(file) == ["test1", "test2"]


def test_processes_with_threads_work_on_one_file_and_lose_nothing(
    project: BakedProject, file: Path, environment: dict[str, str]
) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", WORK],
            cwd=project.path,
            env={**os.environ, **environment, "SESSIONS_PER_USER": "1000"},
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(PROCESSES)
    ]
    for process in processes:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT count(*) FROM sessions").fetchone() == (PROCESSES * 4,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_what_a_page_leaves_undone_is_not_kept(app: App, file: Path) -> None:
    auth = app.load("auth")
    app.stores.current()
    with auth.get_db_connection() as connection:
        connection.exec_driver_sql("CREATE TABLE notes (text)")
        connection.exec_driver_sql("INSERT INTO notes VALUES ('kept')")
        connection.commit()
        connection.exec_driver_sql("INSERT INTO notes VALUES ('lost')")
    assert auth.validate_session(auth.create_session("test1")) == "test1"
    with sqlite3.connect(file) as other:
        assert other.execute("SELECT text FROM notes").fetchall() == [("kept",)]


def test_a_command_works_while_the_app_runs(
    app: App, project: BakedProject, environment: dict[str, str]
) -> None:
    auth = app.load("auth")
    token = auth.create_session("test1")
    project.manage("end-sessions", "test1", environment=environment)
    assert auth.validate_session(token) is None


def git_init(folder: Path) -> Path:
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    return folder
