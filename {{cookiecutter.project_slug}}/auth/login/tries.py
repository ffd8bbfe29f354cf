"""A try to prove who one is: it counts as failed until it has succeeded."""

from collections.abc import Iterator
from contextlib import contextmanager

from auth.events import Event, record
from auth.login import throttle
from auth.login.throttle import ThrottledError
from auth.records import NotAcceptableError, StoreUnavailableError, User


@contextmanager
def counted(text: str) -> Iterator[User | None]:
    """Count what is tried in a with block as a failed login, unless it ends well.

    An outage is nobody's failure, nor is a new password that is not acceptable.

    Args:
        text: What the try counts for: the name or address that was typed, or what no user is
            called, such as a text with a space, which counts for itself and the place.

    Yields:
        Who is called so, or None.

    Raises:
        ThrottledError: There were too many; nothing is tried.
        StoreUnavailableError: The store cannot be reached; nothing was counted.
    """
    try:
        attempt, user = throttle.start_attempt(text)
    except ThrottledError as error:
        record(Event.THROTTLED, reason=error.reason, user=error.username)
        raise
    try:
        yield user
    except StoreUnavailableError:
        throttle.end_attempt_later(attempt)
        raise
    except NotAcceptableError:
        throttle.end_attempt(attempt)
        raise
    throttle.end_attempt(attempt)
