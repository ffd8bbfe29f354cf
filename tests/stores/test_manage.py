"""manage.py of every store."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.conftest import Bake, environment_of
from tests.stores.conftest import DATABASES, PASSWORD, Bench
from tests.support.baking import BakedProject
from tests.support.modules import App
from tests.support.sweep import first_of, swept

SESSION_HEADER = r"SESSION   USER +LOGGED IN +LAST USED +ENDS +ADDRESS +BROWSER\n"
SESSION_LINE = r"[0-9a-f]{8}  ann   .{16}  .{16}  .{16}\n"


@pytest.fixture(params=["memory", "mysql", *swept(["sqlite", "postgresql"])])
def any_app(request: pytest.FixtureRequest) -> Iterator[App]:
    """The modules of a project with each store in turn, without users."""
    with opened(request.param, request) as app:
        yield app


@pytest.fixture(params=first_of(["mysql", "sqlite", "postgresql"]))
def sql_app(request: pytest.FixtureRequest) -> Iterator[App]:
    """The same, with each database in turn."""
    with opened(request.param, request) as app:
        yield app


@pytest.fixture
def memory_app(request: pytest.FixtureRequest) -> Iterator[App]:
    with opened("memory", request) as app:
        yield app


@contextmanager
def opened(store: str, request: pytest.FixtureRequest, **settings: str) -> Iterator[App]:
    """Import the modules of a project with a store that has no users."""
    project: BakedProject = request.getfixturevalue("bake")(store_backend=store)
    users_file: Path = request.getfixturevalue("tmp_path") / "users.json"
    users_file.write_text("{}")
    with environment_of(project, request) as environment:
        environment |= {"USERS_FILE": str(users_file), **settings}
        with project.modules(environment) as app:
            yield app


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


def one_time_password(said: str) -> str:
    """Return the password that a command has made up."""
    match = re.search(r"^The password for the next login, within 24 hours: (\S+)$", said, re.M)
    assert match
    return match[1]


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

    succeeds(any_app, "remove-user", "ann", "--yes")
    assert succeeds(any_app, "list-users") == ""


def test_roles_are_given_and_taken(any_app: App) -> None:
    add_ann(any_app)
    assert "the roles sales, admin now" in succeeds(any_app, "grant", "ann", "sales", "admin")
    assert succeeds(any_app, "list-users") == "ann (the roles sales, admin)\n"
    assert "the role admin no longer" in succeeds(any_app, "revoke", "ann", "admin", "--force")
    assert succeeds(any_app, "list-users") == "ann (the role sales)\n"
    assert "cannot exist" in fails(any_app, "grant", "ann", "Sales")
    assert "no user" in fails(any_app, "grant", "nobody", "sales")
    assert "no user" in fails(any_app, "revoke", "nobody", "sales")


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
        ["remove-user", "ann", "--yes"],
        ["end-sessions", "ann"],
        ["end-sessions", "--all"],
    ],
)
def test_a_command_that_ends_sessions_ends_them_at_once(any_app: App, command: list[str]) -> None:
    add_ann(any_app)
    token = any_app.load("auth").create_session("ann")
    assert any_app.load("auth").validate_session(token) == "ann"
    succeeds(any_app, *command, stdin=f"new {PASSWORD}\n")
    assert any_app.load("auth").validate_session(token) is None


@pytest.mark.parametrize(
    "command", ["set-password", "disable-user", "enable-user", "remove-user", "end-sessions"]
)
def test_a_user_who_does_not_exist_is_named(any_app: App, command: str) -> None:
    options = ["--password-stdin"] if command == "set-password" else []
    message = fails(any_app, command, "nobody", *options, stdin=f"{PASSWORD}\n")
    assert message == "Error: There is no user nobody.\n"


def test_a_name_that_is_taken_or_not_possible_is_refused(any_app: App) -> None:
    add_ann(any_app)
    options = ["--password-stdin"]
    taken = fails(any_app, "add-user", "ann", *options, stdin=f"{PASSWORD}\n")
    assert taken == "Error: The user ann already exists.\n"
    again = fails(any_app, "add-user", " Ann ", *options, stdin=f"{PASSWORD}\n")
    assert again == taken
    for name in ["a b", "", "a" * 65, "änn"]:
        assert "1 to 64" in fails(any_app, "add-user", name, *options, stdin=f"{PASSWORD}\n")
    assert "8 to 1,024" in fails(any_app, "add-user", "bob", *options, stdin="short\n")


def test_a_new_user_gets_a_password_for_one_login(any_app: App) -> None:
    said = succeeds(any_app, "add-user", "ann", "--one-time")
    password = one_time_password(said)
    assert said.startswith("Added ann.\n")
    assert succeeds(any_app, "list-users") == "ann (has not chosen a password yet)\n"
    assert not any_app.load("auth").verify_user("ann", password)
    assert any_app.login.log_in("ann", password)
    with pytest.raises(any_app.login.WrongPasswordError):
        any_app.login.log_in("ann", password)
    assert fails(any_app, "add-user", "ann", "--one-time") == (
        "Error: The user ann already exists.\n"
    )


def test_a_reset_password_is_good_for_one_login_and_ends_those_of_before(any_app: App) -> None:
    add_ann(any_app)
    token = any_app.load("auth").create_session("ann")
    said = succeeds(any_app, "reset-password", "ann")
    assert said.startswith("Reset the password of ann and ended their sessions.\n")
    assert any_app.load("auth").validate_session(token) is None
    with pytest.raises(any_app.login.WrongPasswordError):
        any_app.login.log_in("ann", PASSWORD)
    assert any_app.login.log_in("ann", one_time_password(said))
    with pytest.raises(any_app.login.WrongPasswordError):
        any_app.login.log_in("ann", one_time_password(said))
    assert fails(any_app, "reset-password", "nobody") == "Error: There is no user nobody.\n"


def test_a_password_that_is_chosen_in_place_of_a_reset_one_stays(any_app: App) -> None:
    add_ann(any_app)
    password = one_time_password(succeeds(any_app, "reset-password", "ann"))
    any_app.login.log_in("ann", password)
    user = any_app.users.get("ann")
    token = any_app.load("auth.login.one_time").choose_password(user, f"new {PASSWORD}")
    assert any_app.load("auth").validate_session(token) == "ann"
    assert any_app.load("auth").verify_user("ann", f"new {PASSWORD}")
    assert succeeds(any_app, "list-users") == "ann\n"


LOSSES = [["disable-user", "ann"], ["remove-user", "ann", "--yes"], ["revoke", "ann", "admin"]]


@pytest.mark.parametrize("command", LOSSES, ids=lambda command: command[0])
def test_the_last_administrator_stays_one_unless_it_is_forced(
    any_app: App, command: list[str]
) -> None:
    add_ann(any_app)
    succeeds(any_app, "add-user", "bob", "--one-time")
    succeeds(any_app, "grant", "ann", "admin")
    token = any_app.load("auth").create_session("ann")
    assert fails(any_app, *command) == (
        "Error: ann is the last administrator who can log in. Make somebody else one first, or "
        "add --force.\n"
    )
    assert any_app.load("auth").validate_session(token) == "ann"
    assert succeeds(any_app, "list-users").startswith("ann (the role admin)\n")
    succeeds(any_app, *command, "--force")
    assert "ann (the role admin)\n" not in succeeds(any_app, "list-users")


def test_an_administrator_who_is_not_the_last_may_go(any_app: App) -> None:
    add_ann(any_app)
    any_app.users.add_user("bob", PASSWORD)
    for name in ("ann", "bob"):
        succeeds(any_app, "grant", name, "admin")
    succeeds(any_app, "disable-user", "ann")
    assert "bob is the last administrator" in fails(any_app, "remove-user", "bob", "--yes")
    succeeds(any_app, "enable-user", "ann")
    succeeds(any_app, "remove-user", "bob", "--yes")


def test_users_move_with_the_end_of_a_one_time_password(any_app: App, tmp_path: Path) -> None:
    file = tmp_path / "exported.json"
    add_ann(any_app)
    password = one_time_password(succeeds(any_app, "add-user", "bob", "--one-time"))
    before = any_app.users.get("bob")
    succeeds(any_app, "export-users", str(file))
    for name in ("ann", "bob"):
        succeeds(any_app, "remove-user", name, "--yes")
    assert succeeds(any_app, "import-users", str(file)) == "Imported 2 users.\n"
    after = any_app.users.get("bob")
    assert before.password_expires_at
    assert after.password_expires_at == before.password_expires_at
    assert any_app.load("auth").verify_user("ann", PASSWORD)
    assert any_app.login.log_in("bob", password)
    with pytest.raises(any_app.login.WrongPasswordError):
        any_app.login.log_in("bob", password)


def test_an_import_that_leaves_no_administrator_has_to_be_forced(
    any_app: App, tmp_path: Path
) -> None:
    file = tmp_path / "exported.json"
    add_ann(any_app)
    succeeds(any_app, "export-users", str(file))
    succeeds(any_app, "grant", "ann", "admin")
    assert "ann is the last administrator" in fails(any_app, "import-users", str(file))
    assert succeeds(any_app, "list-users") == "ann (the role admin)\n"
    succeeds(any_app, "import-users", "--force", str(file))
    assert succeeds(any_app, "list-users") == "ann\n"


def test_the_audit_names_the_administrator_and_from_where(sql_app: App) -> None:
    add_ann(sql_app)
    visiting = sql_app.load("auth.visitor.visiting")
    visiting.note(visiting.Visitor("192.0.2.9"))
    with visiting.acting_as("boss"):
        sql_app.load("auth.login.one_time").reset_password("ann")
        sql_app.users.disable_user("ann")
        sql_app.load("auth.users.roles").grant("ann", ["sales"])
    visiting.note(visiting.Visitor())
    told = succeeds(sql_app, "audit", "ann", "--limit", "3").splitlines()
    assert [line.split("  ", 1)[1] for line in told] == [
        f"{event}  user=ann  actor=boss  address=192.0.2.9"
        for event in ("roles granted", "user disabled", "password reset")
    ]
    succeeds(sql_app, "reset-password", "ann")
    (line,) = succeeds(sql_app, "audit", "ann", "--limit", "1").splitlines()
    assert "password reset  user=ann  actor=manage.py:" in line
    assert "address=" not in line


def test_sessions_are_listed_and_ended(sql_app: App) -> None:
    auth = sql_app.load("auth")
    add_ann(sql_app)
    succeeds(sql_app, "add-user", "bob", "--password-stdin", stdin=f"{PASSWORD}\n")
    tokens = [auth.create_session(name) for name in ["ann", "ann", "bob"]]

    listed = succeeds(sql_app, "list-sessions", "ann")
    assert re.fullmatch(f"{SESSION_HEADER}({SESSION_LINE}){{2}}", listed)
    for token in tokens:
        assert token not in listed
        assert sql_app.tokens.hash_token(token) not in listed
    assert succeeds(sql_app, "list-sessions").count("\n") == 1 + 3

    assert succeeds(sql_app, "end-sessions", "ann") == "Ended 2 sessions.\n"
    assert [auth.validate_session(token) for token in tokens] == [None, None, "bob"]
    of_bob = SESSION_HEADER + SESSION_LINE.replace("ann", "bob")
    assert re.fullmatch(of_bob, succeeds(sql_app, "list-sessions"))
    assert succeeds(sql_app, "end-sessions", "--all") == "Ended 1 session.\n"
    assert [auth.validate_session(token) for token in tokens] == [None, None, None]
    assert succeeds(sql_app, "list-sessions") == "Nobody is logged in.\n"


@pytest.mark.parametrize("store", DATABASES)
def test_a_session_that_was_idle_for_too_long_is_not_listed(
    store: str, request: pytest.FixtureRequest
) -> None:
    with opened(store, request, SESSION_IDLE_HOURS="1") as app:
        add_ann(app)
        auth = app.load("auth")
        idle, used = auth.create_session("ann"), auth.create_session("ann")
        long_ago = datetime.now(UTC) - timedelta(hours=2)
        app.stores.current().sessions.touch(app.tokens.hash_token(idle), long_ago)
        listed = succeeds(app, "list-sessions", "ann")
        assert re.fullmatch(SESSION_HEADER + SESSION_LINE, listed)
        assert app.tokens.hash_token(used)[:8] in listed


def test_whose_sessions_to_end_has_to_be_said(any_app: App) -> None:
    for arguments in [[], ["ann", "--all"]]:
        result = run(any_app, "end-sessions", *arguments)
        assert result.exit_code == 2
        assert "either a username or --all" in result.output


def test_the_sessions_of_a_user_who_does_not_exist_are_not_listed(sql_app: App) -> None:
    assert fails(sql_app, "list-sessions", "nobody") == "Error: There is no user nobody.\n"


def test_purge_removes_what_has_expired(sql_app: App) -> None:
    add_ann(sql_app)
    past = datetime.now(UTC) - timedelta(hours=1)
    ann = sql_app.users.get("ann")
    for number in range(3):
        session = sql_app.records.Session(f"{number:064x}", ann.id, 1, past, past, past)
        sql_app.stores.current().sessions.add(session)
        entry = sql_app.records.AuditEntry(past - timedelta(days=181), "login", ann.id, "ann")
        sql_app.stores.current().audit.add(entry)
    token = "A" * 86
    assert sql_app.load("auth").validate_session(token) is None
    removed = (
        "Removed {} expired sessions.\n"
        "Removed {} expired failed logins.\n"
        "Removed {} old entries of the audit.\n"
    )
    attempt, _ = sql_app.load("auth.login.throttle").start_attempt("ann")
    sql_app.stores.current().attempts.end([attempt.attempt_id], past)
    assert succeeds(sql_app, "purge") == removed.format(3, 1, 3)
    assert succeeds(sql_app, "purge") == removed.format(0, 0, 0)


@pytest.mark.parametrize("command", ["list-sessions", "purge", "migrate", "audit"])
def test_commands_of_a_database_exist_with_one_only(memory_app: App, command: str) -> None:
    assert command not in succeeds(memory_app, "--help")
    assert "No such command" in run(memory_app, command).output


def test_commands_in_another_process_change_the_running_app(bench: Bench) -> None:
    auth = bench.app.load("auth")
    new = f"new {PASSWORD}"
    assert (
        bench.manage("add-user", "ann", "--password-stdin", stdin=f"{PASSWORD}\n") == "Added ann.\n"
    )
    assert auth.verify_user("ann", PASSWORD)
    bench.app.users.add_user("bob", PASSWORD)
    of_bob = auth.create_session("bob")

    for arguments, said in [
        (["end-sessions", "ann"], "Ended "),
        (
            ["set-password", "ann", "--password-stdin"],
            "Changed the password of ann and ended their sessions.",
        ),
        (["disable-user", "ann"], "Disabled ann and ended their sessions."),
    ]:
        token = auth.create_session("ann")
        assert auth.validate_session(token) == "ann"
        assert bench.manage(*arguments, stdin=f"{new}\n").startswith(said)
        assert auth.validate_session(token) is None
    assert not auth.verify_user("ann", new)
    assert bench.manage("list-users") == "ann (disabled)\nbob\n"

    assert bench.manage("enable-user", "ann") == "Enabled ann.\n"
    assert auth.validate_session(token) is None
    assert auth.verify_user("ann", new)
    assert not auth.verify_user("ann", PASSWORD)

    token = auth.create_session("ann")
    assert bench.manage("remove-user", "ann", "--yes") == "Removed ann and ended their sessions.\n"
    assert auth.validate_session(token) is None
    assert auth.validate_session(of_bob) == "bob"
    assert bench.manage("end-sessions", "--all").startswith("Ended ")
    assert auth.validate_session(of_bob) is None


UNUSABLE = {
    "text": "not a hash",
    "empty": "",
    "without-its-end": "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ",
    "cut-short": "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$" + "A" * 41,
    "damaged": "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$" + "é" * 43,
    "unknown": "$argon2x$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$" + "A" * 43,
    "more-costly-than-may-be": "$scrypt$ln=30,r=8,p=5$AAAA$" + "A" * 43,
    "another-scheme": "$6$c2FsdHNhbHQ$" + "A" * 86,
}


def test_a_hash_that_cannot_be_one_keeps_its_user_out_and_nobody_else(
    sql_app: App, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("auth"), "handlers", [caplog.handler])
    auth, log_in = sql_app.load("auth"), sql_app.login.log_in
    add_ann(sql_app)
    for name, password_hash in UNUSABLE.items():
        user_id = sql_app.records.new_user_id()
        sql_app.stores.current().users.add(sql_app.records.User(user_id, name, password_hash))
    for name in [*UNUSABLE, "nobody"]:
        with pytest.raises(sql_app.login.WrongPasswordError):
            log_in(name, PASSWORD)
    told = [line for line in caplog.messages if "unusable" in line]
    assert len(told) == len(UNUSABLE)
    for name, line in zip(UNUSABLE, told, strict=True):
        assert line.startswith(f'event="password hash unusable" user={name}')
    assert "Traceback" not in caplog.text
    assert auth.validate_session(log_in("ann", PASSWORD)) == "ann"

    unusable = [f"{name} (password hash cannot be used: run set-password)" for name in UNUSABLE]
    assert succeeds(sql_app, "list-users").splitlines() == ["ann", *sorted(unusable)]
    succeeds(sql_app, "set-password", "damaged", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert auth.validate_session(log_in("damaged", PASSWORD)) == "damaged"
    assert "\ndamaged\n" in succeeds(sql_app, "list-users")


OUT_OF_REACH = {
    "sqlite": ({"DB_FILE": "/dev/null/app.db"}, "cannot be opened"),
    "mysql": ({"DB_HOST": "127.0.0.1", "DB_PORT": "1"}, "cannot be reached"),
    "postgresql": ({"DB_HOST": "127.0.0.1", "DB_PORT": "1"}, "cannot be reached"),
}


@pytest.mark.parametrize("store", OUT_OF_REACH)
def test_the_database_out_of_reach_is_one_sentence(store: str, bake: Bake) -> None:
    environment, sentence = OUT_OF_REACH[store]
    with bake(store_backend=store).modules(environment) as app:
        for command in [["migrate"], ["list-users"], ["purge"], ["remove-user", "ann", "--yes"]]:
            assert sentence in fails(app, *command)


@pytest.mark.parametrize("store", DATABASES)
@pytest.mark.parametrize("setting", ["DATABASE_URL", "DB_QUERY_SECONDS"])
def test_a_wrong_setting_is_one_sentence(store: str, setting: str, bake: Bake) -> None:
    with bake(store_backend=store).modules({setting: "x"}) as app:
        assert setting in fails(app, "migrate")
