"""The second factors of a file, which is beside the users file."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from threading import Lock, RLock
from typing import cast

from auth.records import StoreUnavailableError, UnknownUserError, User
from auth.stores.factors.file import NAME, Kept, read_factors, write_factors
from auth.stores.factors.interface import Factor, LastFactorError
from auth.stores.interface import Store
from auth.stores.memory import file_change
from auth.stores.memory.users import MemoryUsers


def factors_of(store: Store) -> "MemoryFactors":
    """Return the second factors of a store."""
    return _open(cast(MemoryUsers, store.users))


class MemoryFactors:
    """The second factors of a file, read again when it has changed, as users are.

    Who has logged in with a code has written it: so no code works again after a restart.
    """

    def __init__(self, users: MemoryUsers) -> None:
        self._users = users
        self._file = users.file.with_name(NAME)
        self._changes = Lock()
        self._lock = RLock()
        self._kept = Kept()
        self._version: tuple[int, int, int] | None = None

    def list_of(self, user: User) -> list[Factor]:
        """Return a user's factors, the oldest first."""
        return _of(self._read(), user.id) if self._users.find_by_id(user.id) else []

    def list_all(self) -> list[Factor]:
        """Return every user's factors."""
        return list(self._living(self._read()).factors.values())

    def find(self, factor_id: str) -> Factor | None:
        """Return a factor, or None."""
        found = self._read().factors.get(factor_id)
        return found if found and self._users.find_by_id(found.user_id) else None

    def owner_of(self, factor: Factor) -> User | None:
        """Return whose factor it is, or None if they do not exist."""
        return self._users.find_by_id(factor.user_id)

    def add(self, factor: Factor) -> bool:
        """Keep a factor, in the place of one of that id, and tell whether."""
        with self._changing(factor.user_id) as kept:
            if kept.factors.get(factor.factor_id, factor).user_id != factor.user_id:
                return False
            kept.factors[factor.factor_id] = factor
            return True

    def use(self, factor_id: str, counter: int, now: datetime, *, may_stay: bool = False) -> bool:
        """Raise a factor's counter, and tell whether: of many who ask at once, one does."""
        with self._changing() as kept:
            found = kept.factors.get(factor_id)
            if found is None or not (
                counter > found.counter or (may_stay and counter == found.counter == 0)
            ):
                return False
            kept.factors[factor_id] = replace(found, counter=counter, last_used_at=now)
            return True

    def rename(self, factor: Factor, name: str) -> None:
        """Give a factor another name. An unknown one is ignored."""
        with self._changing() as kept:
            if found := kept.factors.get(factor.factor_id):
                kept.factors[factor.factor_id] = replace(found, name=name)

    def encrypt_again(self, factor: Factor, secret: str) -> bool:
        """Keep a secret in another form, and tell whether: not if it was changed meanwhile."""
        with self._changing() as kept:
            found = kept.factors.get(factor.factor_id)
            if found is None or found.secret != factor.secret:
                return False
            kept.factors[factor.factor_id] = replace(found, secret=secret)
            return True

    def remove(self, factor: Factor, *, keep_one: bool) -> bool:
        """Remove a factor, with the recovery codes if it is the last, and tell whether."""
        with self._changing(factor.user_id) as kept:
            if factor.factor_id not in kept.factors:
                return False
            if len(_of(kept, factor.user_id)) == 1:
                if keep_one:
                    raise LastFactorError
                kept.codes.pop(factor.user_id, None)
            del kept.factors[factor.factor_id]
            return True

    def remove_all(self, user: User) -> int:
        """Remove a user's factors and recovery codes, raise the epoch, and return how many factors."""
        self._users.end_sessions(user)
        with self._changing(user.id) as kept:
            removed = _of(kept, user.id)
            for factor in removed:
                del kept.factors[factor.factor_id]
            kept.codes.pop(user.id, None)
            return len(removed)

    def set_codes(self, user: User, code_hashes: Collection[str]) -> None:
        """Keep these recovery codes in the place of all that a user has."""
        with self._changing(user.id) as kept:
            kept.codes[user.id] = list(code_hashes)

    def use_code(self, user: User, code_hash: str) -> bool:
        """Forget a user's recovery code, and tell whether: of many who ask at once, one does."""
        with self._changing() as kept:
            hashes = kept.codes.get(user.id, [])
            if code_hash not in hashes:
                return False
            hashes.remove(code_hash)
            return True

    def count_codes(self, user: User) -> int:
        """Return how many recovery codes a user has left."""
        return len(self._living(self._read()).codes.get(user.id, []))

    def _read(self) -> Kept:
        """Return what the file has now, which nobody may change."""
        with self._lock:
            try:
                status = self._file.stat()
                version = (status.st_mtime_ns, status.st_size, status.st_ino)
                if version != self._version:
                    self._kept = read_factors(self._file)
                    self._version = version
            except FileNotFoundError:
                return Kept()
            except OSError as error:
                raise StoreUnavailableError(
                    f"The file of second factors {self._file} cannot be read "
                    f"({type(error).__name__})."
                ) from None
            return self._kept

    def _living(self, kept: Kept) -> Kept:
        """Return a copy without what is of users who are gone."""
        ids = {user.id for user in self._users.list_all()}
        return Kept(
            {key: factor for key, factor in kept.factors.items() if factor.user_id in ids},
            {owner: hashes.copy() for owner, hashes in kept.codes.items() if owner in ids},
        )

    @contextmanager
    def _changing(self, user_id: str | None = None) -> Iterator[Kept]:
        """Give what there is to change, and write it into the file if nothing is raised.

        Args:
            user_id: Who has to exist, or None. Nobody is removed meanwhile.
        """
        with self._changes:
            try:
                with file_change.locked(self._users.file):
                    before = self._read()
                    kept = self._living(before)
                    if user_id and not self._users.find_by_id(user_id):
                        raise UnknownUserError(user_id)
                    yield kept
                    if kept != before:
                        like = self._file if self._file.exists() else self._users.file
                        file_change.replace_text(self._file, write_factors(kept), like)
            except OSError as error:
                what = f"file of second factors {self._file}"
                raise file_change.refusal(what, error) from None


@lru_cache(maxsize=1)
def _open(users: MemoryUsers) -> MemoryFactors:
    return MemoryFactors(users)


def _of(kept: Kept, user_id: str) -> list[Factor]:
    """Return the factors of a user, the oldest first."""
    found = [factor for factor in kept.factors.values() if factor.user_id == user_id]
    return sorted(found, key=lambda factor: (factor.added_at, factor.factor_id))
