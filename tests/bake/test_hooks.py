"""What the hooks say, and what they are made of."""

import ast
import json
import sys
from pathlib import Path

import pytest

from tests.conftest import Bake
from tests.support.baking import TEMPLATE, run_cookiecutter
from tests.support.sources import calls, imports, parse


def test_the_hook_says_what_to_do_next(bake_anew: Bake, capfd: pytest.CaptureFixture[str]) -> None:
    project = bake_anew()
    said = capfd.readouterr().out
    assert f"Your app is in {project.path}" in said
    assert f'cd "{project.path}"' in said
    assert "uv run streamlit run app.py --server.address localhost" in said
    assert "test1, test2 (each name is also its password)" in said
    assert "uv run pytest" in said


def test_without_demo_users_the_hook_says_how_to_add_one(
    bake_anew: Bake, capfd: pytest.CaptureFixture[str]
) -> None:
    project = bake_anew(demo_users="")
    said = capfd.readouterr().out
    assert "uv run python manage.py add-user NAME" in said
    assert "Log in as" not in said
    assert json.loads(project.read("seeds/users.json")) == {}


def test_a_hook_that_cannot_write_says_so(tmp_path: Path) -> None:
    project = tmp_path / "streamlit_auth_app"
    project.mkdir()
    (project / "views").write_text("a file, where a folder has to be", encoding="utf-8")
    result = run_cookiecutter(tmp_path, "--overwrite-if-exists")
    assert result.returncode == 1
    assert "ERROR: The project could not be finished" in result.stderr


def test_hooks_and_answers_need_nothing_that_cookiecutter_does_not_bring() -> None:
    brought = {*sys.stdlib_module_names, "cookiecutter", "jinja2", "slugify"}
    assert imports(TEMPLATE / "local_extensions.py") <= brought
    for hook in (TEMPLATE / "hooks").iterdir():
        if hook.suffix == ".py":
            assert imports(hook) <= sys.stdlib_module_names
            assert not imports(hook) & {"subprocess", "pty", "fcntl", "pwd", "grp", "resource"}


def test_hooks_name_the_encoding_and_line_end_of_every_file() -> None:
    for file in [*(TEMPLATE / "hooks").glob("*.py"), TEMPLATE / "local_extensions.py"]:
        for name, keywords in (
            ("open", {"encoding"}),
            ("read_text", {"encoding"}),
            ("write_text", {"encoding", "newline"}),
        ):
            for call in calls(parse(file), name):
                assert keywords <= {keyword.arg for keyword in call.keywords}, ast.unparse(call)
