"""What is kept of a user's second factors, and what is done to them.

Every function raises StoreUnavailableError when the store cannot be reached.
"""

import hashlib
from collections import OrderedDict
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from auth import clock
from auth.events import Event, record
from auth.records import User
from auth.settings import load_settings
from auth.stores import factors
from auth.stores.factors.interface import PASSKEY, TOTP, Factor
from auth.usernames import acceptable_display_name
from auth.users.factors import keys

# A user who has to have a factor is asked for it on each click: the store is, once a minute.
_REMEMBERED: Final = timedelta(minutes=1)
_MAX_REMEMBERED: Final = 10_000
_until: OrderedDict[tuple[str, int], datetime] = OrderedDict()
_lock = Lock()


def list_of(user: User) -> list[Factor]:
    """Return a user's factors, the oldest first."""
    return factors.current().list_of(user)


def has_any(user: User) -> bool:
    """Tell whether a user has a factor."""
    return bool(list_of(user))


def is_required(user: User) -> bool:
    """Tell whether a user has to have a factor."""
    required = load_settings().second_factor_required
    roles = [role.strip() for role in required.split(",")]
    return required == "*" or any(role in roles for role in user.roles)


def is_missing(user: User) -> bool:
    """Tell whether a user has to have a factor, and has none.

    That somebody has one is remembered for a minute, or until the epoch is raised.
    """
    if not is_required(user):
        return False
    key, now = (user.id, user.epoch), clock.now()
    until = _until.get(key)
    if until and now < until:
        return False
    if not has_any(user):
        return True
    with _lock:
        _until[key] = now + _REMEMBERED
        if len(_until) > _MAX_REMEMBERED:
            _until.popitem(last=False)
    return False


def add_authenticator(user: User, seed: str, step: int) -> None:
    """Keep a user's authenticator app, in the place of the one that they have.

    Args:
        user: Whose it is.
        seed: Its seed, in Base32.
        step: The step of the code that they have typed.

    Raises:
        UnknownUserError: The user was removed meanwhile.
        SettingsError: There is no key to encrypt with.
    """
    now, secret = clock.now(), keys.encrypt(seed)
    _add(user, Factor(_hash("owner", user.id.encode()), user.id, TOTP, "", secret, step, now, now))


def seed_of(factor: Factor) -> str:
    """Return the seed of an authenticator app, or raise SettingsError if no key can read it."""
    return keys.decrypt(factor.secret)


def use_step(factor: Factor, step: int) -> bool:
    """Use up a step, and tell whether it was later than the last that was used, on any server."""
    return factors.current().use(factor.factor_id, step, clock.now())


def add_passkey(user: User, credential_id: bytes, data: str, sign_count: int, name: str) -> bool:
    """Keep a passkey, and tell whether: not if it is another user's.

    Args:
        user: Whose it is.
        credential_id: What its authenticator calls it.
        data: What is needed to check what it signs, at most 4,000 characters.
        sign_count: How often it has signed.
        name: What the user calls it.

    Raises:
        NotAcceptableError: The name is too long, or has a character that cannot be seen.
        UnknownUserError: The user was removed meanwhile.
    """
    name, key = acceptable_display_name(name) or "", _hash("credential", credential_id)
    return _add(user, Factor(key, user.id, PASSKEY, name, data, sign_count, clock.now()))


def find_passkey(credential_id: bytes) -> Factor | None:
    """Return the passkey of a credential, or None."""
    return factors.current().find(_hash("credential", credential_id))


def owner_of(factor: Factor) -> User | None:
    """Return whose factor it is, or None if they are gone."""
    return factors.current().owner_of(factor)


def use_passkey(factor: Factor, sign_count: int) -> bool:
    """Keep a sign count, and tell whether it is higher, or 0 as ever: else the passkey was copied."""
    return factors.current().use(factor.factor_id, sign_count, clock.now(), may_stay=True)


def rename(user: User, factor_id: str, name: str) -> None:
    """Give a user's factor another name, or raise NotAcceptableError. An unknown one is ignored."""
    acceptable = acceptable_display_name(name) or ""
    if factor := _find(user, factor_id):
        factors.current().rename(factor, acceptable)


def remove(user: User, factor_id: str) -> None:
    """Remove a user's factor, with the recovery codes if it is the last. An unknown one is ignored.

    Raises:
        LastFactorError: The user has to have one, and it is the last.
        UnknownUserError: The user was removed meanwhile.
    """
    factor = _find(user, factor_id)
    if factor and factors.current().remove(factor, keep_one=is_required(user)):
        with _lock:
            _until.pop((user.id, user.epoch), None)
        record(Event.FACTOR_REMOVED, user=user, reason=factor.kind)


def remove_all(user: User) -> None:
    """Remove the factors and recovery codes of a user who has lost them, and end their sessions.

    Raises:
        UnknownUserError: The user was removed meanwhile.
    """
    factors.current().remove_all(user)
    record(Event.FACTOR_RESET, user=user)


def rotate_keys() -> int:
    """Encrypt all seeds with the first key, and return how many.

    Raises:
        SettingsError: No key can read one of them. Those before it are encrypted again.
    """
    store = factors.current()
    seeds = [factor for factor in store.list_all() if factor.kind == TOTP]
    return sum(store.encrypt_again(each, keys.encrypt_again(each.secret)) for each in seeds)


def _add(user: User, factor: Factor) -> bool:
    is_kept = factors.current().add(factor)
    if is_kept:
        record(Event.FACTOR_ADDED, user=user, reason=factor.kind)
    return is_kept


def _find(user: User, factor_id: str) -> Factor | None:
    return next((each for each in list_of(user) if each.factor_id == factor_id), None)


def _hash(what: str, value: bytes) -> str:
    """Return an id. What it is of goes in: no passkey can have the id of an authenticator app."""
    return hashlib.sha256(what.encode() + b":" + value).hexdigest()
