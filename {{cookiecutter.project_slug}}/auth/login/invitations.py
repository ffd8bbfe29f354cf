"""Invitations: a link with which somebody new chooses a password, once, within three days.

So nobody ever hands a password over, and no mail server is needed. What is secret in the link is
the code, 256 random bits with the user's epoch. It stands in the fragment, which a browser keeps
from every server; and no request uses an invitation up, only the password that is saved.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from auth import texts
from auth.events import Event, record
from auth.login import throttle, tries
from auth.records import (
    NotAcceptableError,
    UnknownUserError,
    User,
    UserExistsError,
)
from auth.sessions import tokens
from auth.settings import load_settings
from auth.users import directory, invited, profile

LIFETIME: Final = timedelta(hours=72)

# Of the link's address: what tells the server to show the page Welcome, and the code's name.
QUERY: Final = ("auth", "invitation")
FRAGMENT: Final = "invite"

_CODE = re.compile(r"(?P<secret>[A-Za-z0-9_-]{43})(?P<epoch>[0-9]{1,19})")


class InvitationRefusedError(Exception):
    """A code belongs to no invitation that can be used: never, not any more, or not now."""


def invite(
    username: str,
    roles: Iterable[str] = (),
    address: str | None = None,
    *,
    email: str = "",
    display_name: str = "",
) -> str:
    """Add a user, and return the link with which they choose a password.

    Somebody who has not chosen one yet gets a new link, and the earlier one ends.

    Args:
        username: Whom to invite.
        roles: Roles that they get.
        address: Where the browser of whoever invites sees the app, unless a setting says it.
        email: Their address, which nobody has; "" for none, or for the one that they have.
        display_name: What people call them; "" for nothing, or for what they are called.

    Raises:
        NotAcceptableError: The name, a role, the address or the display name is not acceptable,
            somebody else has just changed the password, or nobody knows the address of the app.
        UserExistsError: The user has a password, or is disabled.
        EmailTakenError: Another user has the address, or it is one's name.
    """
    base, granted = _base(address), tuple(roles)
    secret = tokens.new_secret()
    secret_hash = tokens.hash_token(secret)
    user = directory.find(username)
    if user is None:
        user = invited.add(
            username, granted, secret_hash, LIFETIME, email=email, display_name=display_name
        )
    elif user.disabled or not user.has_one_time_password:
        raise UserExistsError(user.username)
    else:
        if email:
            profile.set_email(user.username, email)
        if display_name:
            profile.set_display_name(user.username, display_name)
        try:
            user = invited.invite_again(user, granted, secret_hash, LIFETIME)
        except UnknownUserError:
            raise NotAcceptableError(texts.current().password_was_changed) from None
    return f"{base}/?{'='.join(QUERY)}#{FRAGMENT}={secret}{user.epoch}"


def accept(code: str, password: str) -> User:
    """Set the password that somebody with an invitation chose, and return who they are from then on.

    Of many who do so at once, one gets in.

    Args:
        code: What the link had, however odd.
        password: What they chose.

    Raises:
        InvitationRefusedError: The code is made up, used, expired or replaced, or the user is
            disabled or gone: nobody learns which.
        NotAcceptableError: The password is not acceptable. The code can be used again.
        ThrottledError: There were too many failed logins; the code was not looked at.
    """
    with tries.counted(f"invitation {code}"):
        user = _find(code)
        try:
            with throttle.checking():
                directory.set_password(user, password, same_epoch=True)
        except UnknownUserError:
            record(Event.INVITATION_REFUSED, reason="used at the same moment", user=user)
            raise InvitationRefusedError from None
    record(Event.INVITATION_USED, user=user)
    return replace(user, epoch=user.epoch + 1, password_expires_at=None)


def _find(code: str) -> User:
    """Return who may choose a password by a code, or raise InvitationRefusedError."""
    parts = _CODE.fullmatch(code)
    user = invited.find(parts["epoch"], tokens.hash_token(parts["secret"])) if parts else None
    if user and invited.can_choose(user):
        return user
    reason = "expired, ended or disabled" if user else "unknown, replaced or used"
    record(Event.INVITATION_REFUSED, reason=reason, user=user)
    raise InvitationRefusedError


def _base(address: str | None) -> str:
    """Return the address of the app without a slash at its end."""
    settings = load_settings()
    if base := settings.app_url or address:
        return base.rstrip("/")
    if settings.app_env == "production":
        raise NotAcceptableError(texts.current().no_app_url)
    return "http://localhost:8501"
