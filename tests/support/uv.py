"""Where uv is, for what calls it by its name."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from tests.support.baking import TEMPLATE


def find_uv() -> str:
    """Return the path of uv: the one that runs these tests, or another on this machine."""
    path = _search_uv()
    if path is None:
        raise RuntimeError("These tests need uv: https://docs.astral.sh/uv/")
    return path


def with_uv_on_path(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which the command `uv` is the one that runs these tests.

    The Makefile finds uv in .tools/, too, but a pre-commit hook asks the PATH only.
    """
    folder = str(Path(find_uv()).parent)
    return {**environment, "PATH": os.pathsep.join([folder, environment.get("PATH", "")])}


@contextmanager
def uv_hidden(folder: Path) -> Iterator[None]:
    """Make this a machine without uv on its PATH, for the time of a with block.

    A command of that name which fails comes first on the PATH. To leave out the folder
    that uv is in would leave out whatever else is in there, such as Python.

    Args:
        folder: Where the failing commands go.
    """
    uv = _search_uv()
    if uv is None:
        yield
        return
    for name in ("uv", "uvx"):
        shim = folder / name
        shim.write_text('#!/bin/sh\necho "uv is not on the PATH" >&2\nexit 127\n', "utf-8")
        shim.chmod(0o755)
    path = os.pathsep.join([str(folder), os.environ["PATH"]])
    with patch.dict(os.environ, {"UV": uv, "PATH": path}):
        yield


def _search_uv() -> str | None:
    in_tools = str(TEMPLATE / ".tools" / "bin")
    return os.environ.get("UV") or shutil.which("uv") or shutil.which("uv", path=in_tools)
