"""Wrong answers: told in sentences, all at once, whichever way they came, and nothing is written."""

import functools
import json
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from cookiecutter.exceptions import FailedHookException
from cookiecutter.main import cookiecutter

from tests.support.baking import isolated_environment, run_module, verbatim
from tests.support.small_template import make_small_template
from tests.support.template_versions import commit, git

WRONG = {"pages": "!!!", "store_backend": "oracle", "session_hours": "day"}
SENTENCES = [
    'ERROR: The page "!!!" has no letter or digit to make an address from.',
    'ERROR: The store_backend "oracle" has to be memory, sqlite, mysql or postgresql.',
    'ERROR: The session_hours "day" has to be a number over 0 and at most 8760.',
]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_small_template(tmp_path_factory.mktemp("templates") / "small template")
    git(folder, "init", "--quiet")
    commit(folder, "1.0.0")
    return folder


@pytest.fixture
def run(work: Path) -> Run:
    """Return a function that runs a module in the empty folder, with a home of its own."""
    environment = isolated_environment(work.parent) | {"TERM": "dumb", "NO_COLOR": "1"}
    return functools.partial(run_module, work, environment)


def assert_refused(result: subprocess.CompletedProcess[str], work: Path) -> None:
    assert result.returncode == 1
    assert result.stderr.splitlines() == SENTENCES
    assert "Traceback" not in result.stdout
    assert list(work.iterdir()) == []


def test_on_the_command_line(template: Path, run: Run, work: Path) -> None:
    answers = [f"{question}={answer}" for question, answer in WRONG.items()]
    result = run("cookiecutter", str(template), "--no-input", *answers)
    assert_refused(result, work)
    said, _, command = result.stdout.partition("\n\n")
    assert said == (
        "Nothing was generated. This command has your good answers; write others in the "
        "places of ???:"
    )
    assert command.strip().endswith(
        "--no-input project_name='Streamlit Auth App' project_slug=streamlit_auth_app "
        "description='A Streamlit app with logins.' pages='???' store_backend='???' "
        "cookie_transport=component accounts=pages demo_users='test1 @admin, test2' "
        "session_hours='???'"
    )


def test_the_command_at_the_end_works_once_the_wrong_answers_are_replaced(
    template: Path, run: Run, work: Path
) -> None:
    good = {
        "project_name": verbatim("O'Brien's {{ 7*7 }}"),
        "store_backend": "pg",
        "demo_users": "",
    }
    answers = [f"{question}={answer}" for question, answer in good.items()]
    wrong = run("cookiecutter", str(template), "--no-input", *answers, "pages=!!!")
    assert wrong.returncode == 1
    command = shlex.split(wrong.stdout.splitlines()[-2])
    assert command.count("pages=???") == 1
    arguments = command[command.index(str(template)) :]
    unchanged = run("cookiecutter", *arguments)
    assert (
        unchanged.stderr == "ERROR: The answer to pages is still ???: write yours in its place.\n"
    )
    result = run("cookiecutter", *(word.replace("???", "Home") for word in arguments))
    assert result.returncode == 0, result.stderr
    (project,) = work.iterdir()
    main = (project / "main.py").read_text(encoding="utf-8")
    assert """NAME = "O'Brien's {{ 7*7 }}\"""" in main
    assert 'STORE = "postgresql"' in main


def test_without_hooks(template: Path, run: Run, work: Path) -> None:
    answers = [f"{question}={answer}" for question, answer in WRONG.items()]
    options = ("--no-input", "--accept-hooks", "no")
    assert_refused(run("cookiecutter", str(template), *options, *answers), work)


def test_in_a_config_file(template: Path, run: Run, work: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(yaml.safe_dump({"default_context": WRONG}), encoding="utf-8")
    options = ("--no-input", "--config-file", str(config))
    assert_refused(run("cookiecutter", str(template), *options), work)


def test_in_a_replay_file(template: Path, run: Run, work: Path, tmp_path: Path) -> None:
    assert run("cookiecutter", str(template), "--no-input").returncode == 0
    shutil.rmtree(work / "streamlit_auth_app")
    (replay,) = (tmp_path / "home" / ".cookiecutter_replay").iterdir()
    answers = json.loads(replay.read_text(encoding="utf-8"))
    answers["cookiecutter"].update(WRONG)
    replay.write_text(json.dumps(answers), encoding="utf-8")
    assert_refused(run("cookiecutter", str(template), "--replay"), work)
    assert_refused(run("cookiecutter", str(template), "--replay-file", str(replay)), work)


def test_in_cruft(template: Path, run: Run, work: Path) -> None:
    options = ("--no-input", "--extra-context", json.dumps(WRONG))
    assert_refused(run("cruft", "create", str(template), *options), work)


def test_in_an_update_with_cruft(template: Path, run: Run, work: Path) -> None:
    assert run("cruft", "create", str(template), "--no-input").returncode == 0
    project = work / "streamlit_auth_app"
    git(project, "init", "--quiet")
    commit(project, "mine")
    options = ("--project-dir", str(project), "--variables-to-update", json.dumps(WRONG))
    result = run("cruft", "update", "--skip-apply-ask", *options)
    assert result.returncode == 1
    assert result.stderr.splitlines() == SENTENCES
    assert git(project, "status", "--porcelain") == ""


def test_from_python(
    template: Path, work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "config.yaml"
    folders = {"cookiecutters_dir": str(tmp_path / "c"), "replay_dir": str(tmp_path / "r")}
    config.write_text(yaml.safe_dump(folders), encoding="utf-8")
    with pytest.raises(FailedHookException, match="Nothing was generated"):
        cookiecutter(
            str(template),
            no_input=True,
            extra_context=WRONG,
            output_dir=str(work),
            config_file=str(config),
        )
    assert capsys.readouterr().err.splitlines() == SENTENCES
    assert list(work.iterdir()) == []


@pytest.mark.parametrize("slug", ["../escape", "a/b", "", "/tmp/a", "con", "a\\b"])
def test_a_slug_that_is_not_a_folder_name_writes_nowhere(
    slug: str, template: Path, run: Run, work: Path
) -> None:
    result = run("cookiecutter", str(template), "--no-input", f"project_slug={slug}")
    assert result.returncode == 1
    assert "ERROR: The project_slug " in result.stderr
    assert "Traceback" not in result.stderr
    assert list(work.iterdir()) == []
    assert sorted(path.name for path in work.parent.iterdir()) == ["home", "work"]


def test_an_older_project_is_left_alone(template: Path, run: Run, work: Path) -> None:
    project = work / "streamlit_auth_app"
    project.mkdir()
    (project / "compose.yaml").write_text("mine", encoding="utf-8")
    result = run("cookiecutter", str(template), "--no-input", "--overwrite-if-exists", "pages=!!!")
    assert result.returncode == 1
    assert [path.name for path in project.iterdir()] == ["compose.yaml"]
