"""The loader: always the package that is beside it now, and no other."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.baking import isolated_environment
from tests.support.small_template import PROJECT, make_small_template

# Renders a template, puts the other version in its place as git would, and renders it again.
TWICE = """
import os, sys, time
from pathlib import Path
from cookiecutter.main import cookiecutter

template, results = Path(sys.argv[1]), []
file = template / "answers" / "literals.py"
for version in ("one", "two"):
    text = file.read_text(encoding="utf-8").replace("one", version)
    file.write_text(text, encoding="utf-8")
    os.utime(file, (1_700_000_000, 1_700_000_000))
    project = cookiecutter(str(template), no_input=True, output_dir=sys.argv[2] + version)
    results.append((Path(project) / "version.txt").read_text(encoding="utf-8"))
print("rendered by", *results)
"""


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A template in a folder with a space, with a filter that says which version it is."""
    folder = make_small_template(tmp_path / "my template")
    literals = folder / "answers" / "literals.py"
    with literals.open("a", encoding="utf-8") as file:
        file.write('\n\ndef version(text: str) -> str:\n    return "one"\n')
    rendering = folder / "answers" / "rendering.py"
    text = rendering.read_text(encoding="utf-8")
    text = text.replace(
        '    "views": view_sources,', '    "views": view_sources, "version": version,'
    )
    text = text.replace("from .literals import ", "from .literals import version, ")
    rendering.write_text(text, encoding="utf-8")
    (folder / PROJECT / "version.txt").write_text("{{ '' | version }}", encoding="utf-8")
    return folder


def run(folder: Path, *command: str, **environment: str) -> str:
    """Run Python as most people have it: it writes bytecode."""
    inherited = isolated_environment(folder)
    inherited.pop("PYTHONDONTWRITEBYTECODE", None)
    result = subprocess.run(
        [sys.executable, *command],
        env=inherited | environment,
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_two_versions_in_one_folder_within_a_second(template: Path, tmp_path: Path) -> None:
    said = run(tmp_path, "-c", TWICE, str(template), str(tmp_path / "out"))
    assert "rendered by one two" in said


def test_the_template_gets_no_bytecode_of_the_package(template: Path, tmp_path: Path) -> None:
    run(tmp_path, "-m", "cookiecutter", str(template), "--no-input")
    assert not list((template / "answers").rglob("*.pyc"))


def test_another_package_of_that_name_does_not_win(template: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "answers"
    other.mkdir(parents=True)
    (other / "__init__.py").write_text("raise RuntimeError('the wrong one')", encoding="utf-8")
    command = ("-m", "cookiecutter", str(template), "--no-input")
    run(tmp_path, *command, PYTHONPATH=str(other.parent))
    project = tmp_path / "streamlit_auth_app"
    assert (project / "version.txt").read_text(encoding="utf-8") == "one"


def test_two_copies_of_the_template_in_one_process(template: Path, tmp_path: Path) -> None:
    copy = make_small_template(tmp_path / "copy")
    code = (
        "import shutil, sys\n"
        "from cookiecutter.main import cookiecutter\n"
        "cookiecutter(sys.argv[1], no_input=True, output_dir='first')\n"
        "shutil.rmtree(sys.argv[1])\n"
        "cookiecutter(sys.argv[2], no_input=True, output_dir='second')\n"
    )
    run(tmp_path, "-c", code, str(copy), str(template))
    project = tmp_path / "second" / "streamlit_auth_app"
    assert (project / "version.txt").read_text(encoding="utf-8") == "one"


def test_the_loader_leaves_the_interpreter_as_it_was(template: Path, tmp_path: Path) -> None:
    code = (
        "import json, sys\n"
        "from jinja2 import Environment\n"
        "Environment(extensions=['local_extensions.AnswerExtension'])\n"
        "names = [name for name in sys.modules if name.startswith('answers')]\n"
        "print(json.dumps([sys.dont_write_bytecode, names]))\n"
    )
    said = run(tmp_path, "-c", code, PYTHONPATH=os.fspath(template))
    writes_no_bytecode, names = json.loads(said)
    assert writes_no_bytecode is False
    assert "answers" not in names
    assert len({name.partition(".")[0] for name in names}) == 1
