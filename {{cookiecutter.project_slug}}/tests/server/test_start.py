"""The start of the server."""

import asyncio
from typing import NoReturn

import pytest

from auth import cookies, server, stores
from auth.settings import SettingsError
from auth.stores.base import StoreUnavailableError
from tests.conftest import Log


def test_a_server_whose_store_answers_starts_without_a_word(
    log: Log, capsys: pytest.CaptureFixture[str]
) -> None:
    server.check()
    assert log.lines == []
    assert capsys.readouterr().err == ""


def test_a_wrong_setting_stops_it_with_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> NoReturn:
        raise SettingsError("A setting has a wrong value. X: too large.")

    monkeypatch.setattr(stores, "current", fail)
    with pytest.raises(SystemExit) as caught:
        server.check()
    assert caught.value.code == 1
    assert capsys.readouterr().err == "ERROR: A setting has a wrong value. X: too large.\n"


def test_a_store_that_does_not_answer_yet_is_one_line_in_the_log(
    monkeypatch: pytest.MonkeyPatch, log: Log
) -> None:
    def fail() -> NoReturn:
        raise StoreUnavailableError("no answer")

    monkeypatch.setattr(stores, "current", fail)
    server.check()
    assert log.lines == ['event="store unavailable" reason="no answer"']
    assert log.levels == ["ERROR"]


def test_the_cookies_get_ready_before_the_first_visitor(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr(cookies, "start", lambda: started.append("cookies"))

    async def serve() -> None:
        async with server.lifespan(None):
            assert started == ["cookies"]

    asyncio.run(serve())
