"""All users as a file."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from auth import stores, verify_user
from auth.passwords.hashing import hash_password
from auth.records import LastUserError, NotAcceptableError, User, UserExistsError
from auth.tests.conftest import PASSWORD, run_command
from auth.tests.people import users_text
from auth.users import directory, transfer

HASH = hash_password(PASSWORD)


def import_users(file: Path, *, force: bool = False) -> list[str]:
    """Import the users of a file, and return their names."""
    planned = transfer.prepare(file, timedelta(days=1), force=force)
    transfer.carry_out(planned)
    return [user.username for user in planned.users]


def test_a_name_that_another_user_has_is_not_taken_over(ann: str, tmp_path: Path) -> None:
    file = tmp_path / "export.json"
    file.write_text(users_text(bob=user_with([]), ann=user_with([])), encoding="utf-8")
    with pytest.raises(UserExistsError, match=ann):
        import_users(file)
    assert directory.find("bob") is None


def test_users_are_known_by_their_id_when_they_come_back(ann: str, tmp_path: Path) -> None:
    file = tmp_path / "export.json"
    file.write_text(transfer.export_users(), encoding="utf-8")
    before = directory.get(ann)
    directory.rename_user(ann, "anna")
    assert import_users(file) == ["ann"]
    assert [user.id for user in directory.list_users()] == [before.id]
    assert verify_user(ann, PASSWORD)


@pytest.mark.parametrize("role", ["Admin", "sales admin", ""])
def test_a_file_with_a_role_that_cannot_exist_is_not_taken_over(tmp_path: Path, role: str) -> None:
    file = tmp_path / "export.json"
    file.write_text(users_text(ann=user_with([role])), encoding="utf-8")
    with pytest.raises(NotAcceptableError, match="cannot exist"):
        import_users(file)
    assert directory.list_users() == []


def test_a_file_with_too_many_roles_for_one_user_is_not_taken_over(tmp_path: Path) -> None:
    file = tmp_path / "export.json"
    many = [f"role{number}" for number in range(21)]
    file.write_text(users_text(ann=user_with([]), bob=user_with(many)), "utf-8")
    with pytest.raises(NotAcceptableError, match="A user has at most 20 roles"):
        import_users(file)
    assert directory.list_users() == []
    file.write_text(users_text(bob=user_with([*many[1:], many[1]])), "utf-8")
    assert import_users(file) == ["bob"]


def test_the_store_is_asked_once_for_all_users_of_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "export.json"
    file.write_text(users_text(ann=user_with([]), bob=user_with([])), "utf-8")
    kind = type(stores.current().users)
    put, asked = kind.put, []

    def note(self: Any, *imported: User) -> None:
        asked.append([user.username for user in imported])
        put(self, *imported)

    monkeypatch.setattr(kind, "put", note)
    import_users(file)
    assert asked == [["ann", "bob"]]
    assert [user.username for user in directory.list_users()] == ["ann", "bob"]


def test_one_user_is_not_called_users(tmp_path: Path) -> None:
    file = tmp_path / "export.json"
    file.write_text(users_text(ann=user_with([])), encoding="utf-8")
    assert run_command("import-users", str(file)).output == "Imported 1 user.\n"


def user_with(roles: list[str]) -> dict[str, object]:
    """Return a user as a users file has them."""
    return {"password_hash": HASH, "roles": roles}


def test_a_file_that_leaves_no_administrator_is_taken_over_only_by_force(
    admin: str, tmp_path: Path
) -> None:
    file = tmp_path / "export.json"
    file.write_text(users_text(carol=user_with([]), admin=user_with([])), "utf-8")
    with pytest.raises(LastUserError, match=admin):
        import_users(file)
    assert directory.find("carol") is None
    assert import_users(file, force=True) == ["admin", "carol"]
    assert directory.get(admin).roles == ()
    assert import_users(file) == ["admin", "carol"]
