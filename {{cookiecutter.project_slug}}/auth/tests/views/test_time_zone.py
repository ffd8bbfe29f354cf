"""The visitor's time zone."""

from datetime import UTC, datetime, timedelta

import pytest
import streamlit as st

from auth.tests.tab import Connection

from auth.views import time_zone

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "offset", "hours"),
    [
        ("Asia/Tokyo", None, 9),
        ("America/New_York", 300, -5),
        ("No/Where", -120, 2),
        (None, 480, -8),
        (None, None, 0),
        ("", 10**9, 0),
        ("../../etc/passwd", None, 0),
        ("/etc/passwd", None, 0),
        ("America", None, 0),
        ("a" * 10_000, None, 0),
        ("\0é", None, 0),
    ],
)
def test_it_is_what_the_browser_says_if_there_is_such_a_zone(
    monkeypatch: pytest.MonkeyPatch, name: str | None, offset: int | None, hours: int
) -> None:
    monkeypatch.setattr(st, "context", Connection(timezone=name, timezone_offset=offset))
    assert NOON.astimezone(time_zone.current()).utcoffset() == timedelta(hours=hours)
