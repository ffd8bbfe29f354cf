"""The log: one line an event, whatever else the process does with logging."""

import io
import logging
import logging.config
import re
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest

from auth.events import Event, record

FIELD = r'\w+=(?:[^\s"]+|"(?:[^"\\]|\\.)*")'


@pytest.fixture
def root(monkeypatch: pytest.MonkeyPatch) -> logging.Logger:
    """The root logger, as if nobody had done anything to it."""
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", logging.WARNING)
    return root


def test_a_line_has_the_time_in_utc_and_one_value_for_each_key(
    capsys: pytest.CaptureFixture[str],
) -> None:
    record(Event.STORE_UNAVAILABLE, reason="no answer", user=None)
    pattern = (
        r"time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ level=ERROR logger=auth "
        r'event="store unavailable" reason="no answer"\n'
    )
    assert re.fullmatch(pattern, capsys.readouterr().err)


def test_two_who_write_the_first_line_at_once_add_one_handler(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    logger = logging.getLogger("auth")
    monkeypatch.setattr(logger, "handlers", [])
    both = Barrier(2)
    make = logging.Formatter

    def meet(*arguments: Any, **options: Any) -> logging.Formatter:
        with suppress(BrokenBarrierError):
            both.wait(0.2)
        return make(*arguments, **options)

    monkeypatch.setattr(logging, "Formatter", meet)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(record, [Event.SESSION_ENDED] * 2))
    assert len(logger.handlers) == 1


@pytest.mark.parametrize(
    "value",
    [
        "a\nb",
        "a\rb",
        'a" user="root',
        "a b=c",
        "\x1b[31m",
        "",
        "ü\u2028",
        "\x9b31m",
        "\x7f",
        "\u202e",
    ],
)
def test_a_value_can_neither_start_a_line_nor_another_field(
    capsys: pytest.CaptureFixture[str], value: str
) -> None:
    record(Event.LOGIN, user=value)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.isprintable()
    assert len(re.findall(rf"{FIELD}(?= |$)", line)) == 5


def configure_root() -> None:
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)


def configure_anew() -> None:
    """Switch off every logger that there is, as `logging.config` does unless told otherwise."""
    handler = {"class": "logging.StreamHandler", "stream": sys.stderr}
    logging.config.dictConfig(
        {"version": 1, "handlers": {"all": handler}, "root": {"handlers": ["all"]}}
    )


@pytest.mark.parametrize("configuring", [configure_root, configure_anew])
@pytest.mark.parametrize("before", [0, 1])
def test_an_event_is_one_line_whenever_an_owner_configures_logging(
    configuring: Callable[[], None],
    before: int,
    root: logging.Logger,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for number in range(before):
        record(Event.LOGIN, user=f"user{number}")
    configuring()
    record(Event.LOGIN, user="ann")
    record(Event.LOGIN, user="bob")
    assert capsys.readouterr().err.count("event=login") == before + 2


@pytest.mark.parametrize("before", [0, 1])
def test_a_handler_of_the_owners_has_each_line_once_and_nobody_else_writes_it(
    before: int, root: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(before):
        record(Event.LOGIN, user=f"user{number}")
    capsys.readouterr()
    configure_root()
    own = io.StringIO()
    logging.getLogger("auth").addHandler(logging.StreamHandler(own))
    record(Event.LOGIN, user="ann")
    assert own.getvalue() == "event=login user=ann\n"
    assert capsys.readouterr().err == ""
