"""Which events there are."""

import logging
from enum import Enum
from typing import Final


class Event(Enum):
    """What can happen, the level of its line in the log, and whether it goes into the audit.

    What goes there is about a person.
    """

    LOGIN = "login", logging.INFO, True
    LOGIN_FAILED = "login failed", logging.INFO, True
    THROTTLED = "throttled", logging.WARNING
    LOGOUT = "logout", logging.INFO, True
    SESSION_EXPIRED = "session expired", logging.INFO, True
    SESSION_ENDED = "session ended", logging.INFO
    SESSION_REVOKED = "session revoked", logging.INFO, True
    OLDEST_SESSION_ENDED = "oldest session ended", logging.INFO, True
    COOKIE_MISMATCH = "cookie mismatch", logging.WARNING
    COOKIE_REFUSED = "cookie refused", logging.WARNING
    REQUEST_REFUSED = "request refused", logging.WARNING
    UPLOAD_MISDIRECTED = "upload misdirected", logging.WARNING
    ACCESS_DENIED = "access denied", logging.WARNING, True
    USER_ADDED = "user added", logging.INFO, True
    USER_IMPORTED = "user imported", logging.INFO, True
    INVITED = "invited", logging.INFO, True
    INVITATION_USED = "invitation used", logging.INFO, True
    INVITATION_REFUSED = "invitation refused", logging.WARNING, True
    PASSWORD_CHANGED = "password changed", logging.INFO, True
    PASSWORD_RESET = "password reset", logging.INFO, True
    USER_DISABLED = "user disabled", logging.INFO, True
    USER_ENABLED = "user enabled", logging.INFO, True
    USER_UNLOCKED = "user unlocked", logging.INFO, True
    USER_RENAMED = "user renamed", logging.INFO, True
    EMAIL_CHANGED = "email changed", logging.INFO, True
    DISPLAY_NAME_CHANGED = "display name changed", logging.INFO, True
    USER_REMOVED = "user removed", logging.INFO, True
    ROLES_GRANTED = "roles granted", logging.INFO, True
    ROLES_REVOKED = "roles revoked", logging.INFO, True
    SESSIONS_ENDED = "sessions ended", logging.INFO, True
{% if "second_factor" in cookiecutter.accounts %}
    FACTOR_ADDED = "second factor added", logging.INFO, True
    FACTOR_REMOVED = "second factor removed", logging.INFO, True
    FACTOR_RESET = "second factor reset", logging.INFO, True
    FACTOR_FAILED = "second factor failed", logging.INFO, True
    FACTOR_THROTTLED = "second factor throttled", logging.WARNING, True
    RECOVERY_CODES_MADE = "recovery codes made", logging.INFO, True
    RECOVERY_CODE_USED = "recovery code used", logging.WARNING, True
{% endif %}
    DEMO_USER_REFUSED = "demo user refused", logging.WARNING
    DEMO_USERS_PRESENT = "demo users present", logging.WARNING
    PASSWORD_HASH_UNUSABLE = "password hash unusable", logging.ERROR
    LAST_USE_NOT_RECORDED = "last use not recorded", logging.WARNING
    AUDIT_NOT_WRITTEN = "audit not written", logging.ERROR
    STORE_UNAVAILABLE = "store unavailable", logging.ERROR

    def __init__(self, text: str, level: int, is_audited: bool = False) -> None:
        self.text = text
        self.level = level
        self.is_audited = is_audited


AUDITED: Final = [event.text for event in Event if event.is_audited]
