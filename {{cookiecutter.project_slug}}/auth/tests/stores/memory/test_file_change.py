"""How the users file is changed: as a whole, in its place, and with who may read it unchanged."""

import errno
import os
import stat
from pathlib import Path

import pytest

from auth.records import StoreReadOnlyError, StoreUnavailableError
from auth.stores.interface import Store
from auth.stores.memory.file_change import locked, replace_text
from auth.tests.stores.records import ANN

posix_only = pytest.mark.skipif(os.name != "posix", reason="Windows has other rights")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with an old text, alone in its folder."""
    folder = tmp_path / "folder"
    folder.mkdir()
    file = folder / "file.json"
    file.write_text("old", encoding="utf-8")
    return file


def test_a_text_is_replaced_and_nothing_else_is_left(file: Path) -> None:
    replace_text(file, "new ü\n")
    assert file.read_bytes() == "new ü\n".encode()
    assert list(file.parent.iterdir()) == [file]


def test_whoever_has_the_file_open_reads_all_of_the_old_text(file: Path) -> None:
    with file.open(encoding="utf-8") as reader:
        replace_text(file, "new")
        assert reader.read() == "old"


@posix_only
def test_a_link_stays_a_link_and_its_target_is_changed(file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    link = folder / "link.json"
    link.symlink_to(file)
    with locked(link):
        replace_text(link, "new")
    assert link.is_symlink()
    assert file.read_text(encoding="utf-8") == "new"
    assert list(folder.iterdir()) == [link]


@posix_only
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o644])
def test_the_mode_is_kept_of_the_file_and_for_its_lock(file: Path, mode: int) -> None:
    file.chmod(mode)
    with locked(file):
        replace_text(file, "new")
    assert {stat.S_IMODE(kept.stat().st_mode) for kept in file.parent.iterdir()} == {mode}


@posix_only
def test_the_owner_is_kept_where_an_administrator_changes_the_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, tuple[int, int]] = {}

    def chown(path: Path, user_id: int, group_id: int) -> None:
        given[path.suffix] = user_id, group_id

    monkeypatch.setattr(os, "chown", chown)
    with locked(file):
        replace_text(file, "new")
    owner = file.stat().st_uid, file.stat().st_gid
    assert given == {".lock": owner, ".tmp": owner}


@posix_only
def test_whoever_may_not_give_the_file_away_can_still_change_it(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "chown", refuse)
    with locked(file):
        replace_text(file, "new")
    assert file.read_text(encoding="utf-8") == "new"


@pytest.mark.parametrize("text", ["new", "\ud800"], ids=["at the end", "while writing"])
def test_a_change_that_fails_leaves_the_old_text_and_nothing_else(
    file: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    def fail(*arguments: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises((OSError, UnicodeEncodeError)):
        replace_text(file, text)
    assert file.read_text(encoding="utf-8") == "old"
    assert list(file.parent.iterdir()) == [file]


def test_a_change_that_cannot_be_written_is_refused_with_the_reason(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    with monkeypatch.context() as read_only:
        read_only.setattr(os, "replace", fail)
        with pytest.raises(StoreReadOnlyError, match=r"written \(Read-only file system\)"):
            store.users.add(ANN)
    assert store.users.list_all() == []


def test_a_lock_that_another_keeps_too_long_is_an_outage(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("auth.stores.memory.file_change._PATIENCE", 0.05)
    with (
        locked(tmp_path / "users.json"),
        pytest.raises(StoreUnavailableError, match=r"cannot be written \(Timeout\)") as raised,
    ):
        store.users.add(ANN)
    assert not isinstance(raised.value, StoreReadOnlyError)
    assert store.users.list_all() == []
