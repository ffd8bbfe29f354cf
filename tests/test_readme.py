"""What the README of a generated project says, done as it says."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from app_server import running
from baking import DIAGONAL, bake_into, combination_id
from visitor import Tab

SETTINGS = """
import json
from auth.settings import Settings
print(json.dumps({name: str(field.default) for name, field in Settings.model_fields.items()}))
"""


def readme_of(project: Path) -> str:
    return (project / "README.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def test_the_table_has_every_setting_with_its_default(project: Path) -> None:
    output = subprocess.run(
        [sys.executable, "-c", SETTINGS], cwd=project, capture_output=True, text=True, check=True
    ).stdout
    in_code = {name.upper(): default for name, default in json.loads(output).items()}
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.*?) \|", readme_of(project), re.MULTILINE)
    in_readme = {name: default.strip("`") for name, default in rows}
    assert in_readme.keys() == in_code.keys()
    words = {"None": "unset", "True": "true", "**********": "empty", "": "empty"}
    for name, default in in_code.items():
        said = words.get(default, default)
        assert in_readme[name] == said or Path(said) == project / in_readme[name], name


def test_the_layout_is_even(project: Path) -> None:
    text = readme_of(project)
    assert "\n\n\n" not in text
    assert not re.search(r"[ \t]$", text, re.MULTILINE)
    assert text.endswith(".\n")
    assert len(re.findall(r"^```", text, re.MULTILINE)) % 2 == 0
    headings = re.findall(r"\n(.*)\n#", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    assert set(headings) == {""}


def test_every_command_of_manage_py_is_there(project: Path) -> None:
    output = subprocess.run(
        [sys.executable, "manage.py", "--help"],
        cwd=project,
        capture_output=True,
        encoding="utf-8",
        check=True,
    ).stdout
    commands = dict(re.findall(r"^  ([a-z-]+) +(\S+)", output.split("Commands:")[1], re.MULTILINE))
    # Where sessions are out of reach, a command for them is there to say so.
    useful = {command for command, help_text in commands.items() if help_text != "Say"}
    assert set(re.findall(r"python manage\.py ([a-z-]+)", readme_of(project))) == useful


@pytest.mark.parametrize("answers", DIAGONAL, indirect=True, ids=combination_id)
def test_the_commands_for_users_work_one_after_the_other(
    project: Path, tmp_path: Path, environment: dict[str, str]
) -> None:
    copy = Path(shutil.copytree(project, tmp_path / project.name))
    block = blocks(readme_of(project).split("\n## Users\n")[1], "sh")[0]
    said = ""
    for line in block.splitlines():
        command = shlex.split(line.removeprefix("uv run python "), comments=True)
        said += subprocess.run(
            [sys.executable, *command],
            cwd=copy,
            env=os.environ | environment,
            input="a long password\n" * 2,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            check=True,
            # Without a terminal a password is read from standard input.
            start_new_session=True,
        ).stdout
    assert "Added ann." in said
    assert "\nann\ntest2\n" in said


def test_every_file_that_it_names_is_there(project: Path) -> None:
    names = re.findall(r"`([\w./-]+\.(?:py|json|toml|yaml|example|txt))`", readme_of(project))
    made_by_hand = {"views/new_page.py", ".streamlit/secrets.toml"}
    for name in set(names) - made_by_hand:
        assert list(project.rglob(name)), name


def test_a_page_added_as_it_says_is_behind_the_login(
    tmp_path: Path, new_browser: Callable[..., Callable[[], Tab]]
) -> None:
    project = bake_into(tmp_path)
    view, list_of_pages = blocks(readme_of(project), "python")
    (line,) = re.findall(r" +st\.Page\(.*\n", list_of_pages)
    (project / "views" / "new_page.py").write_text(view, encoding="utf-8")
    app = project / "app.py"
    source = app.read_text(encoding="utf-8")
    app.write_text(source.replace("\n]\n", f"\n{line}]\n"), encoding="utf-8")
    with running(project) as server:
        tab = new_browser()()
        tab.open(f"{server.url}/new_page").sees_login_form()
        tab.log_in("test1")
        tab.sees_page("New page")
        tab.follow("Home")
        tab.sees_page("Home")
        tab.follow("New page")
        tab.sees_page("New page")
        assert tab.path == "/new_page"
