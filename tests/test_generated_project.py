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
    DIAGONAL,
    TEMPLATE,
    combination_id,
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

# test_dependencies.py runs the tests of these, with the oldest versions and with the newest.
RUN_ELSEWHERE = [combination_id(answers) for answers in DIAGONAL]


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


@pytest.mark.parametrize(
    "project", [name for name in ANSWERS if name not in RUN_ELSEWHERE], indirect=True
)
def test_a_project_passes_its_own_tests(project: Path) -> None:
    assert_passes(project, "pytest", "-q", "-p", "no:cacheprovider")


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
