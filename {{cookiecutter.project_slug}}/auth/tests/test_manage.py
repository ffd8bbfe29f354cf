"""The commands of manage.py."""

import stat
import sys
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

from auth import create_session, stores, texts, validate_session, verify_user
from auth.login.by_password import WrongPasswordError, log_in
from auth.passwords import hashing
from auth.records import SettingsError, StoreUnavailableError
from auth.settings import PROJECT
from auth.stores.interface import Store
from auth.tests.conftest import NEW_PASSWORD, PASSWORD, Clock, Configure, run_command
from auth.tests.demo import add_demo_user
from auth.tests.people import person, users_text
from auth.texts import Texts


def test_a_user_is_added_with_a_password_typed_twice() -> None:
    result = run_command("add-user", "bob", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0
    assert result.output.endswith("Added bob.\n")
    assert verify_user("bob", PASSWORD)


def test_a_typed_password_is_not_shown() -> None:
    assert PASSWORD not in run_command("add-user", "bob", typed=f"{PASSWORD}\n{PASSWORD}\n").output


@pytest.mark.parametrize(
    ("refused", "said"),
    [
        ("short\n", "Passwords have 8 to 1,024 characters. Any characters are allowed.\n"),
        (f"{PASSWORD}\n{NEW_PASSWORD}\n", "The passwords do not match.\n"),
    ],
    ids=["too short", "not repeated"],
)
def test_a_typed_password_that_will_not_do_is_asked_for_again(
    ann: str, refused: str, said: str
) -> None:
    result = run_command("set-password", ann, typed=f"{refused}{NEW_PASSWORD}\n{NEW_PASSWORD}\n")
    assert result.exit_code == 0
    assert result.output.count(said) == 1
    assert verify_user(ann, NEW_PASSWORD)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("add-user", "ann"), "The user ann already exists."),
        (("add-user", "a b"), texts.DEFAULTS.username_rule),
        (("set-password", "bob"), "There is no user bob."),
        (("remove-user", "bob"), "There is no user bob."),
    ],
)
@pytest.mark.usefixtures("ann")
def test_nothing_is_asked_about_a_name_that_will_not_do(
    arguments: tuple[str, ...], sentence: str
) -> None:
    result = run_command(*arguments)
    assert (result.exit_code, result.output) == (1, f"Error: {sentence}\n")


def test_a_user_is_added_with_all_that_is_known_of_them(store: Store) -> None:
    more = ["--email", "Bob@example.com", "--name", "Bob Smith", "--role", "Admin", "--role", "b"]
    assert run_command("add-user", "bob", "--one-time", *more).exit_code == 0
    run_command("add-user", "carol", "--password-stdin", *more[2:6], typed=PASSWORD)
    bob, carol = store.users.list_all()
    assert (bob.email, bob.display_name, bob.roles) == (
        "bob@example.com",
        "Bob Smith",
        ("admin", "b"),
    )
    assert (carol.email, carol.display_name, carol.roles) == (None, "Bob Smith", ("admin",))
    assert run_command("list-users").output.splitlines() == [
        "bob (Bob Smith, bob@example.com, the roles admin, b, has not chosen a password yet)",
        "carol (Bob Smith, the role admin)",
    ]
    result = run_command("add-user", "dan", "--one-time", "--email", "bob@example.com")
    assert result.output == (
        "Error: Another user has the address bob@example.com, or has it as their name.\n"
    )


def test_what_a_user_is_called_is_changed(ann: str, bob: str) -> None:
    run_command("edit-user", "Ann", "--email", "ann@example.com", "--name", "Ann Smith")
    assert run_command("edit-user", bob, "--name", "Bob").output == "Changed bob.\n"
    assert verify_user("ann@example.com", PASSWORD)
    assert run_command("list-users").output == "ann (Ann Smith, ann@example.com)\nbob (Bob)\n"
    result = run_command("edit-user", bob, "--email", "ann@example.com")
    assert result.output.startswith("Error: Another user has the address ann@example.com")
    run_command("edit-user", ann, "--email", "", "--name", "")
    assert run_command("list-users").output == "ann\nbob (Bob)\n"


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--email", "bob at example", texts.DEFAULTS.email_rule),
        ("--name", "\x1b", "A display name has at most 64 characters"),
        ("--role", "Ad min", "The role 'ad min' cannot exist"),
    ],
)
def test_no_password_is_asked_for_where_the_rest_will_not_do(
    option: str, value: str, sentence: str
) -> None:
    result = run_command("add-user", "bob", option, value)
    assert (result.exit_code, stores.current().users.list_all()) == (1, [])
    assert result.output.startswith(f"Error: {sentence}")


@pytest.mark.parametrize("end", ["\n", "\r\n", "", "\nand more\n"])
def test_a_password_can_come_from_standard_input(end: str) -> None:
    result = run_command("add-user", "bob", "--password-stdin", typed=f"{PASSWORD}{end}")
    assert result.output == "Added bob.\n"
    assert verify_user("bob", PASSWORD)


