"""What is kept of second factors, and what a store of them has to do."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from auth.records import User

TOTP: Final = "totp"
PASSKEY: Final = "passkey"


@dataclass(frozen=True, slots=True)
class Factor:
    """A second factor of a user.

    Attributes:
        factor_id: 64 hex characters: the SHA-256 of an authenticator app's owner, so that each
            user has one at most, or of a passkey's credential id.
        user_id: Whose it is.
        kind: TOTP or PASSKEY.
        name: What its owner calls it.
        secret: The encrypted seed of an authenticator app, or the credential of a passkey.
        counter: The last step that was used, or the passkey's sign count.
        added_at: When it was added.
        last_used_at: When it was last used, or None if never.
    """

    factor_id: str
    user_id: str
    kind: str
    name: str
    secret: str
    counter: int
    added_at: datetime
    last_used_at: datetime | None = None


class LastFactorError(Exception):
    """It is the last second factor of a user who has to have one."""


class Factors(Protocol):
    """The second factors, each by its id, and the recovery codes, each by its hash.

    Those of a user who does not exist are never found.
    """

    def list_of(self, user: User) -> list[Factor]:
        """Return a user's factors, the oldest first."""

    def list_all(self) -> list[Factor]:
        """Return every user's factors."""

    def find(self, factor_id: str) -> Factor | None:
        """Return a factor, or None."""

    def owner_of(self, factor: Factor) -> User | None:
        """Return whose factor it is, or None if they do not exist."""

    def add(self, factor: Factor) -> bool:
        """Keep a factor, in the place of one of that id, and tell whether.

        It is not kept if the other one is another user's.

        Raises:
            UnknownUserError: Its owner does not exist.
        """

    def use(self, factor_id: str, counter: int, now: datetime, *, may_stay: bool = False) -> bool:
        """Raise a factor's counter, and tell whether: of many who ask at once, one does.

        Args:
            factor_id: Which factor.
            counter: The new counter. One that is not higher is refused.
            now: The time.
            may_stay: Whether a counter of 0 may stay 0.
        """

    def rename(self, factor: Factor, name: str) -> None:
        """Give a factor another name. An unknown one is ignored."""

    def encrypt_again(self, factor: Factor, secret: str) -> bool:
        """Keep a secret in another form, and tell whether: not if it was changed meanwhile."""

    def remove(self, factor: Factor, *, keep_one: bool) -> bool:
        """Remove a factor, with the recovery codes if it is the last, and tell whether.

        Args:
            factor: The factor. An unknown one is ignored.
            keep_one: Whether its owner has to have one.

        Raises:
            LastFactorError: It is the last. However many are removed at once, one stays.
            UnknownUserError: Its owner does not exist.
        """

    def remove_all(self, user: User) -> int:
        """Remove a user's factors and recovery codes, raise the epoch, and return how many factors.

        Raises:
            UnknownUserError: The user does not exist.
        """

    def set_codes(self, user: User, code_hashes: Collection[str]) -> None:
        """Keep these recovery codes in the place of all that a user has.

        Raises:
            UnknownUserError: The user does not exist.
        """

    def use_code(self, user: User, code_hash: str) -> bool:
        """Forget a user's recovery code, and tell whether: of many who ask at once, one does."""

    def count_codes(self, user: User) -> int:
        """Return how many recovery codes a user has left."""
