"""Where uv is, for what calls it by its name."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path


def find_uv() -> str:
    """Return the path of uv: the one that runs these tests, or the one on the path."""
    path = os.environ.get("UV") or shutil.which("uv")
    if path is None:
        raise RuntimeError("These tests need uv: https://docs.astral.sh/uv/")
    return path


def with_uv_on_path(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which the command `uv` is the one that runs these tests.

    The Makefile finds uv in .tools/, too, but a pre-commit hook asks the PATH only.
    """
    folder = str(Path(find_uv()).parent)
    return {**environment, "PATH": os.pathsep.join([folder, environment.get("PATH", "")])}
