"""The versions that a generated project says it works with: the oldest ones and the newest."""

import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tests.conftest import Bake
from tests.support.baking import COMBINATIONS, DIAGONAL, BakedProject, combination_id
from tests.support.sweep import sweep
from tests.support.uv import find_uv, with_uv_on_path

PROJECTS = [*DIAGONAL, {"store_backend": "postgresql", "cookie_transport": "component"}]
OLDEST_PYTHON = "3.11"
NEWER_PYTHONS = ["3.14", "3.13", "3.12"]

# The owner's own environment is not that of these tests.
OF_THESE_TESTS = ("VIRTUAL_ENV", "PYTHONPATH", "PYTEST_ADDOPTS", "UV_PYTHON")

Uv = Callable[..., str]


@pytest.fixture(params=PROJECTS, ids=combination_id)
def fresh_project(request: pytest.FixtureRequest, bake: Bake, tmp_path: Path) -> BakedProject:
    """A project that a test may install things into."""
    return bake(**request.param).copy(tmp_path)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the projects of this module install their packages, and mypy keeps what it found.

    uv changes an environment into exactly what a project asks for. Most packages are the
    same for all of them, and so is what mypy has to say about those.
    """
    return tmp_path_factory.mktemp("installed")


@pytest.fixture
def uv(fresh_project: BakedProject, installed: Path) -> Uv:
    """Return a function that runs uv in the project as its owner would."""
    environment = {
        **{name: value for name, value in os.environ.items() if name not in OF_THESE_TESTS},
        "UV_PROJECT_ENVIRONMENT": str(installed / "venv"),
        "MYPY_CACHE_DIR": str(installed / "mypy"),
    }

    def uv(*command: str) -> str:
        result = subprocess.run(
            [find_uv(), *command],
            cwd=fresh_project.path,
            env=with_uv_on_path(environment),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert result.returncode == 0, f"{command}\n{result.stdout}{result.stderr}"
        return result.stdout

    return uv


@sweep
def test_the_oldest_versions_on_the_oldest_python_pass_everything(
    fresh_project: BakedProject, installed: Path, uv: Uv
) -> None:
    uv("sync", "--python", OLDEST_PYTHON, "--resolution", "lowest-direct")
    lines = uv("pip", "freeze", "--python", str(installed / "venv")).splitlines()
    versions = dict(line.lower().split("==") for line in lines)
    for requirement in requirements_of(fresh_project):
        (bound,) = (each for each in requirement.specifier if each.operator == ">=")
        # Another package that asks for more would make the bound a promise that nobody tests.
        assert Version(versions[requirement.name.lower()]) == Version(bound.version), requirement
    for command in ("ruff check", "ruff format --check", "mypy .", "pytest -q tests auth"):
        uv("run", "--no-sync", *command.split())


@sweep
def test_the_newest_versions_on_the_newest_python_pass_everything(
    fresh_project: BakedProject, uv: Uv
) -> None:
    uv("run", "--python", newest_python(), "pytest", "-q", "tests", "auth")
    # The hooks are the linter, the formatter and the type checker of pyproject.toml.
    for command in ("init --quiet", "add --all"):
        subprocess.run(["git", *command.split()], cwd=fresh_project.path, check=True)
    uv("tool", "run", "pre-commit", "run", "--all-files")


def test_the_hooks_of_a_commit_are_the_checks_of_the_readme(fresh_project: BakedProject) -> None:
    hooks = fresh_project.read(".pre-commit-config.yaml")
    for command in ("ruff check", "ruff format", "mypy ."):
        assert f"entry: uv run {command}" in hooks
        assert f"uv run {command}" in fresh_project.read("README.md")


def test_these_projects_have_every_dependency(bake: Bake) -> None:
    def needed_by(combinations: list[dict[str, str]]) -> set[str]:
        projects = [bake(**answers) for answers in combinations]
        return {str(needed) for project in projects for needed in requirements_of(project)}

    assert needed_by(PROJECTS) == needed_by(COMBINATIONS)


def test_a_warning_fails_the_tests_of_a_project(bake: Bake, tmp_path: Path) -> None:
    project = bake().copy(tmp_path)
    project.write(
        "tests/test_warning.py",
        "import warnings\n\n\n"
        "def test_warns() -> None:\n"
        '    warnings.warn("old", DeprecationWarning, stacklevel=1)\n',
    )
    result = project.python("-m", "pytest", "-q", "tests/test_warning.py")
    assert result.returncode == 1
    assert "DeprecationWarning: old" in result.stdout


def requirements_of(project: BakedProject) -> list[Requirement]:
    """Return what a project needs to run and to be tested."""
    settings = tomllib.loads(project.read("pyproject.toml"))
    lines = settings["project"]["dependencies"] + settings["dependency-groups"]["dev"]
    return [Requirement(line) for line in lines]


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
