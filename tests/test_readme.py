"""What the README of a generated project says, done as it says."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from app_server import running
from baking import TEMPLATE, bake_into
from visitor import Tab

QUESTIONS = json.loads((TEMPLATE / "cookiecutter.json").read_text(encoding="utf-8"))
KINDS = [
    {"store_backend": backend, "cookie_transport": transport}
    for backend in QUESTIONS["store_backend"]
    for transport in QUESTIONS["cookie_transport"]
]
SETTINGS = """
import json
from auth.settings import Settings
print(json.dumps({name: str(field.default) for name, field in Settings.model_fields.items()}))
"""


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: "-".join(kind.values()))
def baked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of each kind."""
    return bake_into(tmp_path_factory.mktemp("readme"), **request.param)


def readme_of(project: Path) -> str:
    return (project / "README.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def test_the_table_has_every_setting_with_its_default(baked: Path) -> None:
    output = subprocess.run(
        [sys.executable, "-c", SETTINGS], cwd=baked, capture_output=True, text=True, check=True
    ).stdout
    in_code = {name.upper(): default for name, default in json.loads(output).items()}
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.*?) \|", readme_of(baked), re.MULTILINE)
    in_readme = {name: default.strip("`") for name, default in rows}
    assert in_readme.keys() == in_code.keys()
    words = {"None": "unset", "True": "true", "**********": "empty", "": "empty"}
    for name, default in in_code.items():
        said = words.get(default, default)
        assert in_readme[name] == said or Path(said) == baked / in_readme[name], name


def test_the_layout_is_even(baked: Path) -> None:
    text = readme_of(baked)
    assert "\n\n\n" not in text
    assert not re.search(r"[ \t]$", text, re.MULTILINE)
    assert text.endswith(".\n")
    assert len(re.findall(r"^```", text, re.MULTILINE)) % 2 == 0
    headings = re.findall(r"\n(.*)\n#", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    assert set(headings) == {""}


def test_every_command_of_manage_py_is_there(baked: Path) -> None:
    commands = re.findall(r"python manage\.py ([a-z-]+)", readme_of(baked))
    assert commands
    for command in set(commands):
        subprocess.run(
            [sys.executable, "manage.py", command, "--help"],
            cwd=baked,
            capture_output=True,
            check=True,
        )


def test_every_file_that_it_names_is_there(baked: Path) -> None:
    names = re.findall(r"`([\w./-]+\.(?:py|json|toml|yaml|example|txt))`", readme_of(baked))
    made_by_hand = {"views/new_page.py", ".streamlit/secrets.toml"}
    for name in set(names) - made_by_hand:
        assert list(baked.rglob(name)), name


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
