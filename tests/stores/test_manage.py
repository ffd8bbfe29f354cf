"""manage.py of both stores."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.conftest import Bake
from tests.support.baking import BakedProject
from tests.support.modules import App
from tests.support.mysql_server import Database

PASSWORD = "correct horse battery"
SESSION_LINE = r"[0-9a-f]{8}  .{16} to .{16}, last used .{16}  ann\n"

Manage = Callable[..., Result]


@pytest.fixture
def memory_app(bake: Bake, tmp_path: Path) -> Iterator[App]:
    users_file = tmp_path / "users.json"
    users_file.write_text("{}")
    with bake().modules({"USERS_FILE": str(users_file)}) as app:
        yield app


@pytest.fixture
def mysql_app(mysql_project: BakedProject, database: Database, tmp_path: Path) -> Iterator[App]:
    environment = {**database.environment, "USERS_FILE": str(tmp_path / "none.json")}
    with mysql_project.modules(environment) as app:
        yield app


@pytest.fixture(params=["memory_app", "mysql_app"])
def any_app(request: pytest.FixtureRequest) -> Any:
    return request.getfixturevalue(request.param)


@pytest.fixture(params=["memory", "mysql"])
def any_store(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def run(app: App, *arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(app.load("manage").main, arguments, input=stdin)


def succeeds(app: App, *arguments: str, stdin: str = "") -> str:
    result = run(app, *arguments, stdin=stdin)
    assert result.exit_code == 0, result.output
    return result.output


def fails(app: App, *arguments: str, stdin: str = "") -> str:
    """Return the one sentence that a command fails with."""
    result = run(app, *arguments, stdin=stdin)
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert result.output.count("\n") == 1
    return result.output


def add_ann(app: App) -> None:
    succeeds(app, "add-user", "ann", "--password-stdin", stdin=f"{PASSWORD}\n")


def test_a_user_is_added_listed_changed_and_removed(any_app: App) -> None:
    auth = any_app.load("auth")
    add_ann(any_app)
    assert auth.verify_user("ann", PASSWORD)
    assert succeeds(any_app, "list-users") == "ann\n"

    succeeds(any_app, "set-password", "ann", "--password-stdin", stdin=f"new {PASSWORD}\n")
    assert not auth.verify_user("ann", PASSWORD)
    assert auth.verify_user("ann", f"new {PASSWORD}")

    succeeds(any_app, "disable-user", "ann")
    assert not auth.verify_user("ann", f"new {PASSWORD}")
    assert succeeds(any_app, "list-users") == "ann (disabled)\n"

    succeeds(any_app, "enable-user", "ann")
    assert auth.verify_user("ann", f"new {PASSWORD}")

    succeeds(any_app, "remove-user", "ann")
    assert succeeds(any_app, "list-users") == ""


def test_a_password_is_asked_for_unseen_and_twice(any_app: App) -> None:
    typed = f"{PASSWORD}\n{PASSWORD}\n"
    assert PASSWORD not in succeeds(any_app, "add-user", "ann", stdin=typed)
    assert any_app.load("auth").verify_user("ann", PASSWORD)
    result = run(any_app, "set-password", "ann", stdin=f"{PASSWORD}\nother\n")
    assert result.exit_code != 0
    assert any_app.load("auth").verify_user("ann", PASSWORD)


@pytest.mark.parametrize(
    "command",
    [
        ["set-password", "ann", "--password-stdin"],
        ["disable-user", "ann"],
        ["remove-user", "ann"],
    ],
)
def test_a_command_that_ends_sessions_ends_them_at_once(any_app: App, command: list[str]) -> None:
    add_ann(any_app)
    token = any_app.load("auth").create_session("ann")
    assert any_app.load("auth").validate_session(token) == "ann"
    succeeds(any_app, *command, stdin=f"new {PASSWORD}\n")
    assert any_app.load("auth").validate_session(token) is None


@pytest.mark.parametrize("command", ["set-password", "disable-user", "enable-user", "remove-user"])
def test_a_user_who_is_not_there_is_named(any_app: App, command: str) -> None:
    options = ["--password-stdin"] if command == "set-password" else []
    message = fails(any_app, command, "nobody", *options, stdin=f"{PASSWORD}\n")
    assert message == "Error: There is no user nobody.\n"


def test_a_name_that_is_taken_or_not_possible_is_refused(any_app: App) -> None:
    add_ann(any_app)
    options = ["--password-stdin"]
    taken = fails(any_app, "add-user", "ann", *options, stdin=f"{PASSWORD}\n")
    assert taken == "Error: The user ann already exists.\n"
    for name in ["a b", "", "a" * 65, "ann ", "änn"]:
        assert "1 to 64" in fails(any_app, "add-user", name, *options, stdin=f"{PASSWORD}\n")
    assert "8 to 1024" in fails(any_app, "add-user", "bob", *options, stdin="short\n")


def test_sessions_are_listed_and_ended(mysql_app: App) -> None:
    auth = mysql_app.load("auth")
    add_ann(mysql_app)
    succeeds(mysql_app, "add-user", "bob", "--password-stdin", stdin=f"{PASSWORD}\n")
    tokens = [auth.create_session(name) for name in ["ann", "ann", "bob"]]

    listed = succeeds(mysql_app, "list-sessions", "ann")
    assert re.fullmatch(f"({SESSION_LINE}){{2}}", listed)
    for token in tokens:
        assert token not in listed
        assert mysql_app.tokens.hash_token(token) not in listed
    assert succeeds(mysql_app, "list-sessions").count("\n") == 3

    assert succeeds(mysql_app, "end-sessions", "ann") == "Ended all sessions of ann.\n"
    assert [auth.validate_session(token) for token in tokens] == [None, None, "bob"]
    assert succeeds(mysql_app, "end-sessions", "--all") == "Ended all sessions of all users.\n"
    assert succeeds(mysql_app, "list-sessions") == ""


def test_a_session_that_was_idle_for_too_long_is_not_listed(
    mysql_project: BakedProject, database: Database
) -> None:
    with mysql_project.modules({**database.environment, "SESSION_IDLE_HOURS": "1"}) as app:
        add_ann(app)
        auth = app.load("auth")
        idle, used = auth.create_session("ann"), auth.create_session("ann")
        database.execute(
            "UPDATE sessions SET last_seen_at = last_seen_at - INTERVAL 2 HOUR "
            f"WHERE token_hash = '{app.tokens.hash_token(idle)}'"
        )
        listed = succeeds(app, "list-sessions", "ann")
        assert re.fullmatch(SESSION_LINE, listed)
        assert listed.startswith(app.tokens.hash_token(used)[:8])


def test_whose_sessions_to_end_has_to_be_said(mysql_app: App) -> None:
    for arguments in [[], ["ann", "--all"]]:
        result = run(mysql_app, "end-sessions", *arguments)
        assert result.exit_code == 2
        assert "either a username or --all" in result.output
    for command in ["end-sessions", "list-sessions"]:
        assert fails(mysql_app, command, "nobody") == "Error: There is no user nobody.\n"


def test_purge_removes_what_has_expired(mysql_app: App, database: Database) -> None:
    add_ann(mysql_app)
    past = datetime.now(UTC) - timedelta(hours=1)
    database.execute(
        *(
            f"INSERT INTO sessions VALUES (SHA2({number}, 256), 'ann', 1, "
            f"'{past:%F %T}', '{past:%F %T}', '{past:%F %T}')"
            for number in range(3)
        )
    )
    token = "A" * 86
    assert mysql_app.load("auth").validate_session(token) is None
    assert succeeds(mysql_app, "purge") == "Removed 3 expired sessions.\n"
    assert succeeds(mysql_app, "purge") == "Removed 0 expired sessions.\n"


@pytest.mark.parametrize("whose", ["ann", "--all"])
def test_sessions_are_ended_from_another_process(
    whose: str, bake: Bake, database: Database, tmp_path: Path, any_store: str
) -> None:
    project = bake(store_backend=any_store)
    environment = {"USERS_FILE": str(tmp_path / "users.json")}
    (tmp_path / "users.json").write_text("{}")
    if any_store == "mysql":
        environment |= database.environment
    with project.modules(environment) as app:
        auth = app.load("auth")
        add_ann(app)
        token = auth.create_session("ann")
        assert auth.validate_session(token) == "ann"
        project.manage("end-sessions", whose, environment=environment)
        assert auth.validate_session(token) is None
        assert auth.validate_session(auth.create_session("ann")) == "ann"


def test_in_memory_there_is_no_command_for_what_only_a_database_can_do(memory_app: App) -> None:
    for command in ["list-sessions", "purge", "init-db"]:
        result = run(memory_app, command)
        assert result.exit_code == 2
        assert "No such command" in result.output


def test_the_database_out_of_reach_is_one_sentence(mysql_project: BakedProject) -> None:
    with mysql_project.modules({"DB_HOST": "127.0.0.1", "DB_PORT": "1"}) as app:
        for command in [["init-db"], ["list-users"], ["purge"], ["remove-user", "ann"]]:
            assert "cannot be reached" in fails(app, *command)


def test_a_wrong_setting_is_one_sentence(mysql_project: BakedProject) -> None:
    with mysql_project.modules({"DB_PORT": "x"}) as app:
        assert "DB_PORT" in fails(app, "init-db")
