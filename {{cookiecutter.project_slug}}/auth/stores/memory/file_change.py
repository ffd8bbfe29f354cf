"""Change a file that others read: one at a time, as a whole, with its owner and links kept."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock

from auth.records import StoreReadOnlyError, StoreUnavailableError

_PATIENCE = 10  # seconds to wait for another process that is changing the file


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Keep other processes from changing a file during a with block.

    Raises:
        OSError: The lock cannot be had, as TimeoutError if another process keeps it.
    """
    lock_file = file.resolve().with_name(f".{file.resolve().name}.lock")
    lock = FileLock(lock_file, timeout=_PATIENCE)
    with lock:
        make_alike(file, lock_file)
        yield


def replace_text(file: Path, text: str, like: Path | None = None) -> None:
    """Replace the text of a file, so that nobody ever reads half of it.

    Whoever could read the file still can, also if an administrator changes it; a
    link stays a link.

    Args:
        file: The file.
        text: Its new text.
        like: The file whose mode and owner it gets; None for its own.

    Raises:
        OSError: The file cannot be written.
    """
    target = file.resolve()
    descriptor, name = tempfile.mkstemp(".tmp", f".{target.name}.", target.parent)
    new = Path(name)
    try:
        with open(descriptor, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        make_alike(like or target, new)
        os.replace(new, target)
    except BaseException:
        new.unlink()
        raise


def refusal(what: str, error: OSError) -> StoreUnavailableError:
    """Return what to raise where a file cannot be written.

    Args:
        what: Which file, to follow "The".
        error: What happened.
    """
    kind = StoreUnavailableError if isinstance(error, TimeoutError) else StoreReadOnlyError
    return kind(f"The {what} cannot be written ({error.strerror or type(error).__name__}).")


def make_alike(model: Path, file: Path) -> None:
    """Give a file the mode of another, and its owner if this process has the right to."""
    with suppress(PermissionError):
        shutil.copymode(model, file)
    if hasattr(os, "chown"):
        status = model.stat()
        with suppress(PermissionError):
            os.chown(file, status.st_uid, status.st_gid)
