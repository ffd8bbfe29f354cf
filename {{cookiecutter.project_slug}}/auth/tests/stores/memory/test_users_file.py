"""The users file: what stands in it, and what an administrator may do to it by hand."""

import json
from pathlib import Path

import pytest

from auth.records import StoreUnavailableError
from auth.settings import PROJECT
from auth.stores.interface import Store
from auth.stores.users_file import read_users, write_users
from auth.tests import labels
from auth.tests.conftest import PASSWORD, Log, run_command
from auth.tests.people import id_of, person, users_text
from auth.tests.stores.records import ANN, BOB, EVE, NOW
from auth.tests.tab import Tab
from auth.users import directory


@pytest.fixture
def file(store: Store, tmp_path: Path) -> Path:
    """The users file of the open store."""
    return tmp_path / "users.json"


def test_the_file_has_all_of_a_user_and_can_be_read_by_people(store: Store, file: Path) -> None:
    store.users.add(ANN)
    store.users.add(BOB)
    assert json.loads(file.read_text(encoding="utf-8")) == {
        "ann": {
            "id": ANN.id,
            "password_hash": "hash of ann",
            "disabled": False,
            "roles": ["sales", "finance"],
            "epoch": 7,
            "unlocks": 0,
        },
        "bob": {
            "id": BOB.id,
            "password_hash": "hash of bob",
            "disabled": False,
            "roles": [],
            "epoch": 1,
            "unlocks": 0,
        },
    }
    assert file.read_text(encoding="utf-8").count("\n") > 10


def test_only_who_has_an_address_and_a_display_name_has_them_in_the_file(
    store: Store, file: Path
) -> None:
    store.users.add(EVE)
    record = json.loads(file.read_text(encoding="utf-8"))["eve"]
    assert (record["email"], record["display_name"]) == (EVE.email, EVE.display_name)
    assert read_users(file) == [EVE]


def test_an_address_that_was_written_by_hand_is_kept_without_case(file: Path) -> None:
    file.write_text(users_text(eve={"password_hash": "x", "email": " Eve@Example.COM "}), "utf-8")
    assert read_users(file) == [person("eve", email="eve@example.com")]


@pytest.mark.parametrize("other", ["bob", "eve@example.com"])
def test_two_users_of_one_address_are_refused_in_a_sentence(file: Path, other: str) -> None:
    email = {} if other == "eve@example.com" else {"email": "EVE@example.com"}
    records = {"eve": {"email": "eve@example.com"}, other: email}
    records = {name: {"password_hash": "x", **record} for name, record in records.items()}
    file.write_text(users_text(**records), encoding="utf-8")
    with pytest.raises(StoreUnavailableError, match=r"two users in it have eve@example\.com as"):
        read_users(file)


def test_what_was_written_is_read(file: Path) -> None:
    file.write_text(write_users([BOB, ANN]), encoding="utf-8")
    assert read_users(file) == [ANN, BOB]


@pytest.mark.parametrize("time", ["2030-01-31T23:59:30.123456", "2030-02-01T00:59:30.123456+01:00"])
def test_a_time_without_a_zone_is_utc(file: Path, time: str) -> None:
    record: dict[str, object] = {"password_hash": "made up", "password_expires_at": time}
    file.write_text(users_text(ann=record), encoding="utf-8")
    assert read_users(file) == [person("ann", "made up", password_expires_at=NOW)]


def test_only_the_id_and_the_password_hash_are_needed(file: Path) -> None:
    file.write_text(users_text(carl={"password_hash": "hash of carl"}), encoding="utf-8")
    assert read_users(file) == [person("carl", "hash of carl")]


def test_two_users_of_one_id_are_refused_in_a_sentence(file: Path) -> None:
    record = {"id": "0" * 32, "password_hash": "x"}
    file.write_text(json.dumps({"ann": record, "bob": record}), encoding="utf-8")
    with pytest.raises(StoreUnavailableError, match="two users in it have the same id") as caught:
        read_users(file)
    assert str(file) in str(caught.value)


def test_a_byte_order_mark_of_an_editor_does_no_harm(store: Store, file: Path) -> None:
    file.write_text(write_users([ANN]), encoding="utf-8-sig")
    assert store.users.list_all() == [ANN]
    store.users.add(BOB)
    assert store.users.list_all() == [ANN, BOB]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"ann": null}',
        '{"ann": "x"}',
        '{"ann": {}}',
        '{"ann": {"password_hash": "x"}}',
        '{"ann": {"password_hash": "x", "id": 5}}',
        '{"ann": {"password_hash": "x", "id": "short"}}',
        users_text(Ann={"password_hash": "x"}),
        users_text(ann={"password_hash": "x", "disabled": "no"}),
        users_text(ann={"password_hash": "x", "disabled": 0}),
        users_text(ann={"password_hash": "x", "epoch": "1"}),
        users_text(ann={"password_hash": "x", "epoch": True}),
        users_text(ann={"password_hash": "x", "unlocks": "1"}),
        users_text(ann={"password_hash": "x", "roles": "sales"}),
        users_text(ann={"password_hash": "x", "password_expires_at": 5}),
        users_text(ann={"password_hash": "x", "email": "no address"}),
        users_text(ann={"password_hash": "x", "email": ""}),
        users_text(ann={"password_hash": "x", "display_name": " Ann "}),
        users_text(ann={"password_hash": "x", "display_name": ["Ann"]}),
        users_text(ann={"password_hash": "x", "password_expires_at": "tomorrow"}),
        users_text(ann={"password_hash": "x", "password_expires_at": "9999-12-31T23:59:59-14:00"}),
    ],
)
def test_a_file_of_another_form_is_one_sentence_that_shows_the_form(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(StoreUnavailableError, match=r'must have the form \{"NAME": ') as caught:
        read_users(file)
    assert str(file) in str(caught.value)


@pytest.mark.parametrize("password_hash", ["17", "null", "[]", '"a password as it is"', '""'])
def test_a_hash_that_cannot_be_used_keeps_only_its_user_out(
    ann: str, file: Path, log: Log, password_hash: str
) -> None:
    records = json.loads(file.read_text(encoding="utf-8"))
    records["bob"] = {"id": id_of("bob"), "password_hash": json.loads(password_hash)}
    file.write_text(json.dumps(records), encoding="utf-8")

    tab = Tab().run().log_in("bob", "a password as it is")
    assert tab.error == labels.WRONG_PASSWORD
    assert any(line.startswith('event="password hash unusable" user=bob') for line in log.lines)
    assert tab.log_in(ann, PASSWORD).user == ann

    lines = run_command("list-users").output.splitlines()
    assert lines[0] == "ann"
    assert lines[1].startswith("bob (password hash cannot be used")
    directory.set_password(directory.get("bob"), PASSWORD)
    assert Tab().run().log_in("bob", PASSWORD).user == "bob"


def test_the_users_file_of_the_project_is_in_order() -> None:
    for user in read_users(PROJECT / "seeds" / "users.json"):
        assert user.is_demo or user.password_hash.startswith("$argon2id$")
