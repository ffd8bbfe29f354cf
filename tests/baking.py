"""Bake the template without the machine's own cookiecutter settings."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

TEMPLATE = Path(__file__).parent.parent
CACHES = {"__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".venv"}

COMBINATIONS = [
    {"store_backend": store_backend, "cookie_transport": cookie_transport}
    for store_backend in ("memory", "mysql")
    for cookie_transport in ("component", "http_only")
]

# Two with every store, transport and dependency between them, where four would take too long.
DIAGONAL = [COMBINATIONS[0], COMBINATIONS[3]]

# Answers that a template is likely to break on.
AWKWARD_NAME = r"""O'Brien's "C:\new" {{ 7*7 }} ''' 🎈 #1_a"""
AWKWARD_DESCRIPTION = r"""Says "hi" & 'bye', \n \\, {% raw %} 日本語, $x$ :red[x] <b> ''' 🎈"""
AWKWARD_TITLES = [
    *("Calendar", "Email", "Profile", "Statistics", "Class", "Import", "__init__"),
    *('Sales & "Margin"', "Über uns", "日本語", "Q&A", "O'Brien", "C:\\new", "{{ 7*7 }}"),
    *("a '''", '"""b', "c\\", "{% raw %}", "{# d #}", "$e$ `f` *g* [h](i)", "1", "#2", "x" * 100),
]


def combination_id(answers: dict[str, str]) -> str:
    """Return the name of a combination in the names of tests."""
    return "-".join(answers.values())


def bake_into(folder: Path, **answers: str) -> Path:
    """Bake a project with the command that a user would give, and return its folder.

    Args:
        folder: Where the project's folder goes.
        answers: What differs from the defaults.
    """
    result = run_cookiecutter(folder, **answers)
    if result.returncode:
        raise RuntimeError(f"cookiecutter failed:\n{result.stdout}{result.stderr}")
    (project,) = (path for path in folder.iterdir() if path.is_dir() and path.name != "home")
    return project


def run_cookiecutter(
    folder: Path, *options: str, template: Path | str = TEMPLATE, **answers: str
) -> subprocess.CompletedProcess[str]:
    """Run the cookiecutter command with a home of its own."""
    return subprocess.run(
        [
            *(sys.executable, "-m", "cookiecutter", str(template), "--no-input"),
            *("--output-dir", str(folder), *options),
            *(f"{name}={answer}" for name, answer in answers.items()),
        ],
        env=isolated_environment(folder),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def verbatim(answer: str) -> str:
    """Return what stands for an answer where cookiecutter renders it, as on its command line."""
    return f"{{{{ {answer!r} }}}}"


def files_in(folder: Path) -> set[str]:
    """Return the paths of all files in a folder, without those that tools leave there."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not CACHES.intersection(path.parts)
    }


def isolated_environment(folder: Path) -> dict[str, str]:
    """Return the environment with a home inside of a folder."""
    home = folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    return {**os.environ, "HOME": str(home), "USERPROFILE": str(home), "PYTHONUTF8": "1"}


def find_uv() -> str:
    """Return the path of uv: the one that runs these tests, or the one on the path."""
    path = os.environ.get("UV") or shutil.which("uv")
    if path is None:
        raise RuntimeError("These tests need uv: https://docs.astral.sh/uv/")
    return path