def test_a_changed_password_ends_the_sessions(ann: str) -> None:
    token = create_session(ann)
    result = run_command("set-password", ann, "--password-stdin", typed=NEW_PASSWORD)
    assert result.output == "Changed the password of ann and ended their sessions.\n"
    assert validate_session(token) is None
    assert verify_user(ann, NEW_PASSWORD)
    assert not verify_user(ann, PASSWORD)


def test_a_locked_user_is_unlocked(ann: str, clock: Clock, configure: Configure) -> None:
    configure(throttle_failures=1)
    with pytest.raises(WrongPasswordError):
        log_in(ann, "wrong password")
    assert run_command("unlock", "Ann").output == "Forgot the failed logins of ann.\n"
    clock.forward(seconds=10)
    assert log_in(ann, PASSWORD)


def test_a_disabled_user_is_out_until_they_are_enabled(ann: str) -> None:
    token = create_session(ann)
    assert run_command("disable-user", ann).output == "Disabled ann and ended their sessions.\n"
    assert validate_session(token) is None
    assert not verify_user(ann, PASSWORD)
    assert run_command("enable-user", ann).output == "Enabled ann.\n"
    assert validate_session(token) is None
    assert verify_user(ann, PASSWORD)


def test_a_removed_user_is_out_at_the_next_click(ann: str) -> None:
    token = create_session(ann)
    result = run_command("remove-user", ann, "--yes")
    assert result.output == "Removed ann and ended their sessions.\n"
    assert validate_session(token) is None
    assert not verify_user(ann, PASSWORD)


@pytest.mark.parametrize(("reply", "removed"), [("y\n", True), ("n\n", False), ("", False)])
def test_a_user_is_removed_if_whoever_is_asked_says_yes(
    ann: str, reply: str, removed: bool
) -> None:
    result = run_command("remove-user", ann, typed=reply)
    assert "Remove ann for good? [y/N]: " in result.output
    assert result.exit_code == (0 if removed else 1)
    assert verify_user(ann, PASSWORD) is not removed


@pytest.mark.parametrize(("reply", "left"), [("y\n", ["ann"]), ("n\n", ["ann", "tess", "uma"])])
def test_every_demo_user_is_removed_if_whoever_is_asked_says_yes(
    ann: str, reply: str, left: list[str]
) -> None:
    for name in ("tess", "uma"):
        add_demo_user(name)
    result = run_command("remove-demo-users", typed=reply)
    assert "Remove tess, uma for good? [y/N]: " in result.output
    assert ("Removed tess, uma.\n" in result.output) is (left == [ann])
    assert [user.username for user in stores.current().users.list_all()] == left


def test_the_last_administrator_is_no_exception_if_it_is_forced() -> None:
    add_demo_user("tess", "admin")
    assert run_command("remove-demo-users", "--yes").output == (
        "tess stays: it is the last administrator who can log in.\n"
        "Make somebody else an administrator first, or add --force.\n"
    )
    assert run_command("remove-demo-users", "--yes", "--force").output == "Removed tess.\n"


def test_where_there_is_no_demo_user_nothing_is_asked(ann: str) -> None:
    assert run_command("remove-demo-users").output == "There are no demo users.\n"
    assert verify_user(ann, PASSWORD)


def test_users_move_with_their_passwords_and_roles(
    ann: str, bob: str, store: Store, tmp_path: Path
) -> None:
    file = tmp_path / "exported.json"
    password_hash = hashing.hash_password("the password of carol")
    store.users.put(person("carol", password_hash, disabled=True, roles=("editor", "admin")))
    said = run_command("export-users", str(file)).output
    assert said == f"Wrote all users to {file}. Keep the file to yourself.\n"
    token = create_session(ann)
    run_command("set-password", ann, "--password-stdin", typed=NEW_PASSWORD)
    run_command("remove-user", bob, "--yes")
    run_command("remove-user", "carol", "--yes")
    run_command("add-user", "dan", "--password-stdin", typed=PASSWORD)
    assert run_command("import-users", str(file)).output == (
        "Imported 3 users.\nAlready here, not in the file: dan.\n"
    )
    assert verify_user(ann, PASSWORD)
    assert verify_user(bob, PASSWORD)
    assert validate_session(token) is None
    carol = store.users.find("carol")
    assert carol
    assert (carol.password_hash, carol.disabled) == (password_hash, True)
    assert carol.roles == ("editor", "admin")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_exported_users_are_for_their_owner_only(ann: str, tmp_path: Path) -> None:
    file = tmp_path / "exported.json"
    run_command("export-users", str(file))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_export_overwrites_nothing(ann: str, tmp_path: Path) -> None:
    file = tmp_path / "exported.json"
    run_command("export-users", str(file))
    result = run_command("export-users", str(file))
    assert (result.exit_code, result.output) == (
        1,
        f"Error: {file} already exists: remove it or choose another name.\n",
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "cannot be read"),
        (
            users_text(**{"bob": {"password_hash": "x"}, "a b": {"password_hash": "x"}}),
            "does not have the expected form",
        ),
        (None, "There is no file"),
    ],
)
def test_what_cannot_be_imported_is_one_sentence(
    tmp_path: Path, text: str | None, said: str
) -> None:
    file = tmp_path / "exported.json"
    if text:
        file.write_text(text, encoding="utf-8")
    result = run_command("import-users", str(file))
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert said in result.output
    assert not stores.current().users.list_all()


