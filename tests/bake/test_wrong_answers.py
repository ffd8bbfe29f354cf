"""Wrong answers, given together, stop a bake before anything is written."""

from pathlib import Path

import pytest

from tests.support.baking import files_in, run_cookiecutter


def test_every_wrong_answer_is_reported_at_once_and_nothing_is_left(tmp_path: Path) -> None:
    result = run_cookiecutter(
        tmp_path,
        project_name="in -> out",
        project_slug="class",
        pages="🏠, Home, home, :nope: X",
        demo_users="a b, ann, ann",
        session_hours="0",
        store_backend="oracle",
    )
    assert result.returncode == 1
    errors = [line for line in result.stderr.splitlines() if line]
    assert all(line.startswith("ERROR: The ") and line.endswith(".") for line in errors)
    named = ["->", '"class"', '"🏠"', '"Home" and "home"', '":nope: X"', '"oracle"', '"a b"']
    named += ['"ann"', '"0"']
    assert len(errors) == len(named)
    assert all(name in line for name, line in zip(named, errors, strict=True))
    assert "Nothing was generated." in result.stdout
    assert "Traceback" not in result.stdout + result.stderr
    assert left_behind(tmp_path) == set()


@pytest.mark.parametrize("slug", ["../escape", "a/b", "", "/tmp/a", "con", "a\\b"])
def test_a_slug_that_is_no_folder_name_writes_nowhere(slug: str, tmp_path: Path) -> None:
    result = run_cookiecutter(tmp_path / "out", project_slug=slug)
    assert result.returncode == 1
    assert "ERROR: The project_slug " in result.stderr
    assert "Traceback" not in result.stderr
    assert left_behind(tmp_path / "out") == set()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_choice_that_is_not_offered_leaves_nothing(tmp_path: Path) -> None:
    result = run_cookiecutter(tmp_path, store_backend="paper")
    assert result.returncode == 1
    assert (
        result.stderr.strip()
        == 'ERROR: The store_backend "paper" has to be memory, sqlite, mysql or postgresql.'
    )
    assert left_behind(tmp_path) == set()


def test_a_wrong_answer_leaves_an_older_project_alone(tmp_path: Path) -> None:
    project = tmp_path / "streamlit_auth_app"
    project.mkdir()
    (project / "mine.txt").write_text("mine", encoding="utf-8")
    result = run_cookiecutter(tmp_path, "--overwrite-if-exists", pages="!!!")
    assert result.returncode == 1
    assert files_in(project) == {"mine.txt"}


def left_behind(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"home"}
