"""The commands that people are told to run: the same bake once more."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Container, Mapping
from typing import Any, Final

from .checks import CHECKS, TO_FILL_IN

_JINJA: Final = ("{{", "{%", "{#")


def command_with_answers(answers: Mapping[str, Any], wrong: Container[str]) -> str:
    """Return the command that bakes with the right answers, and a mark in the place of each wrong one.

    It is empty where the bake is not cookiecutter's: cruft has a command line of its own.
    """
    if "_output_dir" not in answers:
        return ""
    is_here = answers["_output_dir"] == os.getcwd()
    words = [*_begin(answers), "--no-input", *([] if is_here else _name_folder(answers))]
    given = [
        f"{question}={_quote(TO_FILL_IN if question in wrong else _verbatim(answers[question]))}"
        for question in CHECKS
    ]
    return " ".join([*map(_quote, words), *given])


def command_to_finish(answers: Mapping[str, Any]) -> str:
    """Return the command that adds what is missing in a project, or nothing if cruft makes it."""
    if "_output_dir" not in answers:
        return ""
    words = [*_begin(answers), "--replay", *_name_folder(answers)]
    return " ".join(map(_quote, [*words, "--overwrite-if-exists", "--skip-if-file-exists"]))


def _begin(answers: Mapping[str, Any]) -> list[str]:
    checkout = answers.get("_checkout")  # Older cookiecutters do not tell.
    version = ["--checkout", checkout] if checkout else []
    return [*_find_cookiecutter(), answers["_template"], *version]


def _find_cookiecutter() -> list[str]:
    # uvx has its own cookiecutter first on the PATH, for the time of the command only.
    if "UV" in os.environ and shutil.which("uvx"):
        return ["uvx", "cookiecutter"]
    if shutil.which("cookiecutter"):
        return ["cookiecutter"]
    return [sys.executable, "-m", "cookiecutter"]


def _name_folder(answers: Mapping[str, Any]) -> list[str]:
    return ["--output-dir", answers["_output_dir"]]


def _verbatim(answer: str) -> str:
    """Return what to write for an answer: cookiecutter renders those of its command line."""
    return f"{{{{ {answer!r} }}}}" if any(mark in answer for mark in _JINJA) else answer


def _quote(word: str) -> str:
    return subprocess.list2cmdline([word]) if sys.platform == "win32" else shlex.quote(word)
