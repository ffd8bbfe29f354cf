"""What every store does with the audit, and what the app writes into it."""

import re
from datetime import timedelta

import pytest

from tests.stores.conftest import (
    DATABASES,
    NEW_PASSWORD,
    PASSWORD,
    THREADS,
    Bench,
    at_once,
)

HERE = "192.0.2.1"


def test_an_entry_comes_back_as_it_was(bench: Bench) -> None:
    unknown = bench.records.AuditEntry(bench.now, "login failed")
    strange = bench.records.AuditEntry(bench.now, "é日🎈'\" %s", "x" * 64, "y" * 64, "z" * 64)
    for entry in (bench.entry(), unknown, strange):
        bench.audit.add(entry)
    assert bench.audit.list_newest() == [strange, unknown, bench.entry()]


def test_32_threads_add_entries_and_none_is_lost(bench: Bench) -> None:
    def add(thread: int) -> None:
        for number in range(5):
            bench.audit.add(bench.entry(f"{thread} {number}", f"user{thread}"))

    at_once(add)
    entries = bench.audit.list_newest(limit=1000)
    assert len({entry.event for entry in entries}) == len(entries) == THREADS * 5
    for thread in range(THREADS):
        mine = [entry.event for entry in bench.audit.list_newest(f"user{thread}")]
        assert mine == [f"{thread} {number}" for number in (4, 3, 2, 1, 0)]


def test_the_newest_come_first_of_a_user_and_of_an_event(bench: Bench) -> None:
    for age in range(10):
        bench.audit.add(bench.entry("odd" if age % 2 else "even", "annbob"[age % 2 * 3 :][:3], age))
    assert [bench.now - entry.at for entry in bench.audit.list_newest(limit=3)] == [
        timedelta(seconds=age) for age in (0, 1, 2)
    ]
    assert len(bench.audit.list_newest("bob")) == len(bench.audit.list_newest(event="even")) == 5
    assert bench.audit.list_newest("bob", "even") == []
    assert len(bench.audit.list_newest("bob", "odd", 2)) == 2


@pytest.mark.parametrize("name", ["Ann", "ann ", " ann", "", "an", "ann\0"])
def test_names_are_compared_exactly(bench: Bench, name: str) -> None:
    bench.audit.add(bench.entry())
    assert bench.audit.list_newest(name) == []
    assert bench.audit.list_newest(event=name) == []


def test_old_entries_are_purged_a_few_at_a_time(bench: Bench) -> None:
    for age in (5, 4, 3, 2, 1):
        bench.audit.add(bench.entry(age=age))
    assert bench.audit.purge(bench.now - timedelta(seconds=5)) == 0
    assert [bench.audit.purge(bench.now - timedelta(seconds=2), 2) for _ in range(3)] == [2, 1, 0]
    assert len(bench.audit.list_newest()) == 2


def test_threads_that_purge_at_once_get_along(bench: Bench) -> None:
    for _ in range(100):
        bench.audit.add(bench.entry(age=1))
    at_once(lambda _: bench.audit.purge(bench.now, 10))
    bench.audit.purge(bench.now)  # Those who looked at once may have found the same ones.
    assert bench.audit.list_newest() == []


def test_what_happens_to_a_user_is_in_the_audit(bench: Bench) -> None:
    users, log_in = bench.app.users, bench.app.login.log_in
    users.add_user("ann", PASSWORD)
    for name in ("ann", "my secret password"):
        with pytest.raises(bench.app.login.WrongPasswordError):
            log_in(name, "wrong password", HERE)
    token = log_in("ann", PASSWORD, HERE)
    bench.app.sessions.destroy_session(token, HERE)
    with bench.app.actor.acting_as("boss"):
        users.set_password("ann", NEW_PASSWORD)
    label = bench.app.tokens.hash_token(token)[:8]
    entries = bench.app.events.list_audit()
    assert [
        (entry.event, entry.username, entry.actor, entry.ip, entry.session) for entry in entries
    ] == [
        ("password changed", "ann", "boss", None, None),
        ("logout", "ann", "ann", HERE, label),
        ("login", "ann", "ann", HERE, label),
        ("login failed", "unknown user", "unknown user", HERE, None),
        ("login failed", "ann", "ann", HERE, None),
        ("user added", "ann", "ann", None, None),
    ]
    shown = str(entries)
    for secret in (token, PASSWORD, NEW_PASSWORD, "secret", users.find("ann").password_hash):
        assert secret not in shown


@pytest.mark.parametrize("bench", DATABASES, indirect=True)
def test_an_audit_that_cannot_be_written_keeps_nobody_out(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.app.users.add_user("ann", PASSWORD)
    tables = bench.app.load("auth.stores.sql.tables")
    engine = bench.app.load("auth.stores.sql.engine").open_database().engine
    tables.audit.drop(engine)
    auth = bench.app.load("auth")
    for _ in range(2):
        assert auth.validate_session(bench.app.login.log_in("ann", PASSWORD, HERE)) == "ann"
    with pytest.raises(bench.app.login.WrongPasswordError):
        bench.app.login.log_in("ann", "wrong password", HERE)
    lines = [line for line in caplog.messages if "audit not written" in line]
    assert re.search("has no tables yet", lines[0])
    assert len(lines) == 2
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("bench", DATABASES, indirect=True)
def test_another_process_shows_the_audit_and_is_in_it(bench: Bench) -> None:
    bench.manage("add-user", "ann", "--password-stdin", stdin=f"{PASSWORD}\n")
    bench.app.login.log_in("ann", PASSWORD, HERE)
    bench.manage("disable-user", "ann")
    time = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}"
    pattern = (
        rf"{time}  user disabled  user=ann  actor=manage\.py(:\S+)?\n"
        rf"{time}  login  user=ann  actor=ann  ip=192\.0\.2\.1  session=[0-9a-f]{{8}}\n"
        rf"{time}  user added  user=ann  actor=manage\.py(:\S+)?\n"
    )
    assert re.fullmatch(pattern, bench.manage("audit"))
    assert bench.manage("audit", "ann", "--event", "login").count("\n") == 1
    assert bench.manage("audit", "--limit", "2").count("\n") == 2
    assert bench.manage("audit", "nobody") == ""
