"""The records that are kept, and the errors that everybody may meet."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

DEMO_HASH: Final = "demo"  # stands for a hash: the name is the password, in development only
INVITATION: Final = "$invitation$"  # what stands for a hash begins so, until a password is chosen


class UnavailableError(Exception):
    """The login cannot do its work now. The message is fit for the log."""


class SettingsError(UnavailableError):
    """A setting has a value that the app cannot use."""


class StoreUnavailableError(UnavailableError):
    """The store cannot be reached or read now."""


class StoreReadOnlyError(StoreUnavailableError):
    """The store can be read and not written, and trying again does not help."""


class NotAcceptableError(Exception):
    """What somebody wants cannot be. The message is a sentence for them, and says why."""


class UserExistsError(Exception):
    """A user of that name already exists."""


class EmailTakenError(Exception):
    """Another user has that address, or has it as their name."""


class UnknownUserError(Exception):
    """There is no such user."""


class LastUserError(Exception):
    """Nobody else who can log in has the role that somebody has to have."""


@dataclass(frozen=True, slots=True)
class User:
    """A person who may log in.

    Attributes:
        id: What the user is for ever, 32 characters: it is never given to anybody else.
        username: 1 to 64 lowercase letters, digits and `.`, `_`, `@`, `-`. It may change.
        password_hash: The hash in PHC string format, DEMO_HASH, or what begins with INVITATION.
        disabled: Whether the user is kept, but cannot log in.
        roles: What the user may do beyond logging in.
        epoch: The number that the user's sessions have to have; raising it ends them all.
        unlocks: How often their failed logins were forgotten. Those of another number, or of
            another epoch, do not count.
        password_expires_at: Until when the password can be used, UTC, if it is a one-time
            password or an invitation; None if the user chose it.
        email: The address of the user, at most 254 lowercase characters, or None. No other user
            has it, neither as an address nor as a name.
        display_name: What people call the user, at most 64 characters, or None.
    """

    id: str
    username: str
    password_hash: str
    disabled: bool = False
    roles: tuple[str, ...] = ()
    epoch: int = 1
    unlocks: int = 0
    password_expires_at: datetime | None = None
    email: str | None = None
    display_name: str | None = None

    @property
    def is_demo(self) -> bool:
        """Whether the user came with the project, and their name is their password."""
        return self.password_hash == DEMO_HASH

    @property
    def is_invited(self) -> bool:
        """Whether the user has no password, but an invitation to choose one."""
        return self.password_hash.startswith(INVITATION)

    @property
    def has_one_time_password(self) -> bool:
        """Whether the user has to choose a password before anything else."""
        return self.password_expires_at is not None


def new_user_id() -> str:
    """Return an id that nobody has: 128 random bits as 32 characters."""
    return secrets.token_hex(16)


def new_epoch() -> int:
    """Return one at random: a session of whoever was replaced by an import has another."""
    return secrets.randbelow(2**52)


@dataclass(frozen=True, slots=True)
class Session:
    """One login of one user in one browser.

    Attributes:
        token_hash: SHA-256 of the token in hexadecimal, 64 characters.
        user_id: Whose session it is.
        epoch: The user's epoch when their password was checked.
        created_at: When the login was, UTC; earlier, if it was no recent one from its start.
        expires_at: When it ends at the latest, UTC.
        last_seen_at: When it was last used, UTC, at most a minute late.
        address: The IP address that the login came from; "" if it is not known.
        user_agent: The browser that it came from, in words for people, at most 64
            characters; "" if it is not known. Whoever logs in can make it say anything.
    """

    token_hash: str
    user_id: str
    epoch: int
    created_at: datetime
    expires_at: datetime
    last_seen_at: datetime
    address: str = ""
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What the store knows of a login.

    Attributes:
        user: Whose session it is, or None if there is none that lives.
        proved_at: When that user last proved who they are, UTC: each proof starts a session.
        was_idle: Whether the session is over because it was not used for too long.
    """

    user: User | None = None
    proved_at: datetime | None = None
    was_idle: bool = False


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a secret is worth, once.

    Attributes:
        ticket_hash: SHA-256 of the secret in hexadecimal, 64 characters.
        purpose: What the secret is for. It is worth nothing for anything else.
        payload: What whoever has the secret gets.
        expires_at: Until when it can be used, UTC.
    """

    ticket_hash: str
    purpose: str
    payload: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """A login that counts as failed until it has succeeded.

    The keys are what attempts are counted by. They are hashes, because people type
    their password into the wrong field.

    Attributes:
        attempt_id: What tells it from every other, 32 characters.
        pair: The key of its name and address together, 64 characters.
        name: The key of its name, from wherever.
        address: The key of its address, with whatever name.
        expires_at: Until when it counts, UTC.
    """

    attempt_id: str
    pair: str
    name: str
    address: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Device:
    """A browser that has logged in as a user.

    Attributes:
        device_hash: The hash of its secret, the user and their epoch, 64 characters.
        user_id: Whose browser it is.
        expires_at: Until when it is known, UTC.
    """

    device_hash: str
    user_id: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Something that happened to a person. None stands for what is not known.

    Attributes:
        at: When it happened, UTC.
        event: What happened, at most 32 characters.
        user_id: Whom it is about.
        username: What they were called then, at most 64 characters, as the rest.
        actor: Who did it.
        address: From which IP address.
        session: In which session: its name in the log.
        count: How often it happened since the last such entry, this time included; what else
            the entry says is of the last time.
    """

    at: datetime
    event: str
    user_id: str | None = None
    username: str | None = None
    actor: str | None = None
    address: str | None = None
    session: str | None = None
    count: int = 1
