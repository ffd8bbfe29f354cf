"""The commands that people are told to run."""

import os
import shlex
import sys
from pathlib import Path

import pytest

from answers.again import command_to_finish, command_with_answers
from tests.answers.test_checks import GOOD

OF_COOKIECUTTER = {"_template": "gh:OWNER/name", "_checkout": None, "_output_dir": os.getcwd()}
ANSWERS = GOOD | OF_COOKIECUTTER

in_a_shell = pytest.mark.skipif(sys.platform == "win32", reason="the quotes are of a POSIX shell")


@pytest.fixture(autouse=True)
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the PATH, with cookiecutter in it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("UV", raising=False)
    add_program(tmp_path, "cookiecutter")
    return tmp_path


def add_program(folder: Path, name: str) -> None:
    (folder / name).touch(mode=0o755)


@in_a_shell
def test_the_command_has_every_answer_and_marks_the_wrong_ones() -> None:
    command = command_with_answers(ANSWERS, {"pages", "demo_users"})
    assert command == (
        "cookiecutter gh:OWNER/name --no-input project_name=Sales project_slug=sales "
        "description='About sales.' pages='???' store_backend=memory cookie_transport=component "
        "accounts=pages demo_users='???' session_hours=24"
    )


@in_a_shell
def test_the_command_names_the_version_and_the_folder_that_were_asked_for() -> None:
    asked = {"_checkout": "1.0.0", "_output_dir": "/srv/new apps"}
    command = command_with_answers(ANSWERS | asked, {})
    assert "gh:OWNER/name --checkout 1.0.0 --no-input --output-dir '/srv/new apps' " in command


@in_a_shell
@pytest.mark.parametrize("text", ['O\'Brien & "Co" $x', "🎈 日本語", ""])
def test_a_shell_reads_the_answer_as_it_was(text: str) -> None:
    command = command_with_answers(ANSWERS | {"description": text}, {})
    assert f"description={text}" in shlex.split(command)


@in_a_shell
@pytest.mark.parametrize("text", ["{{ 7*7 }}", "{% raw %}'", "{# a #}\\"])
def test_what_cookiecutter_would_render_is_written_so_that_it_stays(text: str) -> None:
    command = command_with_answers(ANSWERS | {"description": text}, {})
    assert f"description={{{{ {text!r} }}}}" in shlex.split(command)


@in_a_shell
def test_who_came_by_uv_is_given_its_command(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV", "/somewhere/uv")
    assert command_with_answers(ANSWERS, {}).startswith("cookiecutter gh:")
    add_program(programs, "uvx")
    assert command_with_answers(ANSWERS, {}).startswith("uvx cookiecutter gh:")


@in_a_shell
def test_where_no_program_is_on_the_path_this_python_has_it(programs: Path) -> None:
    (programs / "cookiecutter").unlink()
    assert command_with_answers(ANSWERS, {}).startswith(f"{sys.executable} -m cookiecutter gh:")


@in_a_shell
def test_the_command_that_finishes_a_project() -> None:
    answers = ANSWERS | {"_output_dir": "C:\\new folder", "_checkout": "1.0.0"}
    assert command_to_finish(answers) == (
        "cookiecutter gh:OWNER/name --checkout 1.0.0 --replay --output-dir 'C:\\new folder' "
        "--overwrite-if-exists --skip-if-file-exists"
    )


def test_cruft_has_a_command_line_of_its_own() -> None:
    assert command_with_answers(GOOD, {}) == command_to_finish(GOOD) == ""
