"""Users who have an invitation in place of a password.

What stands for their hash is the epoch and the SHA-256 of the invitation's secret. So whatever
raises the epoch ends the invitation, and whatever sets a password replaces it.
"""

from dataclasses import replace
from datetime import timedelta

from auth import clock, stores
from auth.events import Event, record
from auth.records import INVITATION, User, new_epoch, new_user_id
from auth.usernames import acceptable_display_name, acceptable_email, acceptable_name
from auth.users import directory, roles


def add(
    username: str,
    granted: tuple[str, ...],
    secret_hash: str,
    lifetime: timedelta,
    *,
    email: str = "",
    display_name: str = "",
) -> User:
    """Add a user who is to choose a password, and return their record.

    Args:
        username: A name that nobody has.
        granted: Their roles.
        secret_hash: SHA-256 of the invitation's secret in hexadecimal.
        lifetime: How long the invitation can be used, once.
        email: An address that nobody has; "" for none.
        display_name: What people call them; "" for none.

    Raises:
        NotAcceptableError: The name, a role, the address or the display name is not acceptable.
        UserExistsError: The name already exists.
        EmailTakenError: Another user has the address, or it is one's name.
    """
    granted = roles.checked(granted)
    epoch = new_epoch()
    user = User(
        new_user_id(),
        acceptable_name(username),
        _stored(str(epoch), secret_hash),
        roles=granted,
        epoch=epoch,
        password_expires_at=clock.now() + lifetime,
        email=acceptable_email(email),
        display_name=acceptable_display_name(display_name),
    )
    directory.add(user)
    record(Event.INVITED, user=user)
    return user


def invite_again(
    user: User, granted: tuple[str, ...], secret_hash: str, lifetime: timedelta
) -> User:
    """Replace a user's password or invitation by a new invitation, and return their record then.

    Args:
        user: The user.
        granted: Roles that they get beside those that they have.
        secret_hash, lifetime: As of `add`.

    Raises:
        NotAcceptableError: A role is not acceptable.
        UnknownUserError: The user was changed meanwhile.
    """
    roles.grant(user.username, granted)
    new = replace(user, epoch=user.epoch + 1, password_expires_at=clock.now() + lifetime)
    password_hash = _stored(str(new.epoch), secret_hash)
    stores.current().users.set_password(
        user, password_hash, new.password_expires_at, same_epoch=True
    )
    record(Event.INVITED, user=user)
    return replace(new, password_hash=password_hash)


def find(epoch: str, secret_hash: str) -> User | None:
    """Return whose invitation it is, whether it can still be used or not, or None.

    Args:
        epoch: The user's epoch when they were invited.
        secret_hash: SHA-256 of the invitation's secret in hexadecimal.
    """
    found = stores.current().users.list_by_hash(_stored(epoch, secret_hash))
    return found[0] if found else None


def can_choose(user: User) -> bool:
    """Tell whether a user has an invitation that can be used now."""
    end = user.password_expires_at
    is_current = user.password_hash.startswith(_stored(str(user.epoch), ""))
    return is_current and not user.disabled and end is not None and clock.now() < end


def _stored(epoch: str, secret_hash: str) -> str:
    return f"{INVITATION}{epoch}${secret_hash}"
