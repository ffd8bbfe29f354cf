"""What users do about their own login."""

from dataclasses import replace

from auth import login, sessions, tokens, users
from auth.events import Event


def change_password(
    username: str,
    password: str,
    new_password: str,
    address: str | None = None,
    browser: str = "",
    device: str | None = None,
) -> str:
    """Change the password of a user who knows it, and return the token of a new session.

    All sessions of before end.

    Args:
        username: Who is logged in.
        password: What was typed as the password of before.
        new_password: What was typed as the new one.
        address: The visitor's IP address, or None if it is not known.
        browser: Which browser it is, as `handshake.browser` says.
        device: The secret in the browser's own cookie, or None.

    Raises:
        ValueError: The new password is not acceptable; the message says why.
        ThrottledError: There were too many failed logins; no password was looked at.
        WrongPasswordError: The password of before is wrong.
        UnknownUserError: The user was removed or changed meanwhile.
        StoreUnavailableError: The store cannot be reached.
    """
    user = login.prove(username, password, address, device)
    users.set_password(username, new_password, address, epoch=user.epoch)
    # By that change alone. If there was another one meanwhile, the session never begins.
    return sessions.start(replace(user, epoch=user.epoch + 1), address, browser)


def end_session(username: str, label: str, address: str | None = None) -> None:
    """End one of the sessions of a user. Somebody else's stays, and so does an unknown one.

    Args:
        username: Who is logged in.
        label: What `tokens.session_label` calls the session.
        address: The visitor's IP address, for the log.

    Raises:
        StoreUnavailableError: The store cannot be reached.
    """
    for session in sessions.list_sessions(username):
        if tokens.session_label(session.token_hash) == label:
            sessions.end(session, Event.SESSION_REVOKED, address)


def end_other_sessions(username: str, token: str, address: str | None = None) -> None:
    """End all sessions of a user except one.

    Args:
        username: Who is logged in.
        token: The token of the session that stays.
        address: The visitor's IP address, for the log.

    Raises:
        StoreUnavailableError: The store cannot be reached.
    """
    for session in sessions.list_sessions(username):
        if session.token_hash != tokens.hash_token(token):
            sessions.end(session, Event.SESSION_REVOKED, address)
