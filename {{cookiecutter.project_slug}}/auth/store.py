"""What a store of users and sessions has to do, and the records that it keeps."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class StoreUnavailableError(Exception):
    """The store cannot be reached or read now. The message is fit for the log."""


class UserExistsError(Exception):
    """A user of that name is there already."""


class UnknownUserError(Exception):
    """There is no user of that name."""


@dataclass(frozen=True, slots=True)
class User:
    """A person who may log in.

    Attributes:
        username: 1 to 64 letters, digits and `.`, `_`, `@`, `-`; case counts.
        password_hash: The hash in PHC string format.
        disabled: Whether the user is kept but let in no more.
    """

    username: str
    password_hash: str
    disabled: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """One login of one user in one browser.

    Attributes:
        token_hash: SHA-256 of the token in hexadecimal, 64 characters.
        username: Whose session it is.
        created_at: When the login was, UTC.
        expires_at: When it ends at the latest, UTC.
        seen_at: When it was last used, UTC, a minute late at the most.
    """

    token_hash: str
    username: str
    created_at: datetime
    expires_at: datetime
    seen_at: datetime


{% if cookiecutter.cookie_transport == "http_only" %}
@dataclass(frozen=True, slots=True)
class Code:
    """A one-time code, by which a browser fetches its cookie.

    Attributes:
        code_hash: SHA-256 of the code in hexadecimal, 64 characters.
        sealed_token: The token that it stands for, encrypted with the code.
        expires_at: Until when it can be used, UTC.
    """

    code_hash: str
    sealed_token: str
    expires_at: datetime


{% endif %}
class Store(Protocol):
    """Users and sessions. Every method may be called from any thread.

    Every method raises StoreUnavailableError when the store cannot be reached.
    """

    def find_user(self, username: str) -> User | None:
        """Return the user of exactly that name."""

    def list_users(self) -> list[User]:
        """Return every user, by name."""

    def add_user(self, user: User) -> None:
        """Add a user, or raise UserExistsError."""

    def replace_user(self, user: User) -> None:
        """Change the user of that name and end their sessions, or raise UnknownUserError."""

    def upgrade_password_hash(self, user: User, password_hash: str) -> None:
        """Keep a stronger hash of the same password, unless it was changed meanwhile."""

    def remove_user(self, username: str) -> None:
        """Remove a user and end their sessions, or raise UnknownUserError."""

    def add_session(self, session: Session) -> None:
        """Keep a new session if its user is there, and remove a few that have expired."""

    def find_session(self, token_hash: str) -> Session | None:
        """Return the session while its user is there and not disabled."""

    def touch_session(self, token_hash: str, seen_at: datetime) -> None:
        """Note when a session was last used. An unknown one is ignored."""

    def remove_session(self, token_hash: str) -> None:
        """End a session. An unknown one is ignored."""

    def list_sessions(self, username: str | None = None) -> list[Session]:
        """Return the sessions of a user or of all that have not expired, the newest first."""

    def end_sessions(self, username: str | None = None) -> int:
        """End the sessions of a user or of all, and return how many there were."""

    def purge_sessions(self, limit: int = 1000) -> int:
        """Remove at most so many sessions that have expired, and return how many."""
{% if cookiecutter.cookie_transport == "http_only" %}

    def add_code(self, code: Code) -> None:
        """Keep a new one-time code, and forget those that have expired."""

    def take_code(self, code_hash: str) -> Code | None:
        """Return a code and forget it: of many who ask at once, one gets it."""
{% endif %}
