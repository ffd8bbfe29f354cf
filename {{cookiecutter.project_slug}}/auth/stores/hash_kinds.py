"""How the users' passwords are hashed, asked once in a while."""

from datetime import datetime, timedelta

from auth.stores.interface import Users

_KNOWN_FOR = timedelta(minutes=1)  # all users are looked at for it

_asked: list[tuple[datetime, set[str]]] = []


def known(users: Users, now: datetime) -> set[str]:
    """Return the kinds of the users' password hashes, or those of up to a minute ago.

    Args:
        users: Whom to ask.
        now: The time, UTC.

    Raises:
        StoreUnavailableError: The store cannot be reached.
    """
    if not _asked or now - _asked[-1][0] >= _KNOWN_FOR:
        _asked[:] = [(now, users.hash_kinds())]
    return _asked[-1][1]
