"""All users as a file."""

import json
from pathlib import Path

import pytest

from auth import transfer, users
from auth.stores.base import LastUserError, StoreUnavailableError


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
