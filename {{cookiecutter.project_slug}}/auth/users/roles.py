"""Roles: what users may do beyond logging in, given to them and taken away."""

from collections.abc import Callable, Collection, Iterable

from auth import texts
from auth.access import check_role
from auth.events import Event, record
from auth.records import NotAcceptableError, StoreUnavailableError
from auth.users import administrators, directory

_MAX_ROLES = 20
_TRIES = 100  # to change what others change at the same time

_Roles = tuple[str, ...]


def grant(username: str, roles: Iterable[str]) -> None:
    """Give a user roles, from their next click on.

    Raises:
        NotAcceptableError: A role cannot exist, or they would be too many; the message says why.
        UnknownUserError: There is no such user.
    """
    granted = checked(roles)
    _change(username, lambda old: old + granted)


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
    """
    revoked = set(roles)
    _change(username, lambda old: tuple(role for role in old if role not in revoked), force=force)


def replace(username: str, roles: Iterable[str], had: Iterable[str]) -> None:
    """Give a user these roles and no others, from their next click on.

    Args:
        username: Whose roles they are.
        roles: The roles.
        had: Those that the user had when this was decided.

    Raises:
        NotAcceptableError: As `grant`, or the user has other roles now than they had.
        OwnAccountError, LastUserError, UnknownUserError, StoreUnavailableError: As
            `grant` and `revoke`.
    """
    wanted, known = checked(roles), tuple(had)

    def replace_known(old: _Roles) -> _Roles:
        if old != known:
            raise NotAcceptableError(texts.current().roles_were_changed)
        return wanted

    _change(username, replace_known)


def checked(roles: Iterable[str]) -> _Roles:
    """Return roles, each once.

    Raises:
        NotAcceptableError: As `grant`.
    """
    each = tuple(dict.fromkeys(roles))
    for role in each:
        check_role(role)
    _check_number(each)
    return each


def _check_number(roles: Collection[str]) -> None:
    if len(roles) > _MAX_ROLES:
        raise NotAcceptableError(texts.current().too_many_roles.format(most=_MAX_ROLES))


def _change(username: str, change: Callable[[_Roles], _Roles], *, force: bool = False) -> None:
    """Change the roles of a user, again if somebody else does meanwhile, and record it."""
    for _ in range(_TRIES):
        user = directory.get(username)
        roles = tuple(dict.fromkeys(change(user.roles)))
        _check_number(roles)
        ends = administrators.ROLE in user.roles and administrators.ROLE not in roles
        role_to_keep = administrators.role_to_keep(user, force) if ends else None
        if roles == user.roles or directory.set_roles(user, roles, role_to_keep):
            break
    else:
        raise StoreUnavailableError(f"The roles of {username} are changed all the time.")
    for event, changed in (
        (Event.ROLES_GRANTED, [role for role in roles if role not in user.roles]),
        (Event.ROLES_REVOKED, [role for role in user.roles if role not in roles]),
    ):
        if changed:
            record(event, user=user, roles=" ".join(changed))
