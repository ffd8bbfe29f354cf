"""The tests of a project are about the login: what its owner edits elsewhere is no business of theirs."""

import ast
import re
from pathlib import Path

import pytest

from tests.conftest import Bake
from tests.support.baking import BakedProject
from tests.support.sweep import sweep

LABELS = ["auth/tests/labels.py", "auth/tests/views/labels.py"]
ABOUT_THE_LISTS_OF_PACKAGES = (
    "FAILED auth/tests/test_project.py::test_pip_and_uv_install_the_same - "
)


@pytest.fixture(params=["component", "http_only"])
def project(request: pytest.FixtureRequest, bake: Bake, tmp_path: Path) -> BakedProject:
    return bake(cookie_transport=request.param).copy(tmp_path)


@sweep
def test_after_an_owners_edits_only_the_test_about_one_of_them_fails(
    project: BakedProject,
) -> None:
    change_every_label(project)
    project.write("views/_shared.py", '"""Not a page."""\n\nRATE = 1.2\n')
    project.write("views/about.py", 'import streamlit as st\n\nst.error("No orders today.")\n')
    project.write(
        "views/home.py", 'from pathlib import Path\n\nPath("data/missing.csv").read_text()\n'
    )
    project.edit("main.py", ": logged_in,\n}", ": lambda user: user.has_role('boss'),\n}")
    project.edit("pyproject.toml", "dependencies = [\n", 'dependencies = [\n    "polars>=1",\n')
    # The stores have nothing that an owner sees.
    run = project.python(
        *("-m", "pytest", "-q", "-p", "no:cacheprovider", "auth", "--ignore", "auth/tests/stores")
    )
    failed = [line for line in run.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    assert len(failed) == 1, run.stdout
    assert failed[0].startswith(ABOUT_THE_LISTS_OF_PACKAGES)


def change_every_label(project: BakedProject) -> None:
    """Put a word before each label, where the app has it and where the tests do."""
    assignments = [node for file in LABELS for node in ast.parse(project.read(file)).body]
    labels = [
        node.value.value
        for node in assignments
        if isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Constant)
    ]
    assert len(labels) >= 10
    files = [path.relative_to(project.path).as_posix() for path in (project / "auth").rglob("*.py")]
    for label in map(str, labels):
        # A label is a text of its own, or the beginning of a longer one.
        whole = re.compile(f'"(?={re.escape(label)}")')
        begun = re.compile(f'"(?={re.escape(label[:20])})')
        pattern = whole if any(whole.search(project.read(file)) for file in files) else begun
        changed = [file for file in files if pattern.search(project.read(file))]
        assert changed, label
        for file in changed:
            project.write(file, pattern.sub('"Our ', project.read(file)))
    for file in LABELS:
        project.write(file, re.sub(r'(= \(?\s*)"', r'\1"Our ', project.read(file)))
