"""The commands of manage.py about second factors."""

import pytest
from cryptography.fernet import Fernet

from auth import create_session, validate_session
from auth.tests import second_factors
from auth.tests.conftest import Configure, run_command
from auth.users import directory
from auth.users.factors import kept


@pytest.fixture(autouse=True)
def fresh_factors(configure: Configure, monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin with a key, and with nothing remembered."""
    second_factors.begin(configure, monkeypatch)


def test_a_second_factor_is_reset_and_the_user_is_logged_out(ann: str) -> None:
    user, token = directory.get(ann), create_session(ann)
    kept.add_authenticator(user, second_factors.SEED, 1)
    result = run_command("reset-second-factor", "Ann")
    assert result.output == "Reset the second factor of ann and ended their sessions.\n"
    assert not kept.has_any(directory.get(ann))
    assert validate_session(token) is None


def test_nobody_who_is_unknown_is_reset() -> None:
    result = run_command("reset-second-factor", "nobody")
    assert (result.exit_code, result.output) == (1, "Error: There is no user nobody.\n")


def test_keys_are_rotated_and_the_first_is_enough_then(
    ann: str, bob: str, configure: Configure
) -> None:
    first, second = (Fernet.generate_key().decode() for _ in range(2))
    configure(secret_keys=first)
    for name in (ann, bob):
        kept.add_authenticator(directory.get(name), second_factors.SEED, 1)
    configure(secret_keys=f"{second},{first}")
    result = run_command("rotate-keys")
    assert result.output == "Encrypted 2 keys of authenticator apps again.\n"
    configure(secret_keys=second)
    (factor,) = kept.list_of(directory.get(ann))
    assert kept.seed_of(factor) == second_factors.SEED
