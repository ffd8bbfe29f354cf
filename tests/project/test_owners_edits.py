"""The tests of a project are about the login: what its owner edits elsewhere is no business of theirs."""

from pathlib import Path

import pytest

from tests.conftest import Bake
from tests.support.baking import BakedProject
from tests.support.sweep import sweep

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
    printed = project.manage("texts").replace(' = "', ' = "Our ').replace('"Our en"', '"en"')
    project.write("texts.toml", printed)
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
