"""What a store has to do.

Every method may be called from any thread, and raises StoreUnavailableError when
the store cannot be reached. Stores know no clock and no log: they are told the
time, and return or raise.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from auth.records import Attempt, AuditEntry, Device, Session, Ticket, User


class Users(Protocol):
    """The users. A change finds its user by the id, whatever the name is by now."""

    def find(self, username: str) -> User | None:
        """Return the user of an exact name, or None."""

    def find_login(self, text: str) -> User | None:
        """Return the user who has exactly that name, or else that address, or None."""

    def list_all(self) -> list[User]:
        """Return every user, by name."""

    def search(self, text: str, limit: int, offset: int = 0) -> list[User]:
        """Return users with a text in their name, address or display name, by name.

        Args:
            text: The text, as `searched_form` returns it; "" for all users.
            limit: How many to return at most.
            offset: How many of the first to leave out.
        """

    def list_by_hash(self, password_hash: str) -> list[User]:
        """Return the users for whom exactly that is kept as their password's hash, by name."""

    def add(self, user: User) -> None:
        """Add a user, or raise UserExistsError or EmailTakenError."""

    def put(self, *users: User) -> None:
        """Add all of these users or none, each in the place of any that has the id.

        Raises:
            UserExistsError: Another user has one of the names.
            EmailTakenError: As `set_email`.
        """

    def rename(self, user: User, username: str) -> None:
        """Give a user another name, or raise UnknownUserError, or as `add`."""

    def set_email(self, user: User, email: str | None) -> None:
        """Give a user another address or none, or raise UnknownUserError.

        Raises:
            EmailTakenError: Another user has that address, or has it as their name.
        """

    def set_display_name(self, user: User, display_name: str | None) -> None:
        """Give a user another display name or none, or raise UnknownUserError."""

    def set_password(
        self,
        user: User,
        password_hash: str,
        expires_at: datetime | None = None,
        *,
        same_epoch: bool = False,
        role_to_keep: str | None = None,
    ) -> None:
        """Change a password and raise the epoch, or raise UnknownUserError.

        Args:
            user: Whose password it is.
            password_hash: The hash of the new one.
            expires_at: Until when it can be used, if it is a one-time password.
            same_epoch: Whether a user whose epoch is another by now is unknown.
            role_to_keep: As of `set_disabled`: nobody logs in as before with a one-time password.

        Raises:
            LastUserError: As `set_disabled`.
        """

    def use_one_time_password(self, user: User, now: datetime) -> bool:
        """Let a one-time password end now, and tell whether: of many who ask at once, one does."""

    def set_disabled(self, user: User, disabled: bool, role_to_keep: str | None = None) -> None:
        """Disable a user and raise the epoch, or enable them; or raise UnknownUserError.

        Raises:
            LastUserError: Nobody else has the role to keep who can log in, with a password of
                their own. However many are disabled, removed or lose the role at once, one stays.
        """

    def set_roles(
        self, user: User, roles: tuple[str, ...], role_to_keep: str | None = None
    ) -> bool:
        """Change a user's roles, and tell whether: not if they were changed meanwhile.

        Raises:
            LastUserError: As `set_disabled`.
        """

    def end_sessions(self, user: User | None) -> None:
        """Raise the epoch of a user, or of all if None; or raise UnknownUserError."""

    def unlock(self, user: User) -> None:
        """Raise the number of unlocks of a user, or raise UnknownUserError."""

    def upgrade_password_hash(self, user: User, password_hash: str) -> None:
        """Keep a stronger hash of the same password, unless it was changed meanwhile."""

    def remove(self, user: User, role_to_keep: str | None = None) -> None:
        """Remove a user, or raise UnknownUserError, or LastUserError as `set_disabled`."""


class Sessions(Protocol):
    """The sessions, each by the hash of its token."""

    def add(self, session: Session) -> None:
        """Keep a new session. One of a user who does not exist is never found."""

    def find(self, token_hash: str) -> tuple[Session, User] | None:
        """Return a session and its user, while the user is enabled and of the same epoch."""

    def touch(self, token_hash: str, last_seen_at: datetime) -> None:
        """Keep when a session was last used. An unknown one is ignored."""

    def remove(self, token_hash: str) -> None:
        """End a session. An unknown one is ignored."""

    def list_all(self, now: datetime, user: User | None = None) -> list[tuple[Session, User]]:
        """Return what `find` finds and has not expired, of a user or of all, newest first."""

    def last_uses(self, user_ids: Collection[str]) -> dict[str, datetime]:
        """Return when the sessions of users were last used, by their ids, those that are over too."""

    def purge(self, now: datetime, limit: int = 1000) -> int:
        """Remove at most so many sessions that have expired, and return how many."""


class Tickets(Protocol):
    """The single-use secrets, each by its hash."""

    def add(self, ticket: Ticket, now: datetime) -> None:
        """Keep a new ticket, and forget those that have expired."""

    def take(self, purpose: str, ticket_hash: str) -> Ticket | None:
        """Return a ticket and forget it: of many who ask at once, one gets it."""


class Attempts(Protocol):
    """The logins that count as failed, for all servers together."""

    def start(
        self, attempt: Attempt, limits: Mapping[str, int], now: datetime
    ) -> tuple[str, datetime] | None:
        """Count an attempt, unless one of its keys has as many as it may have.

        However many ask at once, no key ever has more.

        Args:
            attempt: The attempt.
            limits: How many may count for each key, by its name: pair, name, address.
            now: The time.

        Returns:
            None if it counts; otherwise the name of a key without room, and when it
            will have some.
        """

    def end(self, attempt_ids: Collection[str], now: datetime) -> None:
        """Let attempts count no longer. Unknown ones are ignored."""

    def clear(self, pair: str, now: datetime) -> None:
        """Let every attempt of a pair count no longer."""

    def purge(self, now: datetime, limit: int = 1000) -> int:
        """Remove at most so many attempts that have expired, and return how many."""


class Devices(Protocol):
    """The browsers that have logged in as a user, each by the hash of the two."""

    def add(self, device: Device, now: datetime, most: int) -> None:
        """Keep a device, or a known one for longer, and forget the expired.

        Args:
            device: The device. One of a user who does not exist is not kept.
            now: The time.
            most: How many are kept of one user. Those that expire first are forgotten.
        """

    def knows(self, user: User, device_hash: str, now: datetime) -> bool:
        """Tell whether a device of a user was added and has not expired."""


class Audit(Protocol):
    """What happened to people."""

    def add(self, entry: AuditEntry) -> None:
        """Keep an entry."""

    def list_newest(
        self, username: str | None = None, event: str | None = None, limit: int = 100
    ) -> list[AuditEntry]:
        """Return entries about a name or all, of an event or all, newest first.

        Args:
            username: What whoever they are about was called then, or None.
            event: What happened, or None.
            limit: How many to return at most.
        """

    def list_newest_of(self, user_id: str, limit: int = 100) -> list[AuditEntry]:
        """Return at most so many entries about a user, newest first."""

    def last_times(self, event: str, user_ids: Collection[str]) -> dict[str, datetime]:
        """Return when an event last happened to users, by their ids; of the others nothing."""

    def purge(self, older_than: datetime, limit: int = 1000) -> int:
        """Remove at most so many entries from before a time, and return how many."""


@dataclass(frozen=True, slots=True)
class Store:
    """An open store."""

    users: Users
    sessions: Sessions
    tickets: Tickets
    attempts: Attempts
    devices: Devices
    audit: Audit
