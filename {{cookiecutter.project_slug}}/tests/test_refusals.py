"""Why somebody was not let in, in words."""

import pytest

from auth.refusals import explain, explain_idle
from auth.throttle import ThrottledError
from tests.conftest import Configure


@pytest.mark.parametrize(
    ("seconds", "words"), [(1, " 1 minute."), (60, " 1 minute."), (61, " 2 minutes.")]
)
def test_the_time_to_wait_is_in_whole_minutes(seconds: int, words: str) -> None:
    assert explain(ThrottledError(seconds, "name", None)).endswith(words)


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (12, "12 hours"),
        (1, "60 minutes"),
        (1.5, "90 minutes"),
        (0.01, "1 minute"),
        (24.0, "24 hours"),
    ],
)
def test_the_idle_limit_is_in_hours_or_minutes(
    hours: float, words: str, configure: Configure
) -> None:
    configure(session_idle_hours=hours)
    assert f"for {words}." in explain_idle()
