"""Roles: what users may do beyond logging in, given to them and taken away."""

from collections.abc import Callable, Iterable

from auth import administrators, users
from auth.access import check_role
from auth.events import Event, record
from auth.usernames import stored_form

_MAX_ROLES = 20


def grant(username: str, roles: Iterable[str]) -> None:
    """Give a user roles, from their next click on.

    Raises:
        ValueError: A role cannot exist, or they would be too many; the message says why.
        UnknownUserError: There is no such user.
        StoreUnavailableError: The store cannot be reached.
    """
    granted = list(roles)
    for role in granted:
        check_role(role)
    name = _change(username, lambda old: dict.fromkeys([*old, *granted]))
    record(Event.ROLES_GRANTED, user=name, roles=" ".join(granted))


def revoke(username: str, roles: Iterable[str], *, force: bool = False) -> None:
    """Take roles from a user, from their next click on. One that they do not have is fine.

    Args:
        username: Who loses them.
        roles: The roles.
        force: Whether nobody else has to be an administrator.

    Raises:
        OwnAccountError: Nobody stops being an administrator by their own doing.
        LastUserError: Nobody else who may log in is an administrator.
        UnknownUserError: There is no such user.
        StoreUnavailableError: The store cannot be reached.
    """
    revoked = list(roles)
    administers = administrators.ROLE in revoked
    kept = administrators.role_to_keep(stored_form(username), force) if administers else None
    name = _change(username, lambda old: [role for role in old if role not in revoked], kept)
    record(Event.ROLES_REVOKED, user=name, roles=" ".join(revoked))


def _change(
    username: str,
    change: Callable[[tuple[str, ...]], Iterable[str]],
    role_to_keep: str | None = None,
) -> str:
    """Change the roles of a user, again if somebody else does meanwhile, and return the name."""
    while True:
        user = users.get(username)
        roles = tuple(change(user.roles))
        if len(roles) > _MAX_ROLES:
            raise ValueError(f"A user has at most {_MAX_ROLES} roles.")
        if roles == user.roles or users.set_roles(user, roles, role_to_keep):
            return user.username
