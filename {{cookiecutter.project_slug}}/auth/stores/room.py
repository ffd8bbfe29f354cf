"""Which key of an attempt has no room left."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from auth.records import Attempt


def find_full(
    attempt: Attempt, counted: Iterable[Attempt], limits: Mapping[str, int]
) -> tuple[str, datetime] | None:
    """Return the name of the first key that has no room for an attempt, and when it will have some.

    Args:
        attempt: The attempt.
        counted: The attempts that count now and have a key in common with it.
        limits: How many may count for each key, by its name.

    Returns:
        None if there is room.
    """
    others = list(counted)
    for key, limit in limits.items():
        same = [other for other in others if getattr(other, key) == getattr(attempt, key)]
        if len(same) >= limit:
            return key, sorted(other.expires_at for other in same)[-limit]
    return None
