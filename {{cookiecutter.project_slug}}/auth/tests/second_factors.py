"""Second factors for tests: a key that encrypts them, and records of them."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

import pytest

from auth.records import User
from auth.stores.factors.interface import PASSKEY, TOTP, Factor
from auth.tests.conftest import Configure
from auth.tests.stores.records import NOW
from auth.users.factors import kept, recovery

KEY: Final = "a" * 43 + "="
SEED: Final = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def begin(configure: Configure, monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin as a server that has just started, with a key: none is made in the project's folder."""
    configure(secret_keys=KEY)
    monkeypatch.setattr(kept, "_until", OrderedDict())


def readable_in(dump: Callable[[], str], user: User) -> list[str]:
    """Give a user a factor and recovery codes, and return what of them is in a dump made then.

    Args:
        dump: Returns everything that is kept.
        user: A user of the store.
    """
    kept.add_authenticator(user, SEED, 1)
    codes = recovery.make_codes(user)
    secrets = [SEED, *codes, *(code.replace("-", "") for code in codes)]
    text = dump()
    assert user.id in text
    return [secret for secret in secrets if secret in text]


def totp_of(user: User, counter: int = 1) -> Factor:
    """Return the authenticator app of a user."""
    secret = f"seed of {user.username}"
    return Factor(f"{user.id:0<64}", user.id, TOTP, "", secret, counter, NOW, NOW)


def passkey_of(user: User, number: int = 1, counter: int = 0) -> Factor:
    """Return a passkey of a user."""
    name, factor_id = f"key {number} 🎈", f"{user.id}{number:032}"
    return Factor(factor_id, user.id, PASSKEY, name, "{}", counter, NOW)
