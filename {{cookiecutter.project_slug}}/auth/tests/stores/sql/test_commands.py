"""The commands of manage.py that a database makes possible."""

import getpass
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NoReturn

import pytest

from auth import create_session, events
from auth.events import recording
from auth.login import throttle
from auth.login.by_password import WrongPasswordError, log_in
from auth.records import AuditEntry
from auth.sessions import sessions, tokens
from auth.stores.interface import Store
from auth.stores.sql import engine, store_in
from auth.stores.sql.engine import Database
from auth.tests.conftest import PASSWORD, Clock, Configure, run_command
from auth.tests.people import person, users_text, visit
from auth.tests.stores.sql import open_empty_database
from auth.users import directory


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
    file.write_text(users_text(ann={"password_hash": "hash of ann"}), encoding="utf-8")
    configure(users_file=file)
    assert run_command("migrate").output == "The tables are up to date.\n"
    assert store_in(database).users.list_all() == [person("ann", "hash of ann")]
    assert run_command("migrate").output == "The tables were up to date.\n"


def test_a_migration_of_ones_own_is_begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auth.stores.sql.versions.MIGRATIONS", tmp_path / "migrations")
    output = run_command("new-migration", "add notes").output
    assert Path(output.removeprefix("Wrote ").strip()).name.endswith("_add_notes.py")


def test_sessions_are_listed_newest_first_with_times_and_places(
    ann: str, clock: Clock, configure: Configure
) -> None:
    configure(session_hours=2)
    boss = "a.long.name@example.com"
    directory.add_user(boss, PASSWORD)
    first = create_session(ann)
    clock.forward(minutes=1)
    visit("192.0.2.1", user_agent="Firefox on Linux")
    second = log_in(boss, PASSWORD)
    labels = [tokens.session_label(tokens.hash_token(token)) for token in (first, second)]
    assert run_command("list-sessions").output.splitlines() == [
        "SESSION   USER                     LOGGED IN         LAST USED         ENDS"
        "              ADDRESS    BROWSER",
        f"{labels[1]}  a.long.name@example.com  2030-02-01 00:00  2030-02-01 00:00"
        "  2030-02-01 02:00  192.0.2.1  Firefox on Linux",
        f"{labels[0]}  ann                      2030-01-31 23:59  2030-01-31 23:59"
        "  2030-02-01 01:59",
    ]
    assert len(run_command("list-sessions", ann).output.splitlines()) == 2


def test_nothing_that_a_terminal_obeys_is_printed_of_sessions_and_the_audit(
    ann: str, store: Store, clock: Clock
) -> None:
    evil = "\x9b31m\x1b[2J\u202e\u2028\n"
    visit(evil, user_agent=evil)
    create_session(ann)
    store.audit.add(AuditEntry(clock.now(), "login", address=evil, actor=evil))
    for command in ("list-sessions", "audit"):
        printed = run_command(command).output
        assert printed.replace("\n", "").isprintable()
        assert "\\u009b31m\\u001b[2J\\u202e\\u2028\\u000a" in printed
    assert len(run_command("list-sessions").output.splitlines()) == 2


def test_nobody_logged_in_is_one_sentence(ann: str) -> None:
    assert run_command("list-sessions").output == "Nobody is logged in.\n"
    assert run_command("list-sessions", ann).output == "ann is not logged in.\n"


def test_ended_sessions_are_counted(ann: str, bob: str) -> None:
    for name in (ann, bob, bob):
        create_session(name)
    assert run_command("end-sessions", ann).output == "Ended 1 session.\n"
    assert run_command("end-sessions", ann).output == "Ended 0 sessions.\n"
    assert run_command("end-sessions", "--all").output == "Ended 2 sessions.\n"


def test_the_sessions_of_nobody_are_one_sentence() -> None:
    result = run_command("list-sessions", "nobody")
    assert (result.exit_code, result.output) == (1, "Error: There is no user nobody.\n")


def test_purging_removes_all_that_has_expired(
    ann: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        create_session(ann)
        visit(f"192.0.2.{number}")
        throttle.start_attempt("nobody")
    clock.forward(days=181)
    for module, name in [(sessions, "purge"), (throttle, "purge"), (events, "purge_audit")]:
        monkeypatch.setattr(module, name, partial(getattr(module, name), 2))
    removed = "Removed {} expired sessions.\nRemoved {} expired failed logins.\n"
    removed += "Removed {} old entries of the audit.\n"
    assert run_command("purge").output == removed.format(5, 5, 6)
    assert run_command("purge").output == removed.format(0, 0, 0)


def test_the_audit_is_printed_newest_first(ann: str, bob: str, clock: Clock) -> None:
    clock.forward(seconds=1)
    visit("192.0.2.1")
    with pytest.raises(WrongPasswordError):
        log_in(ann, "wrong password")
    clock.forward(seconds=1)
    session = tokens.session_label(tokens.hash_token(log_in(bob, PASSWORD)))
    failed = "2030-01-31 23:59:31.123456  login failed  user=ann  actor=ann  address=192.0.2.1"
    login = f"2030-01-31 23:59:32.123456  login  user=bob  actor=bob  address=192.0.2.1  session={session}"
    assert run_command("audit").output.splitlines()[:2] == [login, failed]
    assert run_command("audit", "--limit", "1").output.splitlines() == [login]
    assert run_command("audit", ann, "--event", "login failed").output.splitlines() == [failed]
    assert run_command("audit", "nobody").output == ""


def test_the_audit_says_how_often_it_was(ann: str, clock: Clock) -> None:
    for _ in range(3):
        log_in(ann, PASSWORD)
    clock.forward(minutes=1)
    recording.tell_counts()
    newest, first, *_ = run_command("audit").output.splitlines()
    assert newest.endswith("  count=2")
    assert "count" not in first


def test_the_audit_knows_no_event_that_is_not_in_it() -> None:
    assert run_command("audit", "--event", "store unavailable").exit_code == 2


def test_a_change_from_a_terminal_is_in_the_audit_with_who_made_it(
    ann: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "root")
    run_command("disable-user", ann)
    (newest, *_) = events.list_audit(ann)
    assert (newest.event, newest.username, newest.actor) == (
        "user disabled",
        ann,
        "manage.py:root",
    )


def test_a_process_of_nobody_can_change_something_too(
    ann: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> NoReturn:
        raise KeyError

    monkeypatch.setattr(getpass, "getuser", fail)
    run_command("enable-user", ann)
    assert events.list_audit(ann)[0].actor == "manage.py:unknown"
