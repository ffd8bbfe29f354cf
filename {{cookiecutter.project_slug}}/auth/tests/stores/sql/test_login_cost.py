"""What a login costs the database."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy.event import listens_for

from auth import stores
from auth.events import recording
from auth.login import throttle
from auth.login.by_password import WrongPasswordError, log_in
from auth.login.throttle import ThrottledError
from auth.stores.interface import Store
from auth.stores.sql import store_in
from auth.tests.conftest import PASSWORD, Configure
from auth.tests.people import visit
from auth.tests.stores.sql import open_empty_tables
from auth.users import profile


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store of the app, whose statements are known."""
    with open_empty_tables(tmp_path) as database:
        store = store_in(database)
        listens_for(database.engine, "before_cursor_execute")(_note)
        monkeypatch.setattr(stores, "current", lambda: store)
        yield store


_statements: list[str] = []


def _note(connection: object, cursor: object, statement: str, *_: object) -> None:
    _statements.append(statement)


@pytest.fixture(autouse=True)
def _nothing_yet(ann: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what came before: each fiftieth attempt purges, and costs one more."""
    monkeypatch.setattr(throttle, "_started", count(1))
    profile.set_email(ann, "ann@example.com")
    _statements.clear()


@pytest.mark.parametrize("username", ["ann", "nobody", "ann@example.com", "nobody@example.com"])
def test_a_failed_login_costs_two_statements_and_nobody_waits_for_a_third(
    username: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "_add_later", lambda _: None)
    with pytest.raises(WrongPasswordError):
        log_in(username, "wrong password")
    assert len(_statements) == 2


def test_a_throttled_login_costs_none(configure: Configure) -> None:
    configure(throttle_failures=1)
    with pytest.raises(WrongPasswordError):
        log_in("ann", "wrong password")
    with pytest.raises(ThrottledError):
        log_in("ann", PASSWORD)
    _statements.clear()
    for _ in range(100):
        with pytest.raises(ThrottledError):
            log_in("ann", PASSWORD)
    assert _statements == []


def test_a_login_costs_few(ann: str) -> None:
    log_in(ann, PASSWORD)
    assert len(_statements) == 10
    _statements.clear()
    visit(device="b" * 43)
    log_in(ann, PASSWORD)
    assert len(_statements) == 14
