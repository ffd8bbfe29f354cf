"""Browsers that are not asked for the second factor again, for as long as a setting says.

Each is known by its device cookie, which scripts cannot read. A new password, the end of all
sessions and any change of the user's factors make it unknown.
"""

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from auth import clock, stores
from auth.records import Device, User
from auth.settings import load_settings
from auth.users.factors import Factor
from auth.visitor import visiting

_MAX_DEVICES: Final = 20  # of one user, those that the throttle knows included


def days() -> float:
    """Return for how many days a browser is remembered; 0 if none is."""
    return load_settings().remember_browser_days


def remember(user: User, factors: Iterable[Factor]) -> None:
    """Keep that the visitor's browser need not be asked again, while the setting is what it is."""
    if days() and (secret := visiting.current().device):
        now = clock.now()
        device = Device(_hash(secret, user, factors), user.id, now + timedelta(days=days()))
        stores.current().devices.add(device, now, _MAX_DEVICES)


def is_known(user: User, factors: Iterable[Factor]) -> bool:
    """Tell whether the visitor's browser need not be asked."""
    secret = visiting.current().device
    if not (days() and secret):
        return False
    return stores.current().devices.knows(user, _hash(secret, user, factors), clock.now())


def _hash(device: str, user: User, factors: Iterable[Factor]) -> str:
    # An app that takes the place of another has the same id.
    each = sorted(f"{factor.factor_id} {factor.added_at.timestamp()}" for factor in factors)
    text = f"second factor\0{device}\0{user.id}\0{user.epoch}\0{each}"
    return hashlib.sha256(text.encode()).hexdigest()
