"""The last user with a role: however many take it from each other at once, one keeps it."""

import itertools
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import pytest

from tests.stores.conftest import Bench, at_once

ROLE = "admin"

Loss = Callable[[Any, Any], object]
LOSSES: dict[str, Loss] = {
    "disable": lambda users, user: users.set_disabled(user.username, True, ROLE),
    "remove": lambda users, user: users.remove(user.username, ROLE),
    "revoke": lambda users, user: users.set_roles(user, ("sales",), ROLE),
}
KINDS = {**{kind: [kind] for kind in LOSSES}, "mixed": list(LOSSES)}

# Does to one user what each line says, at once, and prints how that went.
LOSE = """
import sys
from auth import roles, users
from auth.stores.base import LastUserError

losses = {
    "disable": users.disable_user,
    "remove": users.remove_user,
    "revoke": lambda name: roles.revoke(name, ["admin"]),
}
users.open_store()
print("ready", flush=True)
for line in sys.stdin:
    try:
        losses[line.strip()](sys.argv[1])
        print("done", flush=True)
    except LastUserError:
        print("refused", flush=True)
"""


@pytest.mark.parametrize(("administrators", "rounds"), [(2, 12), (16, 4)])
@pytest.mark.parametrize("kinds", KINDS.values(), ids=list(KINDS))
def test_of_administrators_who_take_it_from_each_other_at_once_one_stays(
    bench: Bench, kinds: list[str], administrators: int, rounds: int
) -> None:
    bench.add_user("test", roles=("administrator", "sales"))
    for turn in range(rounds):
        # From one round to the next, each kind meets each other.
        of_each = [kinds[(number * (1 + turn // 3) + turn) % len(kinds)] for number in range(16)]
        lost = lose_at_once(bench, put_administrators(bench, administrators), of_each)
        assert sorted(lost) == [False] + [True] * (administrators - 1)
        assert len(who_administers(bench)) == 1


def test_one_stays_while_they_get_new_passwords_and_log_in(bench: Bench) -> None:
    everybody = put_administrators(bench, 8)

    def disturb() -> None:
        for number in itertools.count():
            user = everybody[number * 3 % 8]
            try:
                bench.users.set_password(user.username, f"hash {number}")
                bench.add_session(number, user)
            except bench.records.UnknownUserError:
                pass
            if over.is_set():
                return

    over = Event()
    others = [Thread(target=disturb) for _ in range(2)]
    for other in others:
        other.start()
    try:
        for _ in range(3):
            everybody = put_administrators(bench, 8)
            lost = lose_at_once(bench, everybody, ["disable"] * 8)
            assert sorted(lost) == [False] + [True] * 7
    finally:
        over.set()
        for other in others:
            other.join()


def test_of_two_processes_that_take_it_from_each_others_administrator_one_is_refused(
    bench: Bench,
) -> None:
    users = put_administrators(bench, 2)
    with losing(bench, users[0].username) as one, losing(bench, users[1].username) as other:
        for kinds in itertools.product(LOSSES, LOSSES):
            put_administrators(bench, 2)
            for process, kind in zip((one, other), kinds, strict=True):
                assert process.stdin
                process.stdin.write(f"{kind}\n")
                process.stdin.flush()
            said = sorted(process.stdout.readline() for process in (one, other) if process.stdout)
            assert said == ["done\n", "refused\n"]
            assert len(who_administers(bench)) == 1


def put_administrators(bench: Bench, number: int) -> list[Any]:
    everybody = [bench.user(f"admin{one:02}", roles=("sales", ROLE)) for one in range(number)]
    for user in everybody:
        bench.users.put(user)
    return everybody


def lose_at_once(bench: Bench, users: list[Any], kinds: list[str]) -> list[bool]:
    """Take the role from all users at once, and return from whom it was taken."""

    def lose(number: int) -> bool:
        try:
            LOSSES[kinds[number]](bench.users, users[number])
        except bench.records.LastUserError:
            return False
        return True

    return at_once(lose, len(users))


def who_administers(bench: Bench) -> list[str]:
    return [
        user.username for user in bench.users.list_all() if ROLE in user.roles and not user.disabled
    ]


@contextmanager
def losing(bench: Bench, username: str) -> Iterator["subprocess.Popen[str]"]:
    """A process that takes the role from a user, in the way of each line that it is sent."""
    process = subprocess.Popen(
        [sys.executable, "-c", LOSE, username],
        cwd=bench.project.path,
        env={**os.environ, **bench.environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        yield process
        assert process.stdin
        process.stdin.close()
