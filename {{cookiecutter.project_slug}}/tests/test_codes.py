"""One-time codes."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from auth import codes
from auth.store import Store
from tests.conftest import Clock

TOKEN = "t" * 43


def test_a_code_is_worth_its_token_once() -> None:
    code = codes.mint(TOKEN)
    assert codes.redeem(code) == TOKEN
    assert codes.redeem(code) is None


def test_a_code_expires(clock: Clock) -> None:
    code = codes.mint(TOKEN)
    clock.forward(seconds=30)
    assert codes.redeem(code) is None


@pytest.mark.parametrize("code", ["", "x", "x" * 43, "x" * 100_000, "ü" * 43, "\0" * 43])
def test_a_made_up_code_is_worth_nothing(code: str) -> None:
    codes.mint(TOKEN)
    assert codes.redeem(code) is None


def test_of_many_who_send_a_code_one_gets_the_token() -> None:
    code = codes.mint(TOKEN)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(codes.redeem, [code] * 32))
    assert sorted(filter(None, answers)) == [TOKEN]


def test_the_store_has_neither_the_code_nor_the_token(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[object] = []
    monkeypatch.setattr(store, "add_code", kept.append)
    code = codes.mint(TOKEN)
    assert code not in repr(kept)
    assert TOKEN not in repr(kept)
