"""What the documents of the template say, compared with what is there."""

import re
import tomllib
from pathlib import Path

import pytest

from answers.pages import parse_page
from tests.support.baking import TEMPLATE, BakedProject
from tests.support.documents import DOCUMENTS, commands_in, name_of, section

MADE_BY_HAND = {".streamlit/secrets.toml"}


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_local_link_leads_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for link in re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", text):
        assert (document.parent / link).exists(), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_file_in_a_code_span_is_there(document: Path, project: BakedProject) -> None:
    text = document.read_text(encoding="utf-8")
    names = re.findall(
        r"`((?:answers|benchmarks|docs|hooks|scripts|tests|auth|\.streamlit)/[\w./-]+)`", text
    )
    for name in set(names) - MADE_BY_HAND:
        places = (TEMPLATE, TEMPLATE / "{{cookiecutter.project_slug}}", project.path)
        assert any((place / name).exists() for place in places), name


def test_every_test_that_is_named_in_a_command_is_there() -> None:
    commands = [command for file in DOCUMENTS for command in commands_in(section(name_of(file)))]
    texts = [file.read_text("utf-8") for file in (TEMPLATE / ".github" / "workflows").glob("*.yml")]
    for path in re.findall(r"\btests/[\w./-]*", " ".join(commands + texts)):
        assert (TEMPLATE / path).exists(), path


def test_what_make_test_leaves_out_is_written_down_for_every_file() -> None:
    files = (TEMPLATE / "tests").rglob("*.py")
    marked = {
        file.relative_to(TEMPLATE).as_posix()
        for file in files
        if "\nfrom tests.support.sweep import" in file.read_text("utf-8")
    }
    listed = section("CONTRIBUTING.md", "## What `make test` leaves out")
    rows = [line.split("|")[1] for line in listed.splitlines() if line.startswith("|")]
    assert set(re.findall(r"`(tests/.+?)`", " ".join(rows))) == marked


def test_the_changelog_begins_with_the_version_of_the_project() -> None:
    project = tomllib.loads((TEMPLATE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    changelog = (TEMPLATE / "CHANGELOG.md").read_text(encoding="utf-8")
    first = re.findall(r"^## \[(\d\S+)\] - ", changelog, re.MULTILINE)[0]
    assert first == project["version"]


def test_the_examples_of_pages_are_right() -> None:
    prompts = (TEMPLATE / "docs" / "prompts.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| `(.+?)`.*? \| (.+?) \| (.+?) \| `views/(\w+)\.py` \|", prompts, re.MULTILINE
    )
    assert len(rows) >= 6
    for entry, title, icon, name in rows:
        page = parse_page(entry)
        assert (page.title, page.name) == (title, name)
        assert (page.icon is None) == (icon == "none")


def test_the_commands_of_the_makefile_are_documented_for_those_without_make() -> None:
    makefile = (TEMPLATE / "Makefile").read_text(encoding="utf-8")
    contributing = (TEMPLATE / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for target in ("demo", "check"):
        recipe = re.search(rf"^{target}:.*\n((?:\t.*\n)+)", makefile, re.MULTILINE)
        assert recipe is not None
        for command in recipe[1].replace("$(UV)", "uv").split("\n"):
            assert command.strip() in contributing
