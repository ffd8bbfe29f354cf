"""One-time passwords: made up for a user, good for one login within a day, replaced in it.

So no administrator knows the password that somebody goes on with (ASVS 5.0, 6.4.1 and 6.4.6).
"""

from dataclasses import replace
from datetime import timedelta

from auth import clock, texts
from auth.login import by_password
from auth.passwords import hashing
from auth.passwords.made_up import new_password
from auth.records import NotAcceptableError, UnknownUserError, User
from auth.users import administrators, directory, invited

LIFETIME = timedelta(hours=24)


def add_user(
    username: str, *, email: str = "", display_name: str = "", roles: tuple[str, ...] = ()
) -> str:
    """Add a user, and return the one-time password for their first login.

    Args:
        username, email, display_name, roles: As of `directory.add_user`.

    Raises:
        NotAcceptableError, UserExistsError, EmailTakenError: As `directory.add_user`.
    """
    password = new_password()
    directory.add_user(
        username, password, LIFETIME, email=email, display_name=display_name, roles=roles
    )
    return password


def reset_password(username: str, *, force: bool = False) -> str:
    """Replace a user's password by a one-time password, which is returned. It logs them out.

    Of two who do so at once, one gets a password, and it is valid.

    Args:
        username: Whose password it is.
        force: Whether nobody else has to be an administrator.

    Raises:
        OwnAccountError: Whoever is acting would be logged out before they see it.
        LastUserError: Nobody else who can log in is an administrator: two have just reset
            each other's.
        NotAcceptableError: Somebody else has just changed the password.
        UnknownUserError: There is no such user.
    """
    user = directory.get(username)
    role_to_keep = administrators.role_to_keep(user, force)
    password = new_password()
    try:
        directory.set_password(
            user, password, lifetime=LIFETIME, same_epoch=True, role_to_keep=role_to_keep
        )
    except UnknownUserError:
        directory.get(username)
        raise NotAcceptableError(texts.current().password_was_changed) from None
    return password


def choose_password(user: User, password: str) -> str:
    """Set the password that a user chose, and return the token of a new session.

    Args:
        user: Who has logged in with a one-time password, as they were then.
        password: What they chose.

    Raises:
        NotAcceptableError: The password is not acceptable.
        UnknownUserError: The user was changed meanwhile.
    """
    if hashing.check_password(password, user.password_hash).correct:
        raise NotAcceptableError(texts.current().given_password)
    directory.set_password(user, password, same_epoch=True)
    return by_password.begin(replace(user, epoch=user.epoch + 1, password_expires_at=None))


def describe(user: User) -> str:
    """Return what is left of a user's one-time password or invitation, in words; "" for neither."""
    say = texts.current()
    if user.password_expires_at is None:
        return ""
    if user.is_invited:
        return say.invitation_over if is_over(user) else say.invitation_open
    return say.one_time_over if is_over(user) else say.one_time_open


def is_over(user: User) -> bool:
    """Tell whether a user has a one-time password or an invitation that is of no use any more."""
    if user.is_invited:
        return not invited.can_choose(user)
    return user.password_expires_at is not None and user.password_expires_at <= clock.now()
