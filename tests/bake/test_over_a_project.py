"""A bake over a project that already exists."""

from pathlib import Path

import pytest

from tests.support.baking import (
    COMBINATIONS,
    ONE_OF_EACH,
    THE_OTHERS,
    BakedProject,
    combination_id,
    run_cookiecutter,
)
from tests.support.sweep import first_of

AGAIN = ("--overwrite-if-exists", "--skip-if-file-exists")
# What an owner may well have at the paths of answers that they did not give.
OF_THE_OWNER = {
    "memory": ["compose.yaml", ".streamlit/secrets.toml.example", "auth/stores/sql/queries.py"],
    "sqlite": [".streamlit/secrets.toml.example", "auth/stores/sql/databases/server.py"],
    "postgresql": ["auth/stores/sql/databases/mysql.py", "auth/tests/stores/sql/in_file.py"],
    "mysql": ["auth/tests/stores/memory/test_mine.py"],
    "component": ["auth/cookies/http_only/mine.py"],
    "http_only": ["auth/tests/cookies/test_component.py"],
}


@pytest.mark.parametrize("answers", first_of([*ONE_OF_EACH, *THE_OTHERS]), ids=combination_id)
def test_every_edit_in_every_file_is_kept_and_no_other_file_comes(
    answers: dict[str, str], tmp_path: Path
) -> None:
    assert run_cookiecutter(tmp_path, **answers).returncode == 0
    project = BakedProject(tmp_path / "streamlit_auth_app", answers)
    for file in project.files():
        project.write(file, project.read(file) + "# mine\n")
    for file in (file for answer in answers.values() for file in OF_THE_OWNER[answer]):
        (project / file).parent.mkdir(parents=True, exist_ok=True)
        project.write(file, "# mine\n")
    edited = contents(project)
    result = run_cookiecutter(tmp_path, *AGAIN, **answers)
    assert result.returncode == 0, result.stderr
    assert contents(project) == edited


def test_a_file_that_is_missing_comes_back(tmp_path: Path) -> None:
    assert run_cookiecutter(tmp_path).returncode == 0
    project = BakedProject(tmp_path / "streamlit_auth_app", COMBINATIONS[0])
    before = contents(project)
    for file in ("auth/gate/admission.py", "views/about.py", "seeds/users.json"):
        (project / file).unlink()
    assert run_cookiecutter(tmp_path, *AGAIN).returncode == 0
    assert contents(project) == before


def contents(project: BakedProject) -> dict[str, bytes]:
    return {file: (project / file).read_bytes() for file in project.files()}
