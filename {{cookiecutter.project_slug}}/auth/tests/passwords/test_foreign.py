"""Password hashes of other programs."""

import pytest

from auth.passwords import hashing
from auth.passwords.foreign import known_form
from auth.passwords.hashing import check_password, hash_random, is_usable, why_unusable
from auth.tests.foreign_hashes import HASHES, OF_LONG, PASSWORD, REFUSED, TOO_COSTLY

LONG = "x" * 71 + "ü" + "y" * 9  # bcrypt looks at half of the ü


@pytest.mark.parametrize("program", HASHES)
def test_a_hash_of_another_program_is_good_and_comes_back_as_argon2id(program: str) -> None:
    known = known_form(HASHES[program])
    assert is_usable(known)
    assert len(known) <= 255
    assert not check_password("wrong password", known).correct
    correct, better_hash = check_password(PASSWORD, known)
    assert correct
    assert better_hash is not None
    assert better_hash.startswith("$argon2id$")
    assert check_password(PASSWORD, better_hash).correct


@pytest.mark.parametrize("program", HASHES)
def test_a_form_that_is_known_stays_as_it_is(program: str) -> None:
    known = known_form(HASHES[program])
    assert known_form(known) == known


@pytest.mark.parametrize("program", REFUSED)
def test_what_cannot_be_checked_is_not_usable(program: str) -> None:
    known = known_form(REFUSED[program])
    assert why_unusable(known)
    assert not check_password(PASSWORD, known).correct


@pytest.mark.parametrize("program", TOO_COSTLY)
def test_a_hash_that_costs_too_much_is_never_computed(
    program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = known_form(TOO_COSTLY[program])
    assert why_unusable(known) == "would cost too much time or memory at each login"
    computed: list[str] = []

    def verify(_: object, password_hash: str) -> bool:
        computed.append(password_hash)
        return False

    monkeypatch.setattr(hashing._context(), "verify", verify)
    assert not check_password(PASSWORD, known).correct
    assert computed == [hashing._NOBODYS_HASH]


def test_a_password_that_bcrypt_has_cut_off_is_good_as_it_was_and_its_hash_stays() -> None:
    assert check_password(LONG, OF_LONG) == (True, None)
    assert check_password(LONG[:-1], OF_LONG) == (True, None)
    assert not check_password(LONG[:70], OF_LONG).correct
    assert not check_password("y" + LONG[1:], OF_LONG).correct


def test_a_hash_of_random_characters_is_replaced_when_it_is_used() -> None:
    password_hash = hash_random("abcde-fghjk")
    assert password_hash.startswith("$argon2id$")
    assert check_password("abcde-fghjk", password_hash).correct
    assert not check_password("abcde-fghjl", password_hash).correct


def test_a_wrong_password_takes_as_long_with_a_quick_hash_as_with_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    password_hash, computed = hash_random("abcde-fghjk"), list[str]()
    verify = hashing._context().verify

    def note(password: str, password_hash: str) -> object:
        computed.append(password_hash)
        return verify(password, password_hash)

    monkeypatch.setattr(hashing._context(), "verify", note)
    check_password("wrong password", password_hash)
    assert computed == [password_hash, hashing._NOBODYS_HASH]
