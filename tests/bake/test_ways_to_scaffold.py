"""Every way to get a project out of the template, and to update it later."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from cookiecutter.main import cookiecutter

from tests.support.baking import TEMPLATE, files_in, isolated_environment, run_module
from tests.support.template_versions import git, github_is_here

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(work: Path, repository: Path) -> Run:
    """Return a function that runs a module in an empty folder, with a home of its own."""
    environment = isolated_environment(work.parent) | github_is_here(repository)

    def run(*command: str, folder: Path = work) -> subprocess.CompletedProcess[str]:
        result = run_module(folder, environment, *command)
        assert result.returncode == 0, result.stdout + result.stderr
        return result

    return run


@pytest.fixture
def project(work: Path) -> Path:
    """Where the default project goes."""
    return work / "streamlit_auth_app"


def has_new_version(project: Path) -> bool:
    return "STREAMLIT_AUTH_APP" in (project / "manage.py").read_text(encoding="utf-8")


def test_from_github(run: Run, project: Path) -> None:
    run("cookiecutter", "gh:OWNER/cookiecutter-streamlit-auth", "--no-input")
    assert has_new_version(project)


def test_from_github_at_a_tag(run: Run, project: Path) -> None:
    run("cookiecutter", "gh:OWNER/cookiecutter-streamlit-auth", "--no-input", "--checkout", "1.0.0")
    assert (project / "views" / "home.py").exists()
    assert not has_new_version(project)


def test_from_a_folder(run: Run, project: Path) -> None:
    run("cookiecutter", str(TEMPLATE), "--no-input")
    assert (project / "views" / "home.py").exists()


def test_from_a_zip_archive(run: Run, project: Path, repository: Path, tmp_path: Path) -> None:
    archive = tmp_path / "template.zip"
    git(repository, "archive", "--prefix=template/", f"--output={archive}", "2.0.0")
    run("cookiecutter", str(archive), "--no-input")
    assert has_new_version(project)


def test_from_a_file_of_answers(run: Run, work: Path, tmp_path: Path) -> None:
    answers = {
        "project_name": "Sales",
        "pages": '📈 Sales & "Margin", O\'Brien',
        "store_backend": "postgres",
        "demo_users": "ann",
        "session_hours": 8,
    }
    config = tmp_path / "answers.yaml"
    text = yaml.safe_dump({"default_context": answers}, allow_unicode=True)
    config.write_text(text, encoding="utf-8")
    run("cookiecutter", str(TEMPLATE), "--no-input", "--config-file", str(config))
    project = work / "sales"
    assert {path.name for path in (project / "views").iterdir()} == {
        "sales_margin.py",
        "o_brien.py",
    }
    assert "default=8," in (project / "auth" / "settings.py").read_text(encoding="utf-8")
    databases = project / "auth" / "stores" / "sql" / "databases"
    assert (databases / "postgresql.py").exists()


def test_an_answer_that_is_no_text_is_refused(tmp_path: Path) -> None:
    config = tmp_path / "answers.yaml"
    config.write_text("default_context:\n  demo_users:\n", encoding="utf-8")
    result = subprocess.run(
        [
            *(sys.executable, "-m", "cookiecutter", str(TEMPLATE), "--no-input"),
            *("--config-file", str(config), "--output-dir", str(tmp_path / "out")),
        ],
        env=isolated_environment(tmp_path),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 1
    assert "ERROR: The demo_users has to be text: put it in quotes." in result.stderr
    assert not (tmp_path / "out").exists()


def test_again_with_the_same_answers(run: Run, project: Path) -> None:
    run("cookiecutter", str(TEMPLATE), "--no-input", "pages=🏠 Start, Finish", "demo_users=")
    first = {file: (project / file).read_bytes() for file in files_in(project)}
    shutil.rmtree(project)
    run("cookiecutter", str(TEMPLATE), "--replay")
    assert {file: (project / file).read_bytes() for file in files_in(project)} == first


@pytest.mark.parametrize(
    ("answer", "value", "reason"),
    [
        ("project_slug", "../escape", "lowercase letter"),
        ("pages", "Home, home", "same address"),
        ("session_hours", "0", "over 0"),
    ],
)
def test_a_replay_file_with_a_wrong_answer_is_refused(
    answer: str, value: str, reason: str, run: Run, project: Path, tmp_path: Path
) -> None:
    run("cookiecutter", str(TEMPLATE), "--no-input")
    shutil.rmtree(project)
    (replay,) = (tmp_path / "home" / ".cookiecutter_replay").iterdir()
    answers = json.loads(replay.read_text(encoding="utf-8"))
    answers["cookiecutter"][answer] = value
    replay.write_text(json.dumps(answers), encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    result = subprocess.run(
        [sys.executable, "-m", "cookiecutter", str(TEMPLATE), "--replay-file", str(replay)],
        cwd=project.parent,
        env=isolated_environment(tmp_path),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 1
    assert "ERROR: The " in result.stderr
    assert reason in result.stderr
    assert sorted(tmp_path.iterdir()) == before
    assert list(project.parent.iterdir()) == []


def test_from_python(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    folders = {"cookiecutters_dir": str(tmp_path / "c"), "replay_dir": str(tmp_path / "r")}
    config.write_text(yaml.safe_dump(folders), encoding="utf-8")
    project = cookiecutter(
        str(TEMPLATE),
        no_input=True,
        extra_context={"project_name": "From Python", "session_hours": 8},
        output_dir=str(tmp_path),
        config_file=str(config),
    )
    assert Path(project) == tmp_path / "from_python"
    assert (tmp_path / "from_python" / "views" / "home.py").exists()


@pytest.fixture
def cruft_project(run: Run, project: Path, repository: Path) -> Path:
    """A project at version 1.0.0 that its owner has changed since."""
    run("cruft", "create", str(repository), "--checkout", "1.0.0", "--no-input")
    (project / "views" / "home.py").write_text("# mine\n", encoding="utf-8")
    users = project / "seeds" / "users.json"
    users.write_text(users.read_text("utf-8").replace("test2", "ann"), encoding="utf-8")
    git(project, "init", "--quiet")
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message", "first")
    return project


def test_cruft_takes_a_project_to_the_next_version(cruft_project: Path, run: Run) -> None:
    mine = {
        file: (cruft_project / file).read_bytes() for file in ("views/home.py", "seeds/users.json")
    }
    run("cruft", "update", "--skip-apply-ask", "--checkout", "2.0.0", folder=cruft_project)
    assert has_new_version(cruft_project)
    assert "/new/" in (cruft_project / ".gitignore").read_text(encoding="utf-8")
    assert {file: (cruft_project / file).read_bytes() for file in mine} == mine
    assert not list(cruft_project.rglob("*.rej"))
    changed = git(cruft_project, "status", "--porcelain").split()[1::2]
    assert sorted(changed) == [".cruft.json", ".gitignore", "manage.py"]
    run("cruft", "check", "--checkout", "2.0.0", folder=cruft_project)


def test_cruft_shows_what_the_owner_changed_and_nothing_else(cruft_project: Path, run: Run) -> None:
    diff = run("cruft", "diff", folder=cruft_project).stdout
    changed = {
        line.rpartition("upstream-template-new/")[2]
        for line in diff.splitlines()
        if line.startswith("diff ")
    }
    assert changed == {"views/home.py", "seeds/users.json"}


def test_cruft_refuses_a_wrong_answer(repository: Path, work: Path) -> None:
    environment = isolated_environment(work.parent) | {"TERM": "dumb", "NO_COLOR": "1"}
    answers = ("--extra-context", json.dumps({"pages": "!!!"}))
    create = ("cruft", "create", str(repository), "--no-input", *answers)
    result = run_module(work, environment, *create)
    assert result.returncode == 1
    assert 'ERROR: The page "!!!" has no letter or digit' in result.stderr
    assert os.listdir(work) == []
