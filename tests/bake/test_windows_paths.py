"""No path that a person on Windows could not have."""

import re
import subprocess
from collections.abc import Collection
from pathlib import PurePosixPath

from tests.support.baking import TEMPLATE, BakedProject

DEVICES = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)),
}


def test_no_path_of_the_template_is_illegal_on_windows() -> None:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=TEMPLATE, capture_output=True, check=True).stdout
    paths = listing.decode().rstrip("\0").split("\0")
    assert "cookiecutter.json" in paths
    assert_legal_on_windows(paths)


def test_no_path_of_a_project_is_illegal_on_windows(
    default_project: BakedProject, awkward_project: BakedProject
) -> None:
    assert_legal_on_windows(default_project.files())
    assert_legal_on_windows(awkward_project.files())


def assert_legal_on_windows(paths: Collection[str]) -> None:
    for path in paths:
        assert len(path) < 150, path
        for part in PurePosixPath(path).parts:
            assert not re.search(r'[<>:"|?*\\\x00-\x1f]|[. ]$', part), path
            assert part.split(".")[0].lower() not in DEVICES, path
    assert len({path.lower() for path in paths}) == len(paths)
