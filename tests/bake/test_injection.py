"""An answer stands in a project as it was given, and never becomes code."""

import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.conftest import Bake
from tests.support.baking import (
    AWKWARD_DESCRIPTION,
    AWKWARD_NAME,
    AWKWARD_TITLES,
    BakedProject,
    verbatim,
)
from tests.support.sources import (
    calls,
    literal_arguments,
    parse,
    shape,
    unescaped,
)

INJECTIONS = [
    '"; import os; os.system("touch pwned"); "',
    "'); import os #",
    '""" + __import__("os").getcwd() + """',
    "''' + __import__('os').getcwd() + '''",
    "\\",
    "\\u0022 + x + \\u0022",
    "{{ cookiecutter.__class__ }}",
    "{% include 'pyproject.toml' %}",
    "$(touch pwned) `touch pwned` ${{ github.token }}",
    "</script><script>alert(1)</script>",
]


def test_awkward_answers_stand_in_the_source_as_they_were_given(
    awkward_project: BakedProject,
) -> None:
    settings = parse(awkward_project / "auth" / "settings.py")
    defaults = [literal_arguments(call).get("default") for call in calls(settings, "Field")[1:3]]
    assert defaults == [AWKWARD_NAME, AWKWARD_DESCRIPTION]
    main = parse(awkward_project / "main.py")
    rows = [literal_arguments(call) for call in calls(main, "Page")]
    assert [row["title"] for row in rows] == AWKWARD_TITLES
    for row, title in zip(rows, AWKWARD_TITLES, strict=True):
        view = parse(awkward_project / row[""])
        assert row[""] == f"views/{row.get('url_path', Path(row['']).stem)}.py"
        assert [unescaped(literal_arguments(call)[""]) for call in calls(view, "title")] == [title]


def test_awkward_answers_stand_in_the_other_files_as_they_were_given(
    awkward_project: BakedProject,
) -> None:
    pyproject = tomllib.loads(awkward_project.read("pyproject.toml"))
    assert pyproject["project"]["description"] == AWKWARD_DESCRIPTION
    readme = awkward_project.read("README.md")
    assert unescaped(readme.splitlines()[0]) == f"# {AWKWARD_NAME}"
    for file in awkward_project.files():
        if file.endswith(".toml"):
            tomllib.loads(awkward_project.read(file))


@pytest.mark.parametrize("name", ["Q&A", "<b> <i>", '"quoted" "text"', "🎈", "Sales & more", "'"])
def test_the_logo_is_an_image_whatever_the_name(name: str, bake: Bake) -> None:
    project = bake(project_name=verbatim(name), project_slug="streamlit_auth_app")
    square, letters = ElementTree.fromstring(project.read("static/logo.svg"))
    assert square.tag.endswith("rect")
    assert letters.text
    assert len(letters) == 0


@pytest.mark.parametrize("attack", INJECTIONS)
def test_an_answer_never_becomes_code(
    attack: str, default_project: BakedProject, bake: Bake
) -> None:
    project = bake(
        project_name=verbatim(attack),
        project_slug="streamlit_auth_app",
        description=verbatim(attack),
        pages=verbatim(f"🏠 Home {attack.replace(',', '')}, ℹ️ About"),
    )
    assert not list(project.path.rglob("pwned"))
    sources, ours = sources_of(project), sources_of(default_project)
    assert len(sources) == len(ours)
    # Most files have no answer in them.
    assert {*map(shape, {*sources} - {*ours})} == {*map(shape, {*ours} - {*sources})}


def sources_of(project: BakedProject) -> list[str]:
    return [project.read(file) for file in project.files() if file.endswith(".py")]
