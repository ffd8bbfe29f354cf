"""Who is there, and who may see a page."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from auth import texts
from auth.records import NotAcceptableError


@dataclass(frozen=True, slots=True)
class CurrentUser:
    """Who is there, as a page sees them.

    Attributes:
        id: What the user is for ever, 32 characters, also under another name: what rows of the
            app's own tables refer to. "" if nobody is logged in.
        name: The username; "" if nobody is logged in.
        roles: What the user may do beyond logging in.
        email: The address, in lowercase; "" if it is not known.
        display_name: What people call the user: the username if they have no other name.
    """

    id: str
    name: str
    roles: frozenset[str] = frozenset()
    email: str = ""
    display_name: str = ""

    @property
    def is_logged_in(self) -> bool:
        """Whether there is a user."""
        return bool(self.id)

    def has_role(self, role: str) -> bool:
        """Tell whether the user has a role."""
        return role in self.roles


NOBODY = CurrentUser("", "")

Rule = Callable[[CurrentUser], bool]

_named: set[str] = set()  # in rules
_ROLE = re.compile(r"[a-z][a-z0-9_-]{0,31}")


def public(user: CurrentUser) -> bool:
    """Let everybody see a page, without a login."""
    return True


def logged_in(user: CurrentUser) -> bool:
    """Let every user see a page."""
    return user.is_logged_in


def roles(*names: str) -> Rule:
    """Let every user see a page who has one of the roles.

    Args:
        names: The roles, as `manage.py grant` gives them to users.
    """
    for name in names:
        check_role(name)
    _named.update(names)
    return lambda user: any(user.has_role(name) for name in names)


def known_roles() -> set[str]:
    """Return the roles that rules of the app have named so far."""
    return set(_named)


def check_role(name: str) -> None:
    """Raise NotAcceptableError if a role cannot have that name."""
    if name == "public" or not _ROLE.fullmatch(name):
        raise NotAcceptableError(texts.current().role_rule.format(role=repr(name)))
