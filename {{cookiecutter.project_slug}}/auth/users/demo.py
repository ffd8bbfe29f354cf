"""Demo users: they come with the project, and each has the name as password."""

from typing import NamedTuple

from auth import texts
from auth.events import Event, record
from auth.records import LastUserError, UnknownUserError, User
from auth.settings import load_settings
from auth.users import directory
from auth.users.administrators import OwnAccountError

_NAMED = 3  # before "and 5 more"


class Removal(NamedTuple):
    """Who was removed, and who was not, each with the sentence that says so."""

    removed: list[str]
    kept: dict[str, str]

    def __str__(self) -> str:
        """Return sentences for whoever asked for it."""
        say = texts.current()
        if not self.removed and not self.kept:
            return say.demo_none
        done = [say.were_removed.format(names=", ".join(self.removed))] if self.removed else []
        return " ".join([*done, *(why.format(name=name) for name, why in self.kept.items())])


def is_production() -> bool:
    """Tell whether the app is for real people, and not to try it out."""
    return load_settings().app_env == "production"


def is_refused(user: User) -> bool:
    """Tell whether a user cannot log in because this is no place to try the app out."""
    return user.is_demo and is_production()


def remove_all(*, force: bool = False) -> Removal:
    """Remove and log out the demo users, all but whoever is acting and the last administrator.

    Args:
        force: Whether nobody has to be an administrator afterwards.
    """
    removed: list[str] = []
    kept: dict[str, str] = {}
    for name in [user.username for user in directory.list_demo()]:
        try:
            directory.remove_user(name, force=force)
        except OwnAccountError:
            kept[name] = texts.current().stays_own
        except LastUserError:
            kept[name] = texts.current().stays_last
        except UnknownUserError:
            continue
        else:
            removed.append(name)
    return Removal(removed, kept)


def warn() -> None:
    """Record who can log in with their name as password, or could elsewhere.

    Raises:
        SettingsError: A setting has a wrong value.
    """
    found = [user for user in directory.list_demo() if not user.disabled]
    if not found:
        return
    if is_production():
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
