"""A bake over a project that already exists."""

from pathlib import Path

import pytest

from tests.support.baking import COMBINATIONS, BakedProject, combination_id, run_cookiecutter

AGAIN = ("--overwrite-if-exists", "--skip-if-file-exists")


@pytest.mark.parametrize("answers", COMBINATIONS, ids=combination_id)
def test_every_edit_in_every_file_is_kept_and_no_other_file_comes(
    answers: dict[str, str], tmp_path: Path
) -> None:
    assert run_cookiecutter(tmp_path, **answers).returncode == 0
    project = BakedProject(tmp_path / "streamlit_auth_app", answers)
    for file in project.files():
        project.write(file, project.read(file) + "mine\n")
    edited = {file: project.read(file) for file in project.files()}
    result = run_cookiecutter(tmp_path, *AGAIN, **answers)
    assert result.returncode == 0, result.stderr
    assert {file: project.read(file) for file in project.files()} == edited


def test_a_file_that_is_missing_comes_back(tmp_path: Path) -> None:
    assert run_cookiecutter(tmp_path).returncode == 0
    project = tmp_path / "streamlit_auth_app"
    (project / "auth" / "gate.py").unlink()
    assert run_cookiecutter(tmp_path, *AGAIN).returncode == 0
    assert (project / "auth" / "gate.py").exists()
