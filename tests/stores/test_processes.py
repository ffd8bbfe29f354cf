"""Several processes on one store: servers that count together, and commands while the app runs."""

import itertools
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from tests.stores.conftest import NEW_PASSWORD, PASSWORD, Bench
from tests.support.sweep import first_of

SERVERS = 3

# Tries to log in from many threads when whoever started it says so, and prints how often it may.
TRY = """
from concurrent.futures import ThreadPoolExecutor
from auth import stores
from auth.login import throttle
from auth.visitor import visiting
stores.current()
print("ready", flush=True)
input()

def may(number):
    visiting.note(visiting.Visitor(f"192.0.2.{number % 3}"))
    try:
        throttle.start_attempt("ann")
    except throttle.ThrottledError:
        return False
    return True

with ThreadPoolExecutor(8) as threads:
    print(sum(threads.map(may, range(60))))
"""

# Does to one user what each line says, at once, and prints how that went.
LOSE = """
import sys
from auth.users import directory, roles
from auth.records import LastUserError

losses = {
    "disable": directory.disable_user,
    "remove": directory.remove_user,
    "revoke": lambda name: roles.revoke(name, ["admin"]),
}
directory.open_store()
print("ready", flush=True)
for line in sys.stdin:
    try:
        losses[line.strip()](sys.argv[1])
        print("done", flush=True)
    except LastUserError:
        print("refused", flush=True)
"""

# Uses one invitation in many threads when whoever started it says so, and prints how often it did.
ACCEPT = """
import sys
from concurrent.futures import ThreadPoolExecutor
from auth.login import invitations
from auth.users import directory
directory.open_store()
print("ready", flush=True)
input()

def accept(number):
    try:
        return bool(invitations.accept(sys.argv[1], f"a password of {number}"))
    except invitations.InvitationRefusedError:
        return False

with ThreadPoolExecutor(4) as threads:
    print(sum(threads.map(accept, range(4))))
"""

ADMINISTRATORS = ["admin1", "admin2"]
SET_PASSWORD = ["set-password", "ann", "--password-stdin"]
# What ends a login: commands, one after the other.
INTERRUPTIONS = {
    "new password": [SET_PASSWORD],
    "sessions ended": [["end-sessions", "ann"]],
    "all sessions ended": [["end-sessions", "--all"]],
    "disabled and enabled": [["disable-user", "ann"], ["enable-user", "ann"]],
    "removed and added": [["remove-user", "ann", "--yes"], ["add-user", *SET_PASSWORD[1:]]],
}


@contextmanager
def ready(bench: Bench, code: str, *arguments: str, **settings: str) -> Iterator[Any]:
    """Start a process in the project, and wait until it is ready."""
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=bench.project.path,
        env={**os.environ, **bench.environment, **settings},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        yield process


def say(process: Any, line: str) -> None:
    process.stdin.write(f"{line}\n")
    process.stdin.flush()


@pytest.mark.parametrize("bench", first_of(["mysql", "sqlite", "postgresql"]), indirect=True)
def test_several_servers_together_allow_what_one_does(bench: Bench) -> None:
    with ExitStack() as stack:
        servers = [
            stack.enter_context(ready(bench, TRY, THROTTLE_FAILURES="2")) for _ in range(SERVERS)
        ]
        for server in servers:
            say(server, "")
        # Two from each of three addresses.
        assert sum(int(server.stdout.readline()) for server in servers) == 6


def test_of_many_on_several_servers_who_use_one_invitation_one_gets_in(bench: Bench) -> None:
    code = bench.manage("invite", "carol").split()[-1].partition("#invite=")[2]
    with ExitStack() as stack:
        servers = [
            stack.enter_context(ready(bench, ACCEPT, code, THROTTLE_FAILURES="1000"))
            for _ in range(SERVERS)
        ]
        for server in servers:
            say(server, "")
        assert sum(int(server.stdout.readline()) for server in servers) == 1
    assert not bench.app.users.find("carol").has_one_time_password


def test_of_two_processes_that_take_it_from_each_others_administrator_one_is_refused(
    bench: Bench,
) -> None:
    user = bench.app.records.User
    everybody = [
        user(str(number) * 32, name, "$hash$", roles=("admin",))
        for number, name in enumerate(ADMINISTRATORS)
    ]
    users = bench.app.stores.current().users
    users.put(*everybody)
    with ready(bench, LOSE, "admin1") as one, ready(bench, LOSE, "admin2") as other:
        for kinds in itertools.product(["disable", "remove", "revoke"], repeat=2):
            users.put(*everybody)
            for process, kind in zip((one, other), kinds, strict=True):
                say(process, kind)
            said = sorted(process.stdout.readline() for process in (one, other))
            assert said == ["done\n", "refused\n"]
            left = [user for user in users.list_all() if "admin" in user.roles]
            assert sum(not user.disabled for user in left) == 1
        for process in (one, other):
            process.stdin.close()


@pytest.mark.parametrize("commands", INTERRUPTIONS.values(), ids=list(INTERRUPTIONS))
def test_a_login_of_before_a_command_in_another_process_is_over(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, commands: list[list[str]]
) -> None:
    auth, passwords = bench.app.load("auth"), bench.app.passwords
    bench.app.users.add_user("ann", PASSWORD)
    check = passwords.check_password

    def check_and_interrupt(*arguments: Any) -> Any:
        result = check(*arguments)
        for command in commands:
            bench.manage(*command, stdin=f"{NEW_PASSWORD}\n")
        return result

    with monkeypatch.context() as patch:
        patch.setattr(passwords, "check_password", check_and_interrupt)
        token = bench.app.login.log_in("ann", PASSWORD)
    assert auth.validate_session(token) is None
    assert bench.app.sessions.list_sessions() == []
    (password,) = [text for text in (PASSWORD, NEW_PASSWORD) if auth.verify_user("ann", text)]
    assert auth.validate_session(bench.app.login.log_in("ann", password)) == "ann"
    assert auth.validate_session(token) is None


@pytest.mark.parametrize("bench", first_of(["mysql", "sqlite", "postgresql"]), indirect=True)
def test_another_process_shows_the_audit_and_is_in_it(bench: Bench) -> None:
    bench.manage("add-user", "ann", "--password-stdin", stdin=f"{PASSWORD}\n")
    bench.app.login.log_in("ann", PASSWORD)
    bench.manage("disable-user", "ann")
    time = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}"
    pattern = (
        rf"{time}  user disabled  user=ann  actor=manage\.py(:\S+)?\n"
        rf"{time}  login  user=ann  actor=ann  session=[0-9a-f]{{8}}\n"
        rf"{time}  user added  user=ann  actor=manage\.py(:\S+)?\n"
    )
    assert re.fullmatch(pattern, bench.manage("audit"))
    assert bench.manage("audit", "ann", "--event", "login").count("\n") == 1
    assert bench.manage("audit", "--limit", "2").count("\n") == 2
    assert bench.manage("audit", "nobody") == ""
