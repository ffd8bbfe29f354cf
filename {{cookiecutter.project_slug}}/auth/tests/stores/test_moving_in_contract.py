"""Who moves in, from wherever they are, into every store."""

import csv
import json
import stat
import sys
from pathlib import Path

import pytest

from auth import verify_user
from auth.login import by_password
from auth.stores.interface import Store
from auth.tests.conftest import Clock, run_command
from auth.tests.foreign_hashes import HASHES, PASSWORD, REFUSED, TOO_COSTLY
from auth.tests.people import id_of, person

YAML = """\
credentials:
  usernames:
    JSmith:
      email: JSmith@gmail.com
      first_name: John
      last_name: Smith
      password: {password_hash}
      roles: [Admin, editor]
    rbriggs:
      email: rbriggs@gmail.com
      name: Rébecca Briggs
"""


def moved_in(file: Path, *options: str) -> str:
    result = run_command("import-users", *options, str(file))
    assert result.exit_code == 0, result.output
    return result.output


def refused(file: Path) -> str:
    result = run_command("import-users", str(file))
    assert result.exit_code == 1
    return result.output


def passwords_in(file: Path) -> dict[str, str]:
    with file.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    assert header == ["username", "one_time_password"]
    return dict(rows)


def write_list(folder: Path, *lines: str) -> Path:
    file = folder / "people.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_a_list_of_people_becomes_users_with_one_time_passwords(
    store: Store, tmp_path: Path, clock: Clock
) -> None:
    file = write_list(
        tmp_path,
        "username;email;name;roles",
        "Ann;Ann@Example.com;Ann Smith;Sales, ADMIN",
        "ben;;Bén;",
    )
    out = tmp_path / "people_passwords.csv"
    assert moved_in(file) == (
        "Imported 2 users.\n"
        f"Wrote a one-time password for 2 users to {out}, each valid for one login within 7 days. "
        "Hand them over, and remove the file.\n"
    )
    ann, ben = store.users.list_all()
    assert (ann.username, ann.email, ann.display_name) == ("ann", "ann@example.com", "Ann Smith")
    assert (ann.roles, ben.roles) == (("sales", "admin"), ())
    assert (ben.username, ben.email, ben.display_name) == ("ben", None, "Bén")
    passwords = passwords_in(out)
    assert list(passwords) == ["ann", "ben"]
    assert not verify_user("ann", passwords["ann"])
    assert by_password.prove("ANN@example.com", passwords["ann"]).id == ann.id
    with pytest.raises(by_password.WrongPasswordError):
        by_password.prove("ann", passwords["ann"])
    clock.forward(days=7)
    with pytest.raises(by_password.WrongPasswordError):
        by_password.prove("ben", passwords["ben"])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_one_time_passwords_are_for_their_owner_only_and_overwrite_nothing(
    store: Store, tmp_path: Path
) -> None:
    file, out = write_list(tmp_path, "username", "ann"), tmp_path / "out.csv"
    moved_in(file, "--passwords", str(out))
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    again = write_list(tmp_path, "username", "ben")
    result = run_command("import-users", str(again), "--passwords", str(out))
    assert (result.exit_code, result.output) == (
        1,
        f"Error: {out} already exists: remove it or choose another name.\n",
    )
    assert list(passwords_in(out)) == ["ann"]
    assert [user.username for user in store.users.list_all()] == ["ann"]


def test_people_of_streamlit_authenticator_log_in_with_the_passwords_that_they_have(
    store: Store, tmp_path: Path
) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(YAML.format(password_hash=HASHES["streamlit-authenticator"]), "utf-8")
    assert moved_in(file).startswith("Imported 2 users.\nWrote a one-time password for 1 user to ")
    john, rebecca = store.users.list_all()
    assert (john.username, john.email, john.display_name) == (
        *("jsmith", "jsmith@gmail.com", "John Smith"),
    )
    assert john.roles == ("admin", "editor")
    assert list(passwords_in(tmp_path / "config_passwords.csv")) == [rebecca.username]
    assert by_password.log_in("jsmith@gmail.com", PASSWORD)
    assert by_password.log_in("jsmith", PASSWORD)


