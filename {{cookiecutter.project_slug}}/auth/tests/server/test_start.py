"""The start of the server."""

import asyncio
from typing import NoReturn

import pytest

from auth import cookies, server, stores
from auth.records import SettingsError, StoreUnavailableError
from auth.tests.conftest import Configure, Log
from auth.tests.demo import add_demo_user
from auth.users import demo, directory


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


def test_a_demo_user_who_can_log_in_is_one_line_in_the_log(log: Log) -> None:
    for name in ("tess", "uma", "vera", "wanda"):
        add_demo_user(name)
    server.check()
    (line,) = log.lines
    assert line.startswith('event="demo users present" reason="each can log in with its name as')
    assert line.endswith(' users="tess, uma, vera and 1 more"')
    assert log.levels == ["WARNING"]


def test_in_production_that_line_says_that_they_cannot(log: Log, configure: Configure) -> None:
    add_demo_user("tess")
    configure(app_env="production")
    demo.warn()
    (line,) = log.lines
    assert line.startswith('event="demo users present" reason="they cannot log in here')
    assert "manage.py remove-demo-users" in line
    assert line.endswith(" users=tess")


@pytest.mark.usefixtures("ann")
def test_nobody_is_warned_of_other_users_or_of_disabled_ones(log: Log) -> None:
    directory.disable_user(add_demo_user("tess"))
    server.check()
    assert not any("demo users present" in line for line in log.lines)
