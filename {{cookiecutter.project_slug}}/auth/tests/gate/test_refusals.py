"""Why somebody was not let in, in words."""

import pytest

from auth.gate.refusals import explain, explain_idle
from auth.login.throttle import ThrottledError
from auth.records import StoreReadOnlyError, StoreUnavailableError
from auth.tests import labels
from auth.tests.conftest import Configure, Log


@pytest.mark.parametrize(
    ("seconds", "words"), [(1, " 1 minute."), (60, " 1 minute."), (61, " 2 minutes.")]
)
def test_the_time_to_wait_is_in_whole_minutes(seconds: int, words: str) -> None:
    assert explain(ThrottledError(seconds, "name", None)).endswith(words)


def test_nobody_is_told_to_try_again_what_cannot_be_saved(log: Log) -> None:
    assert explain(StoreReadOnlyError("why"), outage="later") == labels.NOT_SAVED
    assert explain(StoreUnavailableError("why"), outage="later") == "later"
    assert log.lines == ['event="store unavailable" reason=why']


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (12, "12 hours"),
        (1, "1 hour"),
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
