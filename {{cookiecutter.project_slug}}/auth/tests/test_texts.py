"""What people read: the texts, and the file that replaces them."""

import tomllib
from dataclasses import asdict
from pathlib import Path

import pytest

from auth import server, texts
from auth.records import SettingsError
from auth.tests.conftest import run_command
from auth.tests.translation import translated

CHECK = texts.check.__wrapped__  # which remembers nothing


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of texts, which does not exist, to be read anew."""
    file = tmp_path / "texts.toml"
    monkeypatch.setattr(texts, "FILE", file)
    monkeypatch.setattr(texts, "check", CHECK)
    return file


def test_without_a_file_the_texts_are_ours(file: Path) -> None:
    assert texts.current() == texts.DEFAULTS


def test_a_line_of_the_file_takes_the_place_of_a_text(file: Path) -> None:
    file.write_text('log_in = "Anmelden"', encoding="utf-8")
    assert texts.current().log_in == "Anmelden"
    assert texts.current().log_out == texts.DEFAULTS.log_out


def test_what_the_command_prints_is_a_file_of_texts(file: Path) -> None:
    printed = run_command("texts").output
    assert tomllib.loads(printed) == asdict(texts.DEFAULTS)
    file.write_text(printed, encoding="utf-8")
    assert texts.check() == texts.DEFAULTS


def test_every_text_can_be_replaced(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(texts, "check", translated)
        file.write_text(texts.as_toml(), encoding="utf-8")
    assert texts.check() == translated()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("log_in", "cannot be read as TOML"),
        ('log_inn = "x"', "has log_inn, which is no text of this app"),
        ("log_in = 5", "log_in has to be a text in quotes"),
        ('signed_in_as = "Hello"', "signed_in_as has to have name in braces"),
        ('signed_in_as = "{name} {role}"', "signed_in_as has to have name in braces"),
        ('log_in = "Log {in}"', "log_in has to have no braces"),
        ('log_in = "Log {in"', "log_in has to have no braces"),
    ],
)
def test_a_wrong_line_stops_the_start_with_a_sentence(
    file: Path, text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=said):
        texts.check()
    assert texts.current() == texts.DEFAULTS
    with pytest.raises(SystemExit):
        server.check()
    assert said in capsys.readouterr().err


def test_what_people_and_tests_rely_on_stays() -> None:
    say = texts.DEFAULTS
    assert (say.username, say.password, say.log_in, say.log_out) == (
        *("Username", "Password", "Log in", "Log out"),
    )
    assert say.signed_in_as == "Signed in as {name}"
    assert say.wrong_login == "Wrong username or password."
    assert say.too_many_failures.startswith("Too many failed logins.")
    assert say.no_access == "You do not have access to this page."
    assert (say.continue_, say.choose_password, say.save) == (
        *("Continue", "Choose a password", "Save"),
    )
    assert (say.account, say.current_password, say.new_password, say.repeat_new_password) == (
        *("Account", "Current password", "New password", "Repeat new password"),
    )
    assert (say.change_password, say.log_out_elsewhere) == (
        *("Change password", "Log out everywhere else"),
    )
    assert (say.users, say.search, say.new_username, say.add_user) == (
        *("Users", "Search", "New username", "Add user"),
    )
    assert [
        say.disable,
        say.enable,
        say.reset_password,
        say.end_sessions,
        say.unlock,
        say.remove,
    ] == [
        *("Disable", "Enable", "Reset password", "End sessions", "Unlock", "Remove"),
    ]
    assert (say.invite, say.welcome) == ("Invite", "Welcome")
