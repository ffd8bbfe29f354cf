"""What a login costs the database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.event import listens_for

from auth import stores, verify_user
from auth.login import WrongPasswordError, log_in
from auth.stores.interface import Store
from auth.stores.sql import store_in
from auth.throttle import ThrottledError
from tests.conftest import PASSWORD, Clock, Configure
from tests.stores.sql import open_empty_tables

HERE = "192.0.2.1"


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
def _nothing_yet(ann: str) -> None:
    """Forget what came before, such as the question that comes once a minute."""
    verify_user(ann, PASSWORD)
    _statements.clear()


@pytest.mark.parametrize("username", ["ann", "nobody"])
def test_a_failed_login_costs_four_statements(username: str) -> None:
    with pytest.raises(WrongPasswordError):
        log_in(username, "wrong password", HERE)
    assert len(_statements) == 4


def test_how_the_passwords_are_hashed_is_asked_once_a_minute(clock: Clock) -> None:
    def asked() -> int:
        _statements.clear()
        verify_user("nobody", "wrong password")
        return sum("substr" in statement for statement in _statements)

    clock.forward(seconds=60)
    assert [asked(), asked()] == [1, 0]
    clock.forward(seconds=59)
    assert asked() == 0
    clock.forward(seconds=1)
    assert asked() == 1


def test_a_throttled_login_costs_none(configure: Configure) -> None:
    configure(throttle_failures=1)
    with pytest.raises(WrongPasswordError):
        log_in("ann", "wrong password", HERE)
    with pytest.raises(ThrottledError):
        log_in("ann", PASSWORD, HERE)
    _statements.clear()
    for _ in range(100):
        with pytest.raises(ThrottledError):
            log_in("ann", PASSWORD, HERE)
    assert _statements == []


def test_a_login_costs_few(ann: str) -> None:
    log_in(ann, PASSWORD, HERE)
    assert len(_statements) == 11
    _statements.clear()
    log_in(ann, PASSWORD, HERE, device="b" * 43)
    assert len(_statements) == 15
