"""What is particular to SQLite."""

import os
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from auth import get_db_connection
from auth.records import SettingsError, StoreUnavailableError
from auth.settings import PROJECT, checked
from auth.stores.sql import engine, open_store
from auth.stores.sql.databases import sqlite
from auth.stores.sql.engine import open_database
from auth.stores.sql.settings import load_database_settings
from auth.tests.conftest import Configure
from auth.tests.people import person, users_text

SECRET = "hidden-word"

OPEN = """
from auth.tests.people import person, users_text
from auth import stores
print([user.username for user in stores.current().users.list_all()])
"""


@pytest.fixture
def file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """The file of the settings, which does not exist, in a folder that does not exist."""
    file = tmp_path / "new" / "folder" / "app.db"
    monkeypatch.setattr(engine, "_opened", [])
    monkeypatch.setenv("DB_FILE", str(file))
    monkeypatch.setenv("DB_QUERY_SECONDS", "0.2")
    yield file
    for opened in engine._opened:
        opened.engine.dispose()


@pytest.fixture(autouse=True)
def users_file(tmp_path: Path, configure: Configure) -> Path:
    """The users file, with Ann in it."""
    file = tmp_path / "users.json"
    file.write_text(users_text(ann={"password_hash": "hash of ann"}), encoding="utf-8")
    configure(users_file=file)
    return file


def error(name: str) -> OperationalError:
    cause = sqlite3.OperationalError(SECRET)
    cause.sqlite_errorname = name
    return OperationalError("SELECT 1", None, cause)


def test_the_file_is_in_the_project_wherever_the_app_is_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert checked(sqlite.Settings).db_file.parent == PROJECT / "data"
    monkeypatch.setenv("DB_FILE", "other/app.db")
    monkeypatch.chdir(tmp_path)
    assert checked(sqlite.Settings).db_file == PROJECT / "other" / "app.db"


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:///app.db", PROJECT / "app.db"),
        ("sqlite:////srv/app%20one.db", Path("/srv/app one.db")),
        ("sqlite+pysqlite:////srv/app.db?", Path("/srv/app.db")),
    ],
)
def test_an_address_names_the_file_and_wins(
    monkeypatch: pytest.MonkeyPatch, url: str, file: Path
) -> None:
    monkeypatch.setenv("DB_FILE", "other.db")
    monkeypatch.setenv("DATABASE_URL", url)
    assert checked(sqlite.Settings).db_file == file


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite://x/y"])
def test_an_address_without_a_file_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(SettingsError, match="DATABASE_URL: it has to name a file"):
        checked(sqlite.Settings)


def test_a_parameter_of_an_address_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///app.db?timeout=7")
    assert checked(sqlite.Settings).db_query_seconds == 7


@pytest.mark.parametrize("name", ["mode", "schema", "Timeout"])
def test_a_parameter_that_the_app_does_not_know_is_named(
    monkeypatch: pytest.MonkeyPatch, secrets_file: Path, name: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///app.db?{name}={SECRET}")
    with pytest.raises(SettingsError, match=f"URL: it has a parameter {name}; this app knows time"):
        checked(sqlite.Settings)
    monkeypatch.delenv("DATABASE_URL")
    secrets_file.write_text(f'[connections.sqlite]\n{name} = "{SECRET}"', encoding="utf-8")
    with pytest.raises(SettingsError, match=rf"sqlite\]: it has a parameter {name}; ") as caught:
        checked(sqlite.Settings)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("line", ['database = "app.db"', 'url = "sqlite:///app.db"'])
def test_the_secrets_file_is_read(secrets_file: Path, line: str) -> None:
    secrets_file.write_text(f'[connections.sqlite]\ndialect = "sqlite"\n{line}', encoding="utf-8")
    assert checked(sqlite.Settings).db_file == PROJECT / "app.db"


def test_a_setting_without_a_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_FILE", "")
    with pytest.raises(SettingsError, match="DB_FILE: "):
        checked(sqlite.Settings)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
@pytest.mark.parametrize("folder_exists", [False, True])
def test_the_files_are_for_this_user_only_from_the_first_moment(
    file: Path, monkeypatch: pytest.MonkeyPatch, folder_exists: bool
) -> None:
    if folder_exists:
        file.parent.mkdir(parents=True)
        file.parent.chmod(0o755)
    modes: dict[str, set[int]] = {}

    def note(opened: sqlite._Connection) -> bool:
        for each in file.parent.iterdir():
            modes.setdefault(each.name, set()).add(stat.S_IMODE(each.stat().st_mode))
        return False

    monkeypatch.setattr(sqlite._Connection, "_is_somebody_elses", note)
    before = os.umask(0)
    try:
        assert [user.username for user in open_store().users.list_all()] == ["ann"]
        with get_db_connection() as connection:
            note(connection.connection.driver_connection)  # type: ignore[arg-type]
    finally:
        os.umask(before)
    assert modes == {name: {0o600} for name in ("app.db", "app.db-wal", "app.db-shm")}
    assert stat.S_IMODE(file.parent.stat().st_mode) == (0o755 if folder_exists else 0o700)


def test_a_connection_waits_holds_keys_and_reads_while_others_write(file: Path) -> None:
    with get_db_connection() as connection:
        values = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("busy_timeout", "foreign_keys", "journal_mode", "synchronous")
        ]
    assert values == [200, 1, "wal", 1]


