"""Password hashes: strong, and as slow for nobody as for somebody."""

import base64
import hashlib
from collections.abc import Callable

import pytest
from passlib.hash import argon2

from auth import passwords
from auth.passwords import MAX_LENGTH, check_password, hash_password, is_possible, is_usable
from tests.conftest import PASSWORD

HASH = hash_password(PASSWORD)

Check = Callable[[str, str], object]


@pytest.fixture(autouse=True)
def quick_passwords() -> None:
    """Hash as the app does: that is what these tests are about."""


def kind_of(password_hash: str) -> str:
    """Return all of a hash but its salt and its digest."""
    return password_hash.rsplit("$", 2)[0]


def scrypt_hash(password: str) -> str:
    """Return a hash as a tool with the standard library only can make it, but a quick one."""
    salt = b"0123456789abcdef"
    digest = hashlib.scrypt(password.encode(), salt=salt, n=2**8, r=8, p=1, dklen=32)
    parts = [base64.b64encode(part).decode().rstrip("=") for part in (salt, digest)]
    return "$scrypt$ln=8,r=8,p=1$" + "$".join(parts)


@pytest.mark.parametrize("password", [PASSWORD, "pässwörd 日本語 🔑", " spaces ", "x" * MAX_LENGTH])
def test_a_password_matches_its_hash_and_no_other_does(password: str) -> None:
    hashed = hash_password(password)
    assert check_password(password, hashed).correct
    assert not check_password(password + "x", hashed).correct


def test_a_hash_is_argon2id_with_its_own_salt() -> None:
    assert HASH.startswith("$argon2id$")
    assert hash_password(PASSWORD) != HASH


def test_a_hash_is_as_costly_as_owasp_asks() -> None:
    settings = dict(part.split("=") for part in HASH.split("$")[3].split(","))
    assert int(settings["m"]) >= 19 * 1024
    assert int(settings["t"]) >= 2


def test_a_hash_of_today_needs_no_better_one() -> None:
    assert check_password(PASSWORD, HASH).better_hash is None


def test_a_scrypt_hash_is_good_and_comes_back_as_argon2id() -> None:
    correct, better_hash = check_password(PASSWORD, scrypt_hash(PASSWORD))
    assert correct
    assert better_hash is not None
    assert better_hash.startswith("$argon2id$")
    assert check_password(PASSWORD, better_hash).correct


def test_a_wrong_password_brings_no_better_hash() -> None:
    assert check_password("wrong password", scrypt_hash(PASSWORD)) == (False, None)


@pytest.mark.parametrize(
    "password", ["", "\0", "correct\0horse", "half \ud83c one", "x" * (MAX_LENGTH + 1)]
)
def test_what_cannot_be_a_password_is_wrong(password: str) -> None:
    assert not check_password(password, HASH).correct


@pytest.mark.parametrize("text", ["", "x", "$2b$12$" + "a" * 53])
def test_what_is_no_known_hash_matches_nothing(text: str) -> None:
    assert not check_password(PASSWORD, text).correct


def test_an_argon2id_hash_of_other_costs_is_good_and_comes_back_as_one_of_today() -> None:
    old = argon2.using(memory_cost=32, time_cost=1, parallelism=4).hash(PASSWORD)
    correct, better_hash = check_password(PASSWORD, old)
    assert correct
    assert better_hash is not None
    assert kind_of(better_hash) == kind_of(HASH)


def test_no_hash_matches_nothing() -> None:
    assert not check_password(PASSWORD, None).correct
    assert not check_password("", None).correct


@pytest.mark.parametrize("kinds", [{"argon2"}, {"scrypt"}, {"argon2", "scrypt"}])
def test_a_check_computes_one_hash_of_every_kind_that_somebody_has(
    kinds: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    computed = []
    for name in ["verify", "verify_and_update"]:
        original = getattr(passwords._context, name)

        def note(password: str, password_hash: str, original: Check = original) -> object:
            computed.append(kind_of(password_hash))
            return original(password, password_hash)

        monkeypatch.setattr(passwords._context, name, note)
    hashes = {"argon2": HASH, "scrypt": scrypt_hash(PASSWORD)}
    expected = sorted(kind_of(hashes[kind]) for kind in kinds)
    for password_hash in [*(hashes[kind] for kind in kinds), None, "$argon2id$", "plain text"]:
        for password in ["wrong password", "x" * (MAX_LENGTH + 1), "half \ud83c one"]:
            computed.clear()
            check_password(password, password_hash, expected)
            assert sorted(computed) == expected


def test_a_hash_of_a_kind_that_nobody_had_a_moment_ago_is_checked_nevertheless() -> None:
    assert check_password(PASSWORD, scrypt_hash(PASSWORD), {kind_of(HASH)}).correct


@pytest.mark.parametrize("kind", ["", "plain text", "$argon2id$v=19$m=8", "$2b$12"])
def test_what_is_no_kind_of_hash_is_not_computed(kind: str) -> None:
    assert not check_password(PASSWORD, None, {kind}).correct


@pytest.mark.parametrize("damaged", ["$argon2id$", "$scrypt$", "$argon2id$v=19$m=8,t=1,p=1$x$y"])
def test_a_damaged_hash_fits_no_password(damaged: str) -> None:
    assert not check_password(PASSWORD, damaged).correct


@pytest.mark.parametrize("text", ["", "plain text", "$2b$12$" + "a" * 53, "$argon2id$", "$scrypt$"])
def test_what_no_password_can_be_checked_against_is_not_usable(text: str) -> None:
    assert not is_usable(text)


def test_hashes_of_both_kinds_are_usable() -> None:
    assert is_usable(HASH)
    assert is_usable(scrypt_hash(PASSWORD))


def test_a_password_is_text_that_has_bytes() -> None:
    assert is_possible("pässwörd 日本語 🔑")
    assert not is_possible("half \ud83c one")
