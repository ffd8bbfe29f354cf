"""The file of second factors: what stands in it, and what becomes of it."""

import json
import os
import stat
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest

from auth.records import StoreReadOnlyError, StoreUnavailableError
from auth.stores import factors as stores_factors
from auth.stores.factors.interface import Factors
from auth.stores.interface import Store
from auth.stores.memory import file_change
from auth.stores.memory.factors import MemoryFactors
from auth.stores.memory.users import MemoryUsers
from auth.tests import second_factors
from auth.tests.conftest import Configure
from auth.tests.second_factors import passkey_of, totp_of
from auth.tests.stores.at_once import at_once
from auth.tests.stores.records import ANN, BOB, HOUR, NOW


@pytest.fixture
def factors(store: Store) -> Factors:
    """The second factors of a store that has none, and Ann and Bob."""
    store.users.put(ANN, BOB)
    return stores_factors.current()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The file, which is beside the users file."""
    return tmp_path / "second_factors.json"


def restarted(file: Path) -> Factors:
    """Return the second factors as another process has them."""
    return MemoryFactors(MemoryUsers(file.with_name("users.json")))


def test_there_is_no_file_until_there_is_a_factor(factors: Factors, file: Path) -> None:
    assert factors.list_all() == []
    assert not factors.use(totp_of(ANN).factor_id, 2, NOW)
    assert not file.exists()
    factors.add(totp_of(ANN))
    assert file.exists()


def test_who_reads_while_the_file_is_made_finds_none(
    factors: Factors, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    replace_text = file_change.replace_text

    def read_first(*arguments: Any) -> None:
        found.append(restarted(file).list_of(ANN))
        replace_text(*arguments)

    monkeypatch.setattr(file_change, "replace_text", read_first)
    factors.add(totp_of(ANN))
    assert found == [[]]


def test_a_disk_that_is_full_at_the_first_factor_leaves_no_half_of_a_file(
    factors: Factors, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> NoReturn:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr(os, "replace", fail)
        with pytest.raises(StoreReadOnlyError):
            factors.add(totp_of(ANN))
    assert factors.list_of(ANN) == []
    factors.add(totp_of(ANN))
    assert factors.list_of(ANN) == [totp_of(ANN)]


def test_the_file_has_all_of_a_factor_and_can_be_read_by_people(
    factors: Factors, file: Path
) -> None:
    factors.add(totp_of(ANN))
    factors.set_codes(ANN, ["a" * 64])
    text = file.read_text(encoding="utf-8")
    assert json.loads(text) == {
        "factors": [
            {
                "factor_id": totp_of(ANN).factor_id,
                "user_id": ANN.id,
                "kind": "totp",
                "name": "",
                "secret": "seed of ann",
                "counter": 1,
                "added_at": NOW.isoformat(),
                "last_used_at": NOW.isoformat(),
            }
        ],
        "recovery_codes": {ANN.id: ["a" * 64]},
    }
    assert text.count("\n") > 10


def test_a_step_and_a_code_stay_used_right_after_a_restart(factors: Factors, file: Path) -> None:
    factors.add(totp_of(ANN))
    factors.set_codes(ANN, ["a" * 64, "b" * 64])
    assert factors.use(totp_of(ANN).factor_id, 2, NOW)
    assert factors.use_code(ANN, "a" * 64)
    again = restarted(file)
    assert not again.use(totp_of(ANN).factor_id, 2, NOW)
    assert not again.use_code(ANN, "a" * 64)
    assert again.use(totp_of(ANN).factor_id, 3, NOW)
    assert again.use_code(ANN, "b" * 64)


def test_what_another_process_does_is_known_at_once(factors: Factors, file: Path) -> None:
    other = restarted(file)
    factors.add(totp_of(ANN))
    assert other.use(totp_of(ANN).factor_id, 2, NOW)
    assert not factors.use(totp_of(ANN).factor_id, 2, NOW)
    other.add(passkey_of(ANN))
    assert factors.list_of(ANN) == other.list_of(ANN)


def test_of_many_in_two_processes_who_use_a_step_at_once_one_does(
    factors: Factors, file: Path
) -> None:
    factors.add(totp_of(ANN))
    both = [factors, restarted(file)]
    results = at_once(lambda n: both[n % 2].use(totp_of(ANN).factor_id, 2, NOW), threads=8)
    assert results.count(True) == 1


def test_those_of_removed_users_leave_the_file_with_the_next_change(
    store: Store, factors: Factors, file: Path
) -> None:
    for user in (ANN, BOB):
        factors.add(totp_of(user))
        factors.set_codes(user, [f"{user.id:0<64}"])
    store.users.remove(ANN)
    factors.add(passkey_of(BOB))
    assert ANN.id not in file.read_text(encoding="utf-8")
    assert BOB.id in file.read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_whoever_can_read_the_users_file_can_read_this_one(factors: Factors, file: Path) -> None:
    file.with_name("users.json").chmod(0o640)
    factors.add(totp_of(ANN))
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    file.chmod(0o600)
    factors.add(passkey_of(ANN))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "{}", "null", '{"factors": {}, "recovery_codes": []}'),
        '{"factors": [{}], "recovery_codes": {}}',
        '{"factors": [[]], "recovery_codes": {}}',
        '{"factors": [], "recovery_codes": {"a": 1}}',
    ],
)
def test_a_file_of_another_form_lets_nobody_in_and_stays_as_it_is(
    factors: Factors, file: Path, text: str
) -> None:
    file.write_text(text, encoding="utf-8")
    for work in (
        lambda: factors.list_of(ANN),
        lambda: factors.count_codes(ANN),
        lambda: factors.add(totp_of(ANN)),
    ):
        with pytest.raises(StoreUnavailableError, match=r"second_factors.json cannot be read"):
            work()
    assert file.read_text(encoding="utf-8") == text


def test_a_file_that_cannot_be_read_lets_nobody_in(factors: Factors, file: Path) -> None:
    file.mkdir()
    with pytest.raises(StoreUnavailableError, match=r"second_factors.json cannot be read"):
        factors.list_of(ANN)


def test_a_code_that_cannot_be_noted_as_used_lets_nobody_in(
    factors: Factors, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> NoReturn:
        raise PermissionError(13, "Permission denied")

    factors.add(totp_of(ANN))
    factors.set_codes(ANN, ["a" * 64])
    monkeypatch.setattr(file_change, "replace_text", fail)
    with pytest.raises(StoreReadOnlyError, match=r"cannot be written \(Permission denied\)"):
        factors.use(totp_of(ANN).factor_id, 2, NOW)
    with pytest.raises(StoreReadOnlyError):
        factors.use_code(ANN, "a" * 64)
    assert factors.list_of(ANN) == [totp_of(ANN)]
    assert factors.count_codes(ANN) == 1


def test_no_file_has_a_seed_or_a_code_that_can_be_read(
    store: Store, tmp_path: Path, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    second_factors.begin(configure, monkeypatch)
    store.users.add(ANN)

    def dump() -> str:
        files = [file for file in tmp_path.rglob("*") if file.is_file()]
        return "".join(file.read_text(encoding="utf-8") for file in files)

    assert second_factors.readable_in(dump, ANN) == []


def test_an_edit_by_hand_is_seen(factors: Factors, file: Path) -> None:
    factors.add(passkey_of(ANN))
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("key 1", "the key"), encoding="utf-8")
    (found,) = factors.list_of(ANN)
    assert found.name.startswith("the key")
    later = NOW + HOUR
    assert factors.use(found.factor_id, 9, later)
    assert factors.list_of(ANN) == [replace(found, counter=9, last_used_at=later)]
