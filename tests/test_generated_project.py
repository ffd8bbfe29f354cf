"""Generated projects pass their own checks as they are, with no fixing step."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from baking import (
    AWKWARD_DESCRIPTION,
    AWKWARD_NAME,
    AWKWARD_TITLES,
    COMBINATIONS,
    TEMPLATE,
    combination_id,
    find_uv,
    isolated_environment,
    verbatim,
)
from pytest_cookies.plugin import Cookies

ANSWERS: dict[str, dict[str, str]] = {
    **{combination_id(answers): answers for answers in COMBINATIONS},
    "awkward": {
        "project_name": verbatim(AWKWARD_NAME),
        "project_slug": "awkward",
        "description": verbatim(AWKWARD_DESCRIPTION),
        "pages": verbatim(", ".join(AWKWARD_TITLES)),
        "session_hours": "000.250",
    },
    "one page, no user": {
        "pages": "Home",
        "demo_users": "",
        "description": "",
        "store_backend": "mysql",
        "cookie_transport": "http_only",
    },
    "fifty pages": {
        "project_name": "x" * 80,
        "project_slug": "x" * 56,
        "description": "A description that takes more than one line of code. " * 3,
        "pages": ", ".join(f":material/home: Page {'long ' * (n % 15)}{n}" for n in range(50)),
        "demo_users": ", ".join(f"user{n}@example.com" for n in range(10)),
    },
}

SLOW_OR_BELOW = {combination_id(COMBINATIONS[0]), "fifty pages"}


@pytest.fixture(scope="session", params=ANSWERS)
def project(request: pytest.FixtureRequest, cookies_session: Cookies) -> Path:
    answers = ANSWERS[request.param]
    result = cookies_session.bake(extra_context=answers, template=str(TEMPLATE))
    assert result.exception is None
    assert isinstance(result.project_path, Path)
    return result.project_path


def test_a_project_passes_its_linter(project: Path) -> None:
    assert_passes(project, "ruff", "check", "--no-cache")


def test_a_project_is_formatted(project: Path) -> None:
    assert_passes(project, "ruff", "format", "--check", "--no-cache")


def test_a_project_passes_its_type_checker(project: Path, pytestconfig: pytest.Config) -> None:
    # One cache for all projects: what takes the time is Streamlit and pandas.
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    assert pytestconfig.cache
    cache = pytestconfig.cache.mkdir(f"mypy{worker}")
    assert_passes(project, "mypy", "--cache-dir", str(cache), ".")


# The default project does it below, and fifty pages take their time.
@pytest.mark.parametrize(
    "project", [name for name in ANSWERS if name not in SLOW_OR_BELOW], indirect=True
)
def test_a_project_passes_its_own_tests(project: Path) -> None:
    assert_passes(project, "pytest", "-q", "-p", "no:cacheprovider")


def test_the_default_project_passes_everything_as_its_owner_would_run_it(
    cookies_session: Cookies, tmp_path: Path
) -> None:
    result = cookies_session.bake(template=str(TEMPLATE))
    for command in ("pytest", "ruff check", "ruff format --check", "mypy ."):
        environment = isolated_environment(tmp_path)
        for name in ("VIRTUAL_ENV", "PYTHONPATH", "PYTEST_ADDOPTS"):
            environment.pop(name, None)
        run = subprocess.run(
            [find_uv(), "run", *command.split()],
            cwd=result.project_path,
            env={**environment, "UV_CACHE_DIR": cache_of_uv()},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert run.returncode == 0, f"{command}\n{run.stdout}{run.stderr}"


def cache_of_uv() -> str:
    command = [find_uv(), "cache", "dir"]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout.strip()


def assert_passes(project: Path, *command: str) -> None:
    """Run a tool of the template's own environment in a project."""
    result = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=project,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
