"""Bake the template without the machine's own cookiecutter settings."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from answers.origin import CRUFT_FILE
from tests.support.modules import App, imported
from tests.support.servers import AppServer, running

TEMPLATE = Path(__file__).parents[2]
CACHES = {"__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".venv"}

COMBINATIONS = [
    {"store_backend": store_backend, "cookie_transport": cookie_transport}
    for store_backend in ("memory", "sqlite", "mysql", "postgresql")
    for cookie_transport in ("component", "http_only")
]

# One of each store, with both transports between them. The others are for the sweep.
TRANSPORTS = {
    "memory": "component",
    "sqlite": "http_only",
    "mysql": "http_only",
    "postgresql": "component",
}
ONE_OF_EACH = [
    {"store_backend": store, "cookie_transport": transport}
    for store, transport in TRANSPORTS.items()
]
THE_OTHERS = [answers for answers in COMBINATIONS if answers not in ONE_OF_EACH]

# The answers that nobody has to give.
DEFAULTS = {**COMBINATIONS[0], "accounts": "pages"}

# Two with both transports between them, without a database and with one, where four would take
# too long.
DIAGONAL = ONE_OF_EACH[::2]

# Answers that a template is likely to break on.
AWKWARD_NAME = r"""O'Brien's "C:\new" {{ 7*7 }} ''' 🎈 #1_a"""
AWKWARD_DESCRIPTION = r"""Says "hi" & 'bye', \n \\, {% raw %} 日本語, $x$ :red[x] <b> ''' 🎈"""
AWKWARD_TITLES = [
    *("Calendar", "Email", "Profile", "Statistics", "Class", "Import", "__init__"),
    *('Sales & "Margin"', "Über uns", "日本語", "Q&A", "O'Brien", "C:\\new", "{{ 7*7 }}"),
    *("a '''", '"""b', "c\\", "{% raw %}", "{# d #}", "$e$ `f` *g* [h](i)", "1", "#2", "x" * 100),
]


def combination_id(answers: Mapping[str, str]) -> str:
    """Return the name of a combination in the names of tests."""
    return "-".join(answers.values())


def verbatim(answer: str) -> str:
    """Return what stands for an answer where cookiecutter renders it, as on its command line."""
    return f"{{{{ {answer!r} }}}}"


AWKWARD_ANSWERS = {
    "project_name": verbatim(AWKWARD_NAME),
    "project_slug": "awkward",
    "description": verbatim(AWKWARD_DESCRIPTION),
    "pages": verbatim(", ".join(AWKWARD_TITLES)),
}


@dataclass(frozen=True)
class BakedProject:
    """A generated project, and the answers that it was made from.

    Those that it was not given are the template's defaults.
    """

    path: Path
    answers: Mapping[str, str]

    def __truediv__(self, file: str) -> Path:
        return self.path / file

    def read(self, file: str) -> str:
        return (self.path / file).read_text(encoding="utf-8")

    def write(self, file: str, text: str) -> None:
        (self.path / file).write_text(text, encoding="utf-8", newline="\n")

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace a part of a file, which has to be there."""
        text = self.read(file)
        if old not in text:
            raise ValueError(f"{file} does not have {old!r}")
        self.write(file, text.replace(old, new))

    def files(self) -> set[str]:
        """Return the paths of all files, without those of tools."""
        return files_in(self.path)

    def copy(self, folder: Path) -> "BakedProject":
        """Return a copy in another folder, for a test to change."""
        copy = shutil.copytree(
            self.path,
            folder / self.path.name,
            ignore=shutil.ignore_patterns(*CACHES),
            # With times of its own: mypy takes two files of one path, size and second for the same.
            copy_function=shutil.copy,
        )
        return BakedProject(copy, self.answers)

    def python(
        self, *arguments: str, environment: Mapping[str, str] | None = None, stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run Python in the project, with the packages of these tests.

        Args:
            arguments: What comes after `python`.
            environment: What differs from the environment of the tests.
            stdin: What a person would type.
        """
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self.path,
            env={**os.environ, **(environment or {})},
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            check=False,
            # Without a terminal a password is read from standard input.
            start_new_session=True,
        )

    def passes(
        self, tool: str, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> None:
        """Expect that a tool finds nothing wrong with the project."""
        _output_of(self.python("-m", tool, *arguments, environment=environment))

    def manage(
        self, *arguments: str, environment: Mapping[str, str] | None = None, stdin: str = ""
    ) -> str:
        """Run a command of manage.py that succeeds, and return what it printed."""
        return _output_of(
            self.python("manage.py", *arguments, environment=environment, stdin=stdin)
        )

    def server(
        self, environment: Mapping[str, str] | None = None, base_path: str = ""
    ) -> AbstractContextManager[AppServer]:
        """Serve the project for the time of a with block."""
        return running(AppServer(self.path, environment, base_path))

    def modules(self, environment: Mapping[str, str] | None = None) -> AbstractContextManager[App]:
        """Import the project's modules for the time of a with block."""
        return imported(self.path, environment or {})


def _output_of(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 0, f"{result.args}\n{result.stdout}{result.stderr}"
    return result.stdout


def bake_into(folder: Path, **answers: str) -> BakedProject:
    """Bake a project with the command that a user would give.

    Args:
        folder: Where the project's folder goes.
        answers: What differs from the defaults.
    """
    result = run_cookiecutter(folder, **answers)
    if result.returncode:
        raise RuntimeError(f"cookiecutter failed:\n{result.stdout}{result.stderr}")
    (project,) = (path for path in folder.iterdir() if path.is_dir() and path.name != "home")
    return BakedProject(project, {**DEFAULTS, **answers})


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


def run_module(
    folder: Path, environment: Mapping[str, str], *command: str, typed: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a Python module in a folder, with what somebody types there."""
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env=environment,
        input=typed,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def files_in(folder: Path) -> set[str]:
    """Return the paths of all files in a folder, without those of tools."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not {*CACHES, CRUFT_FILE}.intersection(path.parts)
    }


def isolated_environment(folder: Path) -> dict[str, str]:
    """Return the environment with a home inside of a folder."""
    home = folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    return {**os.environ, "HOME": str(home), "USERPROFILE": str(home), "PYTHONUTF8": "1"}
