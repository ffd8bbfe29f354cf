"""What users do about their own login."""

from dataclasses import replace

from auth.events import Event
from auth.login import by_password
from auth.records import User
from auth.sessions import sessions, tokens
from auth.users import directory


def change_password(username: str, password: str, new_password: str) -> str:
    """Change the password of a user who knows it, and return the token of a new session.

    All earlier sessions end.

    Args:
        username: Who is logged in.
        password: What was typed as the current password.
        new_password: What was typed as the new one.

    Raises:
        NotAcceptableError: The new password is not acceptable.
        ThrottledError: There were too many failed logins; no password was looked at.
        WrongPasswordError: The current password is wrong.
        UnknownUserError: The user was removed or changed meanwhile.
    """
    user = by_password.prove(username, password)
    directory.set_password(user, new_password, same_epoch=True)
    # By that change alone. If there was another one meanwhile, the session never begins.
    return by_password.begin(replace(user, epoch=user.epoch + 1))


def end_session(user: User, label: str) -> None:
    """End one of the sessions of a user. Somebody else's stays, and so does an unknown one.

    Args:
        user: Who is logged in.
        label: What `tokens.session_label` calls the session.
    """
    for session, _ in sessions.list_sessions(user):
        if tokens.session_label(session.token_hash) == label:
            sessions.end(session, user, Event.SESSION_REVOKED)


def end_other_sessions(user: User, token_hash: str) -> None:
    """End all sessions of a user except one.

    Args:
        user: Who is logged in.
        token_hash: The hash of the token of the session that stays.
    """
    for session, _ in sessions.list_sessions(user):
        if session.token_hash != token_hash:
            sessions.end(session, user, Event.SESSION_REVOKED)
