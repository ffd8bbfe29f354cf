"""What a project that cookiecutter made remembers of the template: all that cruft needs."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from answers.origin import CRUFT_FILE, note_origin
from tests.support.baking import isolated_environment, run_module
from tests.support.small_template import PROJECT, make_small_template
from tests.support.template_versions import commit, edit, git, github_is_here

Run = Callable[..., str]
ADDRESS = "https://github.com/OWNER/template.git"
ANSWERS = ["project_name=Überblick 🎈", "store_backend=pg", "session_hours=8"]


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """A template in git with two versions, where GitHub would be."""
    folder = make_small_template(tmp_path / "github" / "OWNER" / "template.git")
    git(folder, "init", "--quiet", "--initial-branch=main")
    commit(folder, "1.0.0")
    edit(folder / PROJECT / "main.py", "NAME = ", "VERSION = 2\nNAME = ")
    commit(folder, "2.0.0")
    return folder


@pytest.fixture
def run(work: Path, template: Path) -> Run:
    """Return a function that runs a module in the empty folder, and returns what it said."""
    environment = isolated_environment(work.parent) | github_is_here(template)

    def run(*command: str, folder: Path = work, typed: str = "") -> str:
        result = run_module(folder, environment, *command, typed=typed)
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    return run


def origin_of(project: Path) -> str:
    return (project / CRUFT_FILE).read_text(encoding="utf-8")


def commit_of(template: Path, version: str) -> str:
    return git(template, "rev-parse", f"{version}^{{commit}}").strip()


def test_a_project_remembers_the_same_as_if_cruft_had_made_it(
    run: Run, work: Path, template: Path
) -> None:
    version = ("--checkout", "1.0.0")
    run("cookiecutter", "gh:OWNER/template", "--no-input", *version, *ANSWERS)
    answers = json.dumps(dict(answer.split("=") for answer in ANSWERS))
    of_cruft = ("--no-input", "--extra-context", answers, "--output-dir", "of_cruft")
    run("cruft", "create", ADDRESS, *version, *of_cruft)
    remembered = origin_of(work / "uberblick")
    assert remembered == origin_of(work / "of_cruft" / "uberblick")
    assert commit_of(template, "1.0.0") in remembered
    assert str(work.parent) not in remembered


def test_cruft_updates_it_with_no_further_word(run: Run, work: Path, template: Path) -> None:
    run("cookiecutter", "gh:OWNER/template", "--no-input", "--checkout", "1.0.0", *ANSWERS)
    project = work / "uberblick"
    (project / "views" / "home.py").write_text("# mine\n", encoding="utf-8")
    git(project, "init", "--quiet")
    commit(project, "mine")
    said = run("cruft", "update", "--skip-apply-ask", folder=project)
    assert "Good work!" in said
    main = (project / "main.py").read_text(encoding="utf-8")
    assert 'VERSION = 2\nNAME = "Überblick 🎈"\nSTORE = "postgresql"\n' in main
    assert (project / "views" / "home.py").read_text(encoding="utf-8") == "# mine\n"
    changed = git(project, "status", "--porcelain").split()[1::2]
    assert sorted(changed) == [CRUFT_FILE, "main.py"]
    assert json.loads(origin_of(project))["commit"] == commit_of(template, "2.0.0")


def test_what_was_typed_is_remembered_as_it_was_given_a_second_time(run: Run, work: Path) -> None:
    run("cookiecutter", "gh:OWNER/template", "--no-input", *ANSWERS)
    first = origin_of(work / "uberblick")
    shutil.rmtree(work / "uberblick")
    run("cookiecutter", "gh:OWNER/template", "--replay", typed="y\n")
    assert origin_of(work / "uberblick") == first


def test_a_copy_of_the_template_is_remembered_by_its_whole_path(
    run: Run, work: Path, template: Path
) -> None:
    # What is beside the template's own files makes no difference to a project.
    (template / "notes.txt").write_text("mine\n", encoding="utf-8")
    relative = os.path.relpath(template, work)
    run("cookiecutter", relative, "--no-input", "--checkout", "1.0.0")
    remembered = json.loads(origin_of(work / "streamlit_auth_app"))
    assert remembered["template"] == str(template)
    assert remembered["commit"] == commit_of(template, "2.0.0")
    assert remembered["checkout"] is None


def test_what_no_update_could_find_again_is_not_remembered(
    run: Run, work: Path, template: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "template.zip"
    git(template, "archive", "--prefix=template/", f"--output={archive}", "2.0.0")
    without_git = shutil.copytree(template, tmp_path / "copy", ignore=lambda *_: {".git"})
    part_of_another = shutil.copytree(without_git, tmp_path / "other" / "template")
    git(part_of_another.parent, "init", "--quiet")
    commit(part_of_another.parent, "another")
    edit(template / PROJECT / "main.py", "NAME = ", "CHANGED = True\nNAME = ")
    for number, source in enumerate([archive, without_git, part_of_another, template]):
        run("cookiecutter", str(source), "--no-input", f"project_slug=app{number}")
        assert (work / f"app{number}" / "main.py").exists()
        assert not (work / f"app{number}" / CRUFT_FILE).exists(), source


def test_a_bake_over_a_project_renews_what_it_remembers_with_the_files_and_not_without(
    run: Run, work: Path, template: Path
) -> None:
    first = ("cookiecutter", "gh:OWNER/template", "--no-input")
    run(*first, "--checkout", "1.0.0")
    project = work / "streamlit_auth_app"
    old = origin_of(project)
    run(*first, "--overwrite-if-exists", "--skip-if-file-exists")
    assert origin_of(project) == old
    run(*first, "--overwrite-if-exists")
    assert json.loads(origin_of(project))["commit"] == commit_of(template, "2.0.0")


def test_a_bake_of_unknown_origin_leaves_what_an_older_one_has_noted(
    run: Run, work: Path, template: Path
) -> None:
    run("cookiecutter", "gh:OWNER/template", "--no-input")
    project = work / "streamlit_auth_app"
    old = origin_of(project)
    edit(template / PROJECT / "main.py", "NAME = ", "CHANGED = True\nNAME = ")
    run("cookiecutter", str(template), "--no-input", "--overwrite-if-exists")
    assert origin_of(project) == old


def test_a_password_or_token_in_the_address_is_left_out(template: Path) -> None:
    address = "https://ann:secret@example.com/OWNER/template.git"
    git(template, "remote", "add", "origin", address)
    answers: dict[str, object] = {
        "_template": address,
        "_repo_dir": str(template),
        "_output_dir": "/srv",
        "_checkout": None,
    }
    note_origin(answers)
    assert answers["_origin"] == {
        "template": "https://example.com/OWNER/template.git",
        "commit": commit_of(template, "2.0.0"),
        "checkout": None,
    }
