"""Password hashes: strong, and as slow for nobody as for somebody."""

from collections.abc import Callable

import pytest
from passlib.hash import argon2

from auth.passwords import hashing
from auth.passwords.hashing import MAX_LENGTH, check_password, hash_password, is_possible, is_usable
from auth.tests.conftest import PASSWORD

HASH = hash_password(PASSWORD)
OLD_HASH = argon2.using(memory_cost=32, time_cost=1, parallelism=4).hash(PASSWORD)

COMPOSED, DECOMPOSED = "cr\u00e8me br\u00fbl\u00e9e", "cre\u0300me bru\u0302le\u0301e"
DECOMPOSED_LONGEST = "u\u0308\u0304" * MAX_LENGTH

Check = Callable[[str, str], object]


@pytest.fixture(autouse=True)
def quick_passwords() -> None:
    """Hash as the app does: that is what these tests are about."""


def kind_of(password_hash: str) -> str:
    """Return all of a hash but its salt and its digest."""
    return password_hash.rsplit("$", 2)[0]


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


def test_a_wrong_password_brings_no_better_hash() -> None:
    assert check_password("wrong password", OLD_HASH) == (False, None)


@pytest.mark.parametrize(
    "password", ["", "\0", "correct\0horse", "half \ud83c one", "x" * (MAX_LENGTH + 1)]
)
def test_what_cannot_be_a_password_is_wrong(password: str) -> None:
    assert not check_password(password, HASH).correct


@pytest.mark.parametrize("text", ["", "x", "$6$seasalt$" + "a" * 86])
def test_what_is_no_known_hash_matches_nothing(text: str) -> None:
    assert not check_password(PASSWORD, text).correct


def test_an_argon2id_hash_of_other_costs_is_good_and_comes_back_as_one_of_today() -> None:
    correct, better_hash = check_password(PASSWORD, OLD_HASH)
    assert correct
    assert better_hash is not None
    assert kind_of(better_hash) == kind_of(HASH)


def test_no_hash_matches_nothing() -> None:
    assert not check_password(PASSWORD, None).correct
    assert not check_password("", None).correct


@pytest.mark.parametrize(
    "password_hash", [HASH, None, "$argon2id$", "plain text"], ids=["good", "none", "cut", "text"]
)
@pytest.mark.parametrize("password", ["wrong password", "x" * (MAX_LENGTH + 1), "half \ud83c one"])
def test_a_check_computes_one_hash_of_today_whatever_there_is(
    password: str, password_hash: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed = []
    for name in ["verify", "verify_and_update"]:
        original = getattr(hashing._context(), name)

        def note(password: str, password_hash: str, original: Check = original) -> object:
            computed.append(kind_of(password_hash))
            return original(password, password_hash)

        monkeypatch.setattr(hashing._context(), name, note)
    check_password(password, password_hash)
    assert computed == [kind_of(HASH)]


@pytest.mark.parametrize("password_hash", [HASH, None], ids=["good", "none"])
def test_a_check_computes_two_only_for_what_was_typed_in_another_form(
    password_hash: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed = []
    for name in ["verify", "verify_and_update"]:
        original = getattr(hashing._context(), name)

        def note(password: str, password_hash: str, original: Check = original) -> object:
            computed.append(kind_of(password_hash))
            return original(password, password_hash)

        monkeypatch.setattr(hashing._context(), name, note)
    check_password(COMPOSED, password_hash)
    assert computed == [kind_of(HASH)]
    check_password(DECOMPOSED, password_hash)
    assert computed == [kind_of(HASH)] * 3


@pytest.mark.parametrize("chosen", [COMPOSED, DECOMPOSED], ids=ascii)
@pytest.mark.parametrize("typed", [COMPOSED, DECOMPOSED], ids=ascii)
def test_a_password_is_one_whatever_keyboard_it_is_typed_on(chosen: str, typed: str) -> None:
    assert check_password(typed, hash_password(chosen)) == (True, None)


def test_characters_that_only_look_alike_are_different() -> None:
    assert not check_password("file 2 of it", hash_password("ﬁle ² of it")).correct


def test_a_hash_of_another_form_goes_on_working_and_comes_back_as_one_of_the_normal_form() -> None:
    imported = hashing._context().hash(DECOMPOSED)
    correct, better_hash = check_password(DECOMPOSED, imported)
    assert correct
    assert check_password(COMPOSED, better_hash) == (True, None)
    assert not check_password(COMPOSED, imported).correct


def test_the_longest_password_is_one_however_it_is_typed() -> None:
    longest = "ǖ" * MAX_LENGTH
    assert len(DECOMPOSED_LONGEST) > len(longest)
    assert check_password(DECOMPOSED_LONGEST, hash_password(longest)).correct
    assert not is_possible(DECOMPOSED_LONGEST + "x")


@pytest.mark.parametrize("damaged", ["$argon2id$", "$argon2id$v=19$m=8,t=1,p=1$x$y"])
def test_a_damaged_hash_fits_no_password(damaged: str) -> None:
    assert not check_password(PASSWORD, damaged).correct


@pytest.mark.parametrize("text", ["", "plain text", "$6$seasalt$" + "a" * 86, "$argon2id$"])
def test_what_no_password_can_be_checked_against_is_not_usable(text: str) -> None:
    assert not is_usable(text)


def test_a_hash_is_usable() -> None:
    assert is_usable(HASH)


def test_a_password_is_text_that_has_bytes() -> None:
    assert is_possible("pässwörd 日本語 🔑")
    assert not is_possible("half \ud83c one")
