"""The commands of manage.py that a database makes possible."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from auth import create_session, sessions, tokens
from auth.stores.base import User
from auth.stores.sql import engine, schema, store_in
from auth.stores.sql.engine import Database
from tests.conftest import Clock, Configure, run_command
from tests.stores.sql import open_empty_database


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Database]:
    """The database of the settings, without tables."""
    with open_empty_database(tmp_path) as database:
        monkeypatch.setattr(engine, "_opened", [database])
        yield database


def test_the_tables_are_brought_up_to_date_once(
    database: Database, tmp_path: Path, configure: Configure
) -> None:
    file = tmp_path / "users.json"
    file.write_text(json.dumps({"ann": {"password_hash": "hash of ann"}}), encoding="utf-8")
    configure(users_file=file)
    assert run_command("migrate").output == "The tables are up to date.\n"
    assert store_in(database).users.list_all() == [User("ann", "hash of ann")]
    assert run_command("migrate").output == "The tables were up to date.\n"


def test_a_migration_of_ones_own_is_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        schema, "MIGRATIONS", Path(shutil.copytree(schema.MIGRATIONS, tmp_path / "m"))
    )
    output = run_command("new-migration", "add notes").output
    assert Path(output.removeprefix("Wrote ").strip()).name.endswith("_add_notes.py")


def test_sessions_are_listed_newest_first_with_their_times(
    ann: str, bob: str, clock: Clock, configure: Configure
) -> None:
    configure(session_hours=2)
    first = create_session(ann)
    clock.forward(minutes=1)
    second = create_session(bob)
    labels = [tokens.session_label(tokens.hash_token(token)) for token in (first, second)]
    line = "{}  2030-01-31 23:59 to 2030-02-01 01:59, last used 2030-01-31 23:59  ann"
    assert run_command("list-sessions").output.splitlines() == [
        f"{labels[1]}  2030-02-01 00:00 to 2030-02-01 02:00, last used 2030-02-01 00:00  bob",
        line.format(labels[0]),
    ]
    assert run_command("list-sessions", ann).output.splitlines() == [line.format(labels[0])]


def test_the_sessions_of_nobody_are_one_sentence() -> None:
    result = run_command("list-sessions", "nobody")
    assert (result.exit_code, result.output) == (1, "Error: There is no user nobody.\n")


def test_purging_removes_all_that_has_expired(
    ann: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(5):
        create_session(ann)
    clock.forward(hours=25)
    purge_two = sessions.purge
    monkeypatch.setattr(sessions, "purge", lambda: purge_two(2))
    assert run_command("purge").output == "Removed 5 expired sessions.\n"
    assert run_command("purge").output == "Removed 0 expired sessions.\n"
