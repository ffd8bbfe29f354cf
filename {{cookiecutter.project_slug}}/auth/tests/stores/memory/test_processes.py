"""manage.py in another process, while the app runs in this one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from auth import create_session, validate_session
from auth.settings import PROJECT
from auth.tests.conftest import NEW_PASSWORD, PASSWORD
from auth.users import directory


@pytest.fixture(autouse=True)
def _users_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have other processes use the users file of the open store."""
    monkeypatch.setenv("USERS_FILE", str(tmp_path / "users.json"))


def start(*arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603 - the test's own arguments
        [sys.executable, "manage.py", *arguments],
        cwd=PROJECT,
        env=os.environ | {"PYTHONWARNINGS": "ignore"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run(*arguments: str, typed: str = "") -> str:
    """Return what manage.py prints."""
    process = start(*arguments)
    output, _ = process.communicate(typed, timeout=60)
    assert process.returncode == 0, output
    return output


def test_changes_at_once_lose_nothing() -> None:
    names = [f"user{number}" for number in range(6)]
    processes = [start("add-user", name, "--password-stdin") for name in names]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write(f"{PASSWORD}\n")
        process.stdin.close()
    directory.add_user("ann", PASSWORD)
    for name, process in zip(names, processes, strict=True):
        assert process.stdout is not None
        with process.stdout as output:
            assert output.read() == f"Added {name}.\n"
        assert process.wait(60) == 0
    assert [user.username for user in directory.list_users()] == ["ann", *names]


def test_a_command_ends_sessions_and_changes_passwords_in_the_running_app(
    ann: str, bob: str
) -> None:
    of_ann, of_bob = create_session(ann), create_session(bob)
    assert run("end-sessions", ann) == "Ended all sessions of ann.\n"
    assert validate_session(of_ann) is None
    assert validate_session(of_bob) == bob

    run("set-password", bob, "--password-stdin", typed=f"{NEW_PASSWORD}\n")
    assert validate_session(of_bob) is None
