"""The commands of manage.py."""

from unittest.mock import Mock

import pytest
from click.testing import CliRunner, Result

from auth import create_session, verify_user
from auth.settings import SettingsError
from auth.store import StoreUnavailableError
from manage import main
from tests.conftest import PASSWORD
from tests.tab import Tab

pytestmark = pytest.mark.usefixtures("quick_passwords")

NEW_PASSWORD = "another password"


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, arguments, input=typed)


def test_a_user_is_added_with_a_password_typed_twice() -> None:
    result = run("add-user", "bob", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0
    assert result.output.endswith("Added bob.\n")
    assert verify_user("bob", PASSWORD)


def test_a_password_can_come_from_standard_input() -> None:
    assert run("add-user", "bob", "--password-stdin", typed=f"{PASSWORD}\n").exit_code == 0
    assert verify_user("bob", PASSWORD)


def test_a_typed_password_is_not_shown() -> None:
    assert PASSWORD not in run("add-user", "bob", typed=f"{PASSWORD}\n{PASSWORD}\n").output


def test_a_changed_password_ends_the_sessions(ann: str) -> None:
    tab = Tab(create_session(ann)).run()
    result = run("set-password", ann, "--password-stdin", typed=NEW_PASSWORD)
    assert result.output == "Changed the password of ann and ended their sessions.\n"
    assert tab.run().shows_login_form
    assert tab.log_in(ann, NEW_PASSWORD).user == ann


def test_a_removed_user_is_out_at_the_next_click(ann: str) -> None:
    tab = Tab(create_session(ann)).run()
    assert run("remove-user", ann).output == "Removed ann and ended their sessions.\n"
    assert tab.run().shows_login_form
    assert not verify_user(ann, PASSWORD)


def test_users_are_listed_by_name(ann: str) -> None:
    for name in ("carl", "bob"):
        run("add-user", name, "--password-stdin", typed=PASSWORD)
    assert run("list-users").output == "ann\nbob\ncarl\n"


def test_nobody_is_listed_as_nothing() -> None:
    assert run("list-users").output == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("add-user", "ann"), "There is a user ann already."),
        (("add-user", "a b"), "A user name has 1 to 64 letters, digits or any of . _ @ -"),
        (("set-password", "bob"), "There is no user bob."),
        (("remove-user", "bob"), "There is no user bob."),
    ],
)
@pytest.mark.usefixtures("ann")
def test_what_cannot_be_done_is_one_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    options = () if arguments[0] == "remove-user" else ("--password-stdin",)
    result = run(*arguments, *options, typed=PASSWORD)
    assert (result.exit_code, result.output) == (1, f"Error: {sentence}\n")


def test_a_short_password_is_one_sentence() -> None:
    result = run("add-user", "bob", "--password-stdin", typed="short")
    assert result.output == "Error: A password has 8 to 1024 characters.\n"
    assert result.exit_code == 1


@pytest.mark.parametrize(
    "error", [SettingsError("It is wrong."), StoreUnavailableError("It is wrong.")]
)
def test_an_app_out_of_order_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr("manage.open_store", Mock(side_effect=error))
    result = run("list-users")
    assert (result.exit_code, result.output) == (1, "Error: It is wrong.\n")
