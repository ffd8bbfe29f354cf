"""What has to agree before a version is released."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.support.baking import TEMPLATE

CHANGELOG = """# Changelog

## [Unreleased]

## [1.2.0] - 2026-03-01

### Added

- The new.

## [1.1.0] - 2026-02-01

- The old.
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository whose version 1.2.0 is ready."""
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "1.2.0"\n', encoding="utf-8")
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG, encoding="utf-8")
    shutil.copytree(TEMPLATE / "scripts", tmp_path / "scripts")
    return tmp_path


def notes(root: Path, version: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scripts.release_notes", version],
        cwd=root,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_the_notes_are_the_part_of_the_changelog(root: Path) -> None:
    result = notes(root, "1.2.0")
    assert result.returncode == 0
    assert result.stdout == "### Added\n\n- The new.\n"


def test_a_tag_that_is_not_the_version_is_refused(root: Path) -> None:
    result = notes(root, "1.1.0")
    assert result.returncode == 1
    assert result.stderr == "ERROR: The tag is 1.1.0, but pyproject.toml says 1.2.0.\n"


def test_a_version_without_a_day_in_the_changelog_is_refused(root: Path) -> None:
    changelog = CHANGELOG.replace("2026-03-01", "unreleased")
    (root / "CHANGELOG.md").write_text(changelog, encoding="utf-8")
    result = notes(root, "1.2.0")
    assert result.returncode == 1
    assert result.stderr == "ERROR: CHANGELOG.md has no heading for 1.2.0 with a day.\n"


def test_the_workflow_checks_and_tests_before_it_releases() -> None:
    file = TEMPLATE / ".github" / "workflows" / "release.yml"
    jobs = yaml.safe_load(file.read_text(encoding="utf-8"))["jobs"]
    commands = [step["run"] for step in jobs["test"]["steps"] if "run" in step]
    assert commands == ['python3 -m scripts.release_notes "$GITHUB_REF_NAME"', "make test-all"]
    assert jobs["release"]["needs"] == "test"
