"""Who is there, and who may see a page."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CurrentUser:
    """Who is there, as a page sees them.

    Attributes:
        name: The username; "" if nobody is logged in.
        roles: What the user may do beyond logging in.
    """

    name: str
    roles: frozenset[str] = frozenset()

    @property
    def is_logged_in(self) -> bool:
        """Whether there is a user."""
        return bool(self.name)

    def has_role(self, role: str) -> bool:
        """Tell whether the user has a role."""
        return role in self.roles


NOBODY = CurrentUser("")

Rule = Callable[[CurrentUser], bool]


def public(user: CurrentUser) -> bool:
    """Let everybody see a page, without a login."""
    return True


def logged_in(user: CurrentUser) -> bool:
    """Let every user see a page."""
    return user.is_logged_in