@pytest.mark.parametrize("program", HASHES)
def test_a_hash_from_elsewhere_logs_in_and_is_argon2id_from_then_on(
    store: Store, tmp_path: Path, program: str
) -> None:
    moved_in(write_list(tmp_path, "username;password_hash", f"ann;{HASHES[program]}"))
    with pytest.raises(by_password.WrongPasswordError):
        by_password.log_in("ann", "wrong password")
    before = store.users.find("ann")
    assert before
    assert by_password.log_in("ann", PASSWORD)
    after = store.users.find("ann")
    assert after
    assert after.password_hash.startswith("$argon2id$")
    assert after.password_hash != before.password_hash
    assert after.epoch == before.epoch
    assert by_password.log_in("ann", PASSWORD)


def test_hashes_that_cannot_be_used_are_named_user_by_user_and_nothing_is_written(
    store: Store, tmp_path: Path
) -> None:
    hashes = [*REFUSED.values(), *TOO_COSTLY.values()]
    lines = [f"user{number};{text}" for number, text in enumerate(hashes)]
    good = f"good;{HASHES['streamlit-authenticator']}"
    said = refused(write_list(tmp_path, "username;password_hash", good, *lines))
    for number in range(len(hashes)):
        assert f"\nLine {number + 3} (user{number}): The password hash " in said
    assert "Line 2 " not in said
    records = {
        f"user{number}": {"id": id_of(str(number)), "password_hash": text}
        for number, text in enumerate(hashes)
    }
    file = tmp_path / "old_users.json"
    file.write_text(json.dumps(records), encoding="utf-8")
    said = refused(file)
    for number in range(len(hashes)):
        assert f"\nuser{number}: The password hash " in said
    assert store.users.list_all() == []
    assert sorted(path.name for path in tmp_path.glob("*.csv")) == ["people.csv"]


def test_every_line_that_is_wrong_is_named_and_nobody_moves_in(
    store: Store, tmp_path: Path
) -> None:
    store.users.put(person("old", email="old@example.com"), person("taken@example.com"))
    said = refused(
        write_list(
            tmp_path,
            "username,email,name,roles",
            "good,good@example.com,Good,sales",
            "a b,,,",
            "ann,ann at example,,",
            "ben,,,sales!",
            "good,,,",
            "carol,GOOD@example.com,,",
            "OLD,,,",
            "dan,old@example.com,,",
            "old@example.com,,,",
            "eve,taken@example.com,,",
            "fay,,fay\x07,",
            "gus,,,,x",
        )
    )
    lines = said.splitlines()
    assert lines[0] == "Error: Nothing was imported."
    assert [line.partition(" (")[0] for line in lines[1:]] == [
        f"Line {number}" for number in range(3, 14)
    ]
    assert lines[4] == "Line 6 (good): good belongs to whoever is in line 2."
    assert lines[6] == "Line 8 (OLD): old belongs to the user old, who already exists."
    assert len(store.users.list_all()) == 2
    assert not (tmp_path / "people_passwords.csv").exists()


def test_a_dry_run_says_all_of_it_and_does_none(store: Store, tmp_path: Path) -> None:
    password_hash = HASHES["streamlit-authenticator"]
    file = write_list(tmp_path, "username,password_hash", f"ann,{password_hash}", "ben,")
    assert moved_in(file, "--dry-run", "--days", "2") == (
        "Would import 2 users: ann, ben.\n"
        f"Would write a one-time password for 1 user to {tmp_path / 'people_passwords.csv'}, each "
        "valid for one login within 2 days. Hand them over, and remove the file.\n"
    )
    assert store.users.list_all() == []
    assert list(tmp_path.glob("*passwords*")) == []


def test_an_address_and_a_display_name_move_from_store_to_store(
    store: Store, tmp_path: Path
) -> None:
    moved_in(write_list(tmp_path, "username,email,name,roles", "ann,ann@example.com,Änn,sales"))
    (ann,) = store.users.list_all()
    file = tmp_path / "exported.json"
    assert run_command("export-users", str(file)).exit_code == 0
    store.users.remove(ann)
    moved_in(file)
    (again,) = store.users.list_all()
    assert (again.id, again.email, again.display_name, again.roles) == (
        *(ann.id, "ann@example.com", "Änn", ("sales",)),
    )
    assert again.password_expires_at == ann.password_expires_at
