"""The users file of the store in memory, which manage.py changes while the app runs."""

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Bake
from tests.stores.conftest import NEW_PASSWORD, PASSWORD, Bench

OTHER_USER = 10001

# Only root can give a file away; everybody else keeps their own.
OWNER = OTHER_USER if os.geteuid() == 0 else os.geteuid()


@pytest.fixture
def users_file(tmp_path: Path) -> Path:
    """A users file of another user, in a folder of theirs."""
    folder = tmp_path / "volume"
    folder.mkdir()
    file = folder / "real.json"
    file.write_text("{}")
    file.chmod(0o640)
    for path in (folder, file):
        os.chown(path, OWNER, -1 if os.geteuid() else OTHER_USER)
    return file


@pytest.fixture
def link(users_file: Path, tmp_path: Path) -> Path:
    """A link to a link to that file, in another folder."""
    folder = tmp_path / "app"
    folder.mkdir()
    between = folder / "between.json"
    between.symlink_to(Path("..") / "volume" / users_file.name)
    link = folder / "users.json"
    link.symlink_to(between.name)
    return link


@pytest.fixture
def bench(bake: Bake, link: Path) -> Iterator[Bench]:
    """The store in memory of a running app, with its users behind the link."""
    environment = {"USERS_FILE": str(link)}
    project = bake()
    with project.modules(environment) as app:
        yield Bench(app, project, environment)


def test_a_file_of_another_user_behind_a_link_keeps_its_owner_its_mode_and_the_link(
    bench: Bench, users_file: Path, link: Path
) -> None:
    before = users_file.stat()
    for arguments, password in [
        (["add-user", "ann"], PASSWORD),
        (["set-password", "ann"], NEW_PASSWORD),
        (["disable-user", "ann"], ""),
        (["enable-user", "ann"], ""),
        (["end-sessions", "ann"], ""),
        (["end-sessions", "--all"], ""),
        (["add-user", "bob"], PASSWORD),
        (["remove-user", "bob", "--yes"], ""),
    ]:
        options = ["--password-stdin"] if password else []
        bench.manage(*arguments, *options, stdin=f"{password}\n")
        after = users_file.stat()
        assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)
        assert stat.S_IMODE(after.st_mode) == 0o640
        assert link.is_symlink()
        assert link.resolve() == users_file
    assert list(json.loads(users_file.read_text())) == ["ann"]
    assert bench.app.load("auth").verify_user("ann", NEW_PASSWORD)


def test_what_is_left_beside_the_file_belongs_to_its_owner(
    bench: Bench, users_file: Path, link: Path
) -> None:
    bench.manage("add-user", "ann", "--password-stdin", stdin=f"{PASSWORD}\n")
    left = [path for path in users_file.parent.iterdir() if path != users_file]
    assert all(path.stat().st_uid == OWNER for path in left)
    assert all(PASSWORD not in path.read_text() for path in left)
    assert all("$argon2" not in path.read_text() for path in left)
    assert sorted(path.name for path in link.parent.iterdir()) == ["between.json", "users.json"]


def test_the_sessions_of_a_running_app_end_from_another_process(bench: Bench) -> None:
    auth = bench.app.load("auth")
    for name in ("ann", "bob", "cleo"):
        bench.app.users.add_user(name, PASSWORD)
    tokens = [auth.create_session(name) for name in ("ann", "ann", "bob", "cleo")]
    assert [auth.validate_session(token) for token in tokens] == ["ann", "ann", "bob", "cleo"]

    assert bench.manage("end-sessions", "ann") == "Ended all sessions of ann.\n"
    assert [auth.validate_session(token) for token in tokens] == [None, None, "bob", "cleo"]
    again = auth.create_session("ann")
    assert auth.validate_session(again) == "ann"

    bench.manage("set-password", "bob", "--password-stdin", stdin=f"{NEW_PASSWORD}\n")
    assert [auth.validate_session(token) for token in (*tokens, again)] == [
        *(None, None, None),
        *("cleo", "ann"),
    ]

    assert bench.manage("end-sessions", "--all") == "Ended all sessions of all users.\n"
    assert not any(auth.validate_session(token) for token in (*tokens, again))
    assert bench.app.sessions.list_sessions() == []
    assert auth.verify_user("ann", PASSWORD)


def test_a_name_that_another_process_gave_again_has_no_session_of_before(bench: Bench) -> None:
    auth = bench.app.load("auth")
    bench.app.users.add_user("ann", PASSWORD)
    token = auth.create_session("ann")
    bench.manage("remove-user", "ann", "--yes")
    bench.manage("add-user", "ann", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert auth.validate_session(token) is None
    assert auth.verify_user("ann", PASSWORD)
