"""All users as a file."""

import json
from pathlib import Path
from typing import Any

import pytest

from auth import stores, transfer, users
from auth.stores.base import LastUserError, StoreUnavailableError, User
from tests.conftest import run_command


def test_the_names_in_a_file_are_imported_in_lower_case(tmp_path: Path) -> None:
    file = tmp_path / "export.json"
    file.write_text('{"Ann": {"password_hash": "x"}}', encoding="utf-8")
    assert transfer.import_users(file) == ["ann"]
    assert [user.username for user in users.list_users()] == ["ann"]
    file.write_text('{"bob": {"password_hash": "x"}, "BOB": {"password_hash": "y"}}', "utf-8")
    with pytest.raises(StoreUnavailableError, match="has the name bob twice"):
        transfer.import_users(file)
    assert users.find("bob") is None


@pytest.mark.parametrize("role", ["Admin", "sales admin", ""])
def test_a_file_with_a_role_that_cannot_exist_is_not_taken_over(tmp_path: Path, role: str) -> None:
    file = tmp_path / "export.json"
    ann = {"password_hash": "x", "roles": [role]}
    file.write_text(json.dumps({"ann": ann}), encoding="utf-8")
    with pytest.raises(ValueError, match="cannot exist"):
        transfer.import_users(file)
    assert users.list_users() == []


def test_a_file_with_too_many_roles_for_one_user_is_not_taken_over(tmp_path: Path) -> None:
    file = tmp_path / "export.json"
    many = [f"role{number}" for number in range(21)]
    file.write_text(json.dumps({"ann": {"password_hash": "x"}, "bob": user_with(many)}), "utf-8")
    with pytest.raises(ValueError, match="A user has at most 20 roles"):
        transfer.import_users(file)
    assert users.list_users() == []
    file.write_text(json.dumps({"bob": user_with([*many[1:], many[1]])}), "utf-8")
    assert transfer.import_users(file) == ["bob"]


def test_the_store_is_asked_once_for_all_users_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "export.json"
    file.write_text(json.dumps({name: user_with([]) for name in ("ann", "bob")}), "utf-8")
    kind = type(stores.current().users)
    put, asked = kind.put, []

    def note(self: Any, *imported: User) -> None:
        asked.append([user.username for user in imported])
        put(self, *imported)

    monkeypatch.setattr(kind, "put", note)
    transfer.import_users(file)
    assert asked == [["ann", "bob"]]
    assert [user.username for user in users.list_users()] == ["ann", "bob"]


def test_one_user_is_not_called_users(tmp_path: Path) -> None:
    file = tmp_path / "export.json"
    file.write_text(json.dumps({"ann": user_with([])}), encoding="utf-8")
    assert run_command("import-users", str(file)).output == "Took over 1 user.\n"


def user_with(roles: list[str]) -> dict[str, object]:
    """Return a user as a users file has them."""
    return {"password_hash": "x", "roles": roles}


def test_a_file_that_leaves_no_administrator_is_taken_over_only_by_force(
    admin: str, tmp_path: Path
) -> None:
    file = tmp_path / "export.json"
    file.write_text('{"carol": {"password_hash": "x"}, "admin": {"password_hash": "y"}}', "utf-8")
    with pytest.raises(LastUserError, match=admin):
        transfer.import_users(file)
    assert users.find("carol") is None
    assert transfer.import_users(file, force=True) == ["admin", "carol"]
    assert users.get(admin).roles == ()
    assert transfer.import_users(file) == ["admin", "carol"]