def test_another_process_opens_the_same_file(file: Path) -> None:
    open_store().users.remove(person("ann"))
    command = [sys.executable, "-c", OPEN]
    said = subprocess.check_output(command, cwd=PROJECT, encoding="utf-8")  # noqa: S603
    assert said == "[]\n"


def test_who_reads_waits_for_nobody_and_who_writes_for_a_while(file: Path) -> None:
    store = open_store()
    ann = store.users.find("ann")
    with get_db_connection() as connection:
        connection.execute(text("UPDATE users SET disabled = 1"))
        assert store.users.find("ann") == ann
        began = time.monotonic()
        with pytest.raises(StoreUnavailableError) as caught:
            store.users.remove(person("ann"))
        assert 0.2 <= time.monotonic() - began < 5
    assert str(caught.value).startswith(f"The database in {file} is locked by another process.")
    store.users.remove(person("ann"))


def test_a_start_waits_for_one_who_creates_the_tables(file: Path) -> None:
    database = open_database()
    with (
        database.engine.connect() as other,
        sqlite.schema_lock(other),
        pytest.raises(StoreUnavailableError, match="is locked by another process"),
    ):
        open_store()
    assert open_store().users.find("ann")


def test_a_start_that_fails_leaves_nothing_behind(file: Path) -> None:
    database = open_database()

    def fail() -> None:
        with database.engine.connect() as connection, sqlite.schema_lock(connection):
            connection.execute(text("CREATE TABLE notes (text TEXT)"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with database.engine.connect() as connection, sqlite.schema_lock(connection):
        assert connection.execute(text("SELECT name FROM sqlite_master")).all() == []


@pytest.mark.parametrize("name", ["Ann", "ann ", "ann\0", "ánn", ""])
def test_names_are_compared_to_the_letter(file: Path, name: str) -> None:
    assert open_store().users.find(name) is None


def test_not_a_byte_of_another_program_s_file_is_changed(file: Path) -> None:
    file.parent.mkdir(parents=True)
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE history (id INT)")
    before = file.read_bytes()
    with pytest.raises(SettingsError, match="in use by another program: it has the table history"):
        open_store()
    engine._opened.pop().engine.dispose()
    assert file.read_bytes() == before
    assert list(file.parent.iterdir()) == [file]


def test_what_is_not_a_database_is_named(file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.write_text("text" * 1000, encoding="utf-8")
    with pytest.raises(StoreUnavailableError, match="is not an SQLite database") as caught:
        open_store()
    assert str(file) in str(caught.value)


def test_a_damaged_file_is_named(file: Path) -> None:
    open_store()
    engine._opened.pop().engine.dispose()
    data = file.read_bytes()
    file.write_bytes(data[:100] + b"\xff" * (len(data) - 100))
    with pytest.raises(StoreUnavailableError, match="is damaged"):
        open_store()


def test_a_folder_in_place_of_the_file_is_named(file: Path) -> None:
    file.mkdir(parents=True)
    with pytest.raises(StoreUnavailableError, match="cannot be opened"):
        open_store()


def test_a_full_disk_is_named(file: Path) -> None:
    store = open_store()
    with get_db_connection() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreUnavailableError, match="the disk is full"):
        store.users.add(person("bob", "x" * 100_000))


def test_tables_that_vanish_are_named_by_the_command(file: Path) -> None:
    store = open_store()
    with get_db_connection() as connection:
        connection.execute(text("DROP TABLE tickets"))
    with pytest.raises(StoreUnavailableError, match=r"python manage\.py migrate"):
        store.tickets.take("test", "0" * 64)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("SQLITE_BUSY_RECOVERY", "is locked by another process"),
        ("SQLITE_CANTOPEN_ISDIR", "cannot be opened"),
        ("SQLITE_CORRUPT_VTAB", "is damaged"),
        ("SQLITE_IOERR_WRITE", "check the disk"),
        ("SQLITE_READONLY_DBMOVED", "is read-only"),
    ],
)
def test_a_known_error_says_what_to_do(name: str, reason: str) -> None:
    assert reason in (sqlite.reason(error(name)) or "")
    assert sqlite.error_code(error(name)) == name
    assert not sqlite.may_pass(error(name))


@pytest.mark.parametrize(
    ("name", "is_outdated"),
    [("SQLITE_READONLY_DBMOVED", True), ("SQLITE_NOTADB", True), ("SQLITE_BUSY", False)],
)
def test_a_file_that_was_changed_from_outside_is_opened_again(name: str, is_outdated: bool) -> None:
    assert sqlite.is_outdated(error(name)) is is_outdated


def test_an_unknown_error_has_no_reason() -> None:
    assert sqlite.reason(error("SQLITE_NOTICE")) is None
    assert load_database_settings().url().database
