"""The open store of the process."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from auth import stores
from auth.records import StoreUnavailableError
from auth.stores.interface import Store
from auth.tests.stores import open_empty_store


@pytest.fixture(autouse=True)
def store(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have none open, in place of the one that every other test has."""
    monkeypatch.setattr(stores, "_opened", [])


def test_every_connection_of_the_process_has_the_same_store(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    all_at_once = threading.Barrier(8)

    def open_slowly() -> Store:
        all_at_once.wait(10)
        with open_empty_store(tmp_path) as store:
            return store

    monkeypatch.setattr(stores, "open_store", open_slowly)
    with ThreadPoolExecutor(8) as threads:
        found = {id(store) for store in threads.map(lambda _: stores.current(), range(8))}
    assert len(found) == 1


def test_a_store_that_cannot_be_opened_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with open_empty_store(tmp_path) as store:
        results: list[Exception | Store] = [StoreUnavailableError("no answer"), store]

        def open_at_the_second_try() -> Store:
            result = results.pop(0)
            if isinstance(result, Exception):
                raise result
            return result

        monkeypatch.setattr(stores, "open_store", open_at_the_second_try)
        with pytest.raises(StoreUnavailableError):
            stores.current()
        assert stores.current() is store
        assert stores.current() is store
