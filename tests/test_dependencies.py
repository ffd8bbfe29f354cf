"""The versions that a generated project says it works with: the oldest ones and the newest."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from baking import COMBINATIONS, DIAGONAL, bake_into, combination_id, find_uv
from packaging.requirements import Requirement
from packaging.version import Version

OLDEST_PYTHON = "3.11"
NEWER_PYTHONS = ["3.14", "3.13", "3.12"]
CHECKS = ["ruff check", "ruff format --check", "mypy .", "pytest -q"]


@pytest.fixture(params=DIAGONAL, ids=combination_id)
def fresh_project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A project that a test may install things into."""
    return bake_into(tmp_path, **request.param)


def test_the_oldest_versions_on_the_oldest_python_pass_everything(fresh_project: Path) -> None:
    oldest = ["--python", OLDEST_PYTHON, "--resolution", "lowest-direct"]
    uv(fresh_project, "sync", *oldest)
    installed = versions_in(fresh_project)
    for requirement in requirements_of(fresh_project):
        (bound,) = requirement.specifier
        # Another package that asks for more would make the bound a promise that nobody tests.
        assert installed[requirement.name.lower()] == Version(bound.version), requirement
    for command in CHECKS:
        uv(fresh_project, "run", "--no-sync", *command.split())


def test_the_newest_versions_on_the_newest_python_pass_everything(fresh_project: Path) -> None:
    for command in CHECKS:
        uv(fresh_project, "run", "--python", newest_python(), *command.split())
    for command in ("init --quiet", "add --all"):
        subprocess.run(["git", *command.split()], cwd=fresh_project, check=True)
    uv(fresh_project, "tool", "run", "pre-commit", "run", "--all-files")


def test_these_two_projects_have_every_dependency(tmp_path: Path) -> None:
    def requirements(kind: dict[str, str]) -> set[str]:
        project = bake_into(tmp_path / "-".join(kind.values()), **kind)
        return {str(requirement) for requirement in requirements_of(project)}

    first, *others, last = map(requirements, COMBINATIONS)
    assert [COMBINATIONS[0], COMBINATIONS[-1]] == DIAGONAL
    for other in others:
        assert other <= first | last


def test_a_warning_fails_the_tests_of_a_project(tmp_path: Path) -> None:
    project = bake_into(tmp_path)
    (project / "tests" / "test_warning.py").write_text(
        "import warnings\n\n\n"
        "def test_warns() -> None:\n"
        '    warnings.warn("old", DeprecationWarning, stacklevel=1)\n',
        encoding="utf-8",
    )
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "tests/test_warning.py"],
        cwd=project,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 1
    assert "DeprecationWarning: old" in result.stdout


def requirements_of(project: Path) -> list[Requirement]:
    """Return what a project needs to run and to be tested."""
    settings = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    lines = settings["project"]["dependencies"] + settings["dependency-groups"]["dev"]
    return [Requirement(line) for line in lines]


def versions_in(project: Path) -> dict[str, Version]:
    """Return the version of every package in a project's environment."""
    lines = uv(project, "pip", "freeze", "--python", ".venv").splitlines()
    pairs = (line.split("==") for line in lines)
    return {name.lower(): Version(version) for name, version in pairs}


def newest_python() -> str:
    """Return the newest Python on this machine that uv finds, or the one of these tests."""
    for version in NEWER_PYTHONS:
        if version == ".".join(map(str, sys.version_info[:2])):
            return sys.executable
        command = [find_uv(), "python", "find", "--no-project", version]
        found = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        if found.returncode == 0:
            return found.stdout.strip()
    return sys.executable


def uv(project: Path, *command: str) -> str:
    """Run uv in a project as its owner would, and return what it printed."""
    ours = ("VIRTUAL_ENV", "PYTHONPATH", "PYTEST_ADDOPTS", "UV_PYTHON")
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    result = subprocess.run(
        [find_uv(), *command],
        cwd=project,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 0, f"{command}\n{result.stdout}{result.stderr}"
    return result.stdout