def test_the_sessions_of_one_user_are_ended(ann: str, bob: str) -> None:
    of_ann, of_bob = create_session(ann), create_session(bob)
    assert run_command("end-sessions", ann).exit_code == 0
    assert validate_session(of_ann) is None
    assert validate_session(of_bob) == bob


def test_the_sessions_of_all_users_are_ended(ann: str, bob: str) -> None:
    tokens = create_session(ann), create_session(bob)
    assert run_command("end-sessions", "--all").exit_code == 0
    assert [validate_session(token) for token in tokens] == [None, None]


@pytest.mark.parametrize("arguments", [(), ("ann", "--all"), ("",)])
def test_ending_sessions_takes_a_name_or_all(ann: str, arguments: tuple[str, ...]) -> None:
    token = create_session(ann)
    result = run_command("end-sessions", *arguments)
    assert result.exit_code == 2
    assert "Give either a username or --all." in result.output
    assert validate_session(token) == ann


def test_users_are_listed_by_name_with_what_keeps_them_out(
    ann: str, bob: str, store: Store
) -> None:
    store.users.add(person("carl", "a password as it is"))
    add_demo_user("tess", "admin")
    run_command("disable-user", bob)
    result = run_command("list-users")
    assert result.output.splitlines() == [
        "ann",
        "bob (disabled)",
        "carl (password hash cannot be used: run set-password)",
        "tess (the role admin, demo user: its name is its password)",
    ]


def test_nobody_is_listed_as_nothing() -> None:
    assert run_command("list-users").output == ""


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("add-user", "ann", "--password-stdin"), "The user ann already exists."),
        (
            ("add-user", "a b", "--password-stdin"),
            texts.DEFAULTS.username_rule,
        ),
        (("set-password", "bob", "--password-stdin"), "There is no user bob."),
        (("disable-user", "bob"), "There is no user bob."),
        (("enable-user", "bob"), "There is no user bob."),
        (("remove-user", "bob"), "There is no user bob."),
        (("end-sessions", "bob"), "There is no user bob."),
    ],
)
@pytest.mark.usefixtures("ann")
def test_what_cannot_be_done_is_one_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    result = run_command(*arguments, typed=PASSWORD)
    assert (result.exit_code, result.output) == (1, f"Error: {sentence}\n")


def test_a_short_password_is_one_sentence() -> None:
    result = run_command(
        "add-user", "bob", "--password-stdin", typed="x" * (hashing.MIN_LENGTH - 1)
    )
    assert result.exit_code == 1
    assert (
        result.output
        == "Error: Passwords have 8 to 1,024 characters. Any characters are allowed.\n"
    )


@pytest.mark.parametrize(
    "error", [SettingsError("It is wrong."), StoreUnavailableError("It is wrong.")]
)
def test_an_app_out_of_order_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail() -> NoReturn:
        raise error

    monkeypatch.setattr(stores, "current", fail)
    result = run_command("list-users")
    assert (result.exit_code, result.output) == (1, "Error: It is wrong.\n")


@pytest.mark.parametrize("character", ["\x9b", "\x1b", "\u202e", "\u2028"], ids=ascii)
def test_nothing_that_a_terminal_obeys_is_printed(character: str, ann: str) -> None:
    printed = run_command("disable-user", f"bob{character}x").output
    printed += run_command("remove-user", f"{ann}{character}", typed="n\n").output
    printed += run_command("import-users", f"file{character}").output
    assert printed.replace("\n", "").isprintable()
    assert printed.count("Error: There is no ") >= 2


def test_commands_print_by_one_function() -> None:
    for file in (PROJECT / "auth" / "commands").glob("*.py"):
        code = file.read_text(encoding="utf-8")
        if file.stem != "printing":
            assert "click.echo" not in code, file
            assert "ClickException" not in code, file


def test_texts_are_printed_as_toml_that_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    own = replace(texts.DEFAULTS, log_in="Войти\u00a0\u202e", back='a "b" \\ \n👩\u200d💻\x9b')
    monkeypatch.setattr(texts, "current", lambda: own)
    printed = run_command("texts").output
    assert printed.replace("\n", "").isprintable()
    assert Texts(**tomllib.loads(printed)) == own
