"""The demo users that are still there: named at each start, and removed all at once."""

from datetime import datetime, timedelta
from typing import NamedTuple

from auth import clock, demo, users
from auth.administrators import OwnAccountError
from auth.events import Event, record
from auth.stores.base import LastUserError, UnknownUserError, User

_KNOWN_FOR = timedelta(minutes=1)  # all users are looked at for it
_NAMED = 3  # before "and 5 more"

_asked: list[tuple[datetime, list[str]]] = []


class Removal(NamedTuple):
    """Who was removed, and who was not, each with the reason."""

    removed: list[str]
    kept: dict[str, str]

    def __str__(self) -> str:
        """Return sentences for whoever asked for it."""
        if not self.removed and not self.kept:
            return "There are no demo users."
        done = [f"Removed {', '.join(self.removed)}."] if self.removed else []
        return " ".join([*done, *(f"{name} stays: {why}." for name, why in self.kept.items())])


def list_all() -> list[User]:
    """Return the demo users, by name.

    All users are read for it, unless nobody has had a hash of that kind within a minute.

    Raises:
        StoreUnavailableError: The store cannot be reached.
    """
    if not any(kind.startswith(demo.SCHEME) for kind in users.known_hash_kinds()):
        return []
    return [user for user in users.list_users() if demo.is_one(user)]


def list_known() -> list[User]:
    """Return the demo users of up to a minute ago who still are some.

    However many users there are, a page can ask this each time that it is drawn.

    Raises:
        StoreUnavailableError: The store cannot be reached.
    """
    now = clock.now()
    if not _asked or now - _asked[-1][0] >= _KNOWN_FOR:
        _asked[:] = [(now, [user.username for user in list_all()])]
    found = map(users.find, _asked[-1][1])
    return [user for user in found if user and demo.is_one(user)]


def remove_all(*, force: bool = False) -> Removal:
    """Remove and log out the demo users, all but whoever is acting and the last administrator.

    Args:
        force: Whether nobody has to be an administrator afterwards.

    Raises:
        StoreUnavailableError: The store cannot be reached.
    """
    removed: list[str] = []
    kept: dict[str, str] = {}
    for name in [user.username for user in list_all()]:
        try:
            users.remove_user(name, force=force)
        except OwnAccountError:
            kept[name] = "it is your own account"
        except LastUserError:
            kept[name] = "it is the last administrator who may log in"
        except UnknownUserError:
            continue
        else:
            removed.append(name)
    return Removal(removed, kept)


def warn() -> None:
    """Record who can log in with their name as password, or could elsewhere.

    Raises:
        SettingsError: A setting has a wrong value.
        StoreUnavailableError: The store cannot be reached.
    """
    found = [user for user in list_all() if not user.disabled]
    if not found:
        return
    if demo.is_production():
        reason = "they cannot log in here, and manage.py remove-demo-users removes them"
    else:
        reason = (
            "each can log in with its name as password: before anybody else can reach the app, run "
            "manage.py remove-demo-users, or set-password for each, and set APP_ENV=production"
        )
    record(Event.DEMO_USERS_PRESENT, users=name_some(found), reason=reason)


def name_some(found: list[User]) -> str:
    """Return the names of users, the first few if they are many."""
    names = [user.username for user in found]
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
