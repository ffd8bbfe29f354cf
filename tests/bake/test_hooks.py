"""The hooks: what they remove, keep, write and say."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from jinja2 import Environment, StrictUndefined

from answers.again import command_to_finish
from answers.choices import CHOICES, EVERY_PATH, name_choice
from tests.support.baking import TEMPLATE, files_in, isolated_environment, run_cookiecutter
from tests.support.small_template import FILES, make_small_template

HOOKS = [TEMPLATE / "hooks" / f"{name}_gen_project.py" for name in ("pre", "post")]
ANSWERS = {
    "project_name": "Sales",
    "project_slug": "sales",
    "description": "About sales.",
    "pages": "🏠 Home, About",
    "store_backend": "memory",
    "cookie_transport": "component",
    "accounts": "none",
    "demo_users": "ann@example.com @admin @sales, Bob_1",
    "session_hours": "24",
    "_template": "gh:OWNER/template",
    "_output_dir": "C:\\new folder",
    "_repo_dir": "C:\\template",
    "_checkout": "1.0.0",
}
AGAIN = ("--overwrite-if-exists", "--skip-if-file-exists")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_small_template(tmp_path_factory.mktemp("template"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "sales"
    folder.mkdir()
    return folder


def run_hook(
    name: str,
    project: Path,
    answers: dict[str, str] = ANSWERS,
    variables: Mapping[str, str] = os.environ,
) -> subprocess.CompletedProcess[str]:
    """Render a hook as cookiecutter would, and run it in a folder."""
    environment = Environment(
        extensions=["local_extensions.AnswerExtension"],
        undefined=StrictUndefined,
        autoescape=False,
    )
    source = (TEMPLATE / "hooks" / f"{name}_project.py").read_text(encoding="utf-8")
    hook = project.parent / "hook.py"
    text = environment.from_string(source).render(cookiecutter=dict(answers))
    hook.write_text(text, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-X", "utf8", str(hook)],
        cwd=project,
        env=variables,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def write(file: Path, text: str = "mine\n") -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def test_what_was_not_chosen_is_removed_and_nothing_else(project: Path) -> None:
    for path in EVERY_PATH:
        write(project / path if "." in Path(path).name else project / path / "deep" / "x.py")
    write(project / "auth" / "access.py")
    result = run_hook("post_gen", project)
    assert result.returncode == 0, result.stderr
    assert files_in(project) == {
        *("auth/access.py", "auth/commands/memory.py", "auth/cookies/component.py"),
        *("auth/stores/memory/deep/x.py", "auth/tests/cookies/test_component.py"),
        *("auth/tests/stores/memory/deep/x.py", "views/home.py", "views/about.py"),
        *("auth/visitor/frames.py", "seeds/users.json"),
    }
    assert not (project / "auth" / "stores" / "sql").exists()


def test_a_path_that_is_not_there_does_no_harm(project: Path) -> None:
    assert run_hook("pre_gen", project).returncode == 0
    assert run_hook("post_gen", project).returncode == 0
    assert files_in(project) == {"views/home.py", "views/about.py", "seeds/users.json"}


@pytest.mark.parametrize("store_backend", CHOICES["store_backend"])
@pytest.mark.parametrize("cookie_transport", CHOICES["cookie_transport"])
@pytest.mark.parametrize("accounts", CHOICES["accounts"])
def test_a_bake_has_the_files_of_its_answers(
    store_backend: str, cookie_transport: str, accounts: str, template: Path, tmp_path: Path
) -> None:
    result = run_cookiecutter(
        tmp_path,
        template=template,
        store_backend=store_backend,
        cookie_transport=cookie_transport,
        accounts=accounts,
    )
    assert result.returncode == 0, result.stderr
    chosen = {store_backend, cookie_transport, *name_choice("accounts", accounts).split(", ")}
    assert files_in(tmp_path / "streamlit_auth_app") == {
        *("main.py", "seeds/users.json", "views/home.py", "views/about.py"),
        *(file for file, text in FILES.items() if chosen & set(text.split())),
    }


@pytest.mark.parametrize("options", [AGAIN, AGAIN[:1]])
def test_baking_again_keeps_what_the_owner_has_of_other_answers(
    options: tuple[str, ...], template: Path, tmp_path: Path
) -> None:
    assert run_cookiecutter(tmp_path, template=template).returncode == 0
    project = tmp_path / "streamlit_auth_app"
    mine = ["compose.yaml", "auth/stores/sql/mine.py", "auth/stores/sql/engine.py"]
    for file in mine:
        write(project / file)
    before = files_in(project)
    result = run_cookiecutter(tmp_path, *options, template=template)
    assert result.returncode == 0, result.stderr
    assert files_in(project) == before
    assert [(project / file).read_text(encoding="utf-8") for file in mine] == ["mine\n"] * 3
    assert not (project / ".set_aside").exists()
    assert "Kept:       auth/stores/sql, compose.yaml (yours" in result.stdout


def test_baking_again_keeps_views_and_users_and_brings_back_what_is_missing(
    template: Path, tmp_path: Path
) -> None:
    assert run_cookiecutter(tmp_path, template=template).returncode == 0
    project = tmp_path / "streamlit_auth_app"
    write(project / "views" / "home.py")
    write(project / "seeds" / "users.json")
    (project / "main.py").unlink()
    (project / "views" / "about.py").unlink()
    result = run_cookiecutter(tmp_path, *AGAIN, template=template)
    assert result.returncode == 0, result.stderr
    assert (project / "main.py").exists()
    assert (project / "views" / "about.py").exists()
    assert (project / "views" / "home.py").read_text(encoding="utf-8") == "mine\n"
    assert (project / "seeds" / "users.json").read_text(encoding="utf-8") == "mine\n"
    assert "Kept:" not in result.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="Windows asks for a privilege")
def test_a_link_is_set_aside_as_a_link(project: Path, tmp_path: Path) -> None:
    write(tmp_path / "shared" / "x.py")
    (project / "auth" / "stores").mkdir(parents=True)
    (project / "auth" / "stores" / "sql").symlink_to(tmp_path / "shared")
    (project / "compose.yaml").symlink_to("nowhere")
    assert run_hook("pre_gen", project).returncode == 0
    assert run_hook("post_gen", project).returncode == 0
    assert (project / "auth" / "stores" / "sql").readlink() == tmp_path / "shared"
    assert (project / "compose.yaml").readlink() == Path("nowhere")
    assert (tmp_path / "shared" / "x.py").exists()


def test_files_set_aside_by_a_run_that_did_not_finish_are_not_touched(project: Path) -> None:
    write(project / ".set_aside" / "compose.yaml")
    result = run_hook("pre_gen", project)
    assert result.returncode == 1
    assert "has files of yours" in result.stderr
    assert "Traceback" not in result.stderr
    assert files_in(project) == {".set_aside/compose.yaml"}


def test_a_project_that_cannot_be_finished_says_why_and_what_to_run(project: Path) -> None:
    write(project / "views")
    result = run_hook("post_gen", project)
    assert result.returncode == 1
    assert "ERROR: The project could not be finished" in result.stderr
    assert command_to_finish(ANSWERS) in result.stderr
    assert "Traceback" not in result.stderr


def test_the_command_that_it_names_finishes_the_project(template: Path, tmp_path: Path) -> None:
    project = tmp_path / "streamlit_auth_app"
    write(project / "views")
    result = run_cookiecutter(tmp_path, "--overwrite-if-exists", template=template)
    assert result.returncode == 1
    (line,) = (line for line in result.stderr.splitlines() if " --replay " in line)
    (project / "views").unlink()
    command = line[line.index(str(template)) :]
    again = subprocess.run(
        f'"{sys.executable}" -m cookiecutter {command}',
        shell=True,
        env=isolated_environment(tmp_path),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert again.returncode == 0, again.stderr
    assert (project / "views" / "home.py").exists()


def test_with_cruft_the_same_command_is_run_again(project: Path) -> None:
    write(project / "views")
    answers = {name: answer for name, answer in ANSWERS.items() if name != "_output_dir"}
    result = run_hook("post_gen", project, answers)
    assert result.returncode == 1
    assert "run the same command again" in result.stderr


def test_demo_users_are_seeded_as_such_with_an_id_each(project: Path) -> None:
    run_hook("post_gen", project)
    users = json.loads((project / "seeds" / "users.json").read_text(encoding="utf-8"))
    assert list(users) == ["ann@example.com", "bob_1"]
    ids = [user.pop("id") for user in users.values()]
    assert all(re.fullmatch("[0-9a-f]{32}", each) for each in ids)
    assert len(set(ids)) == 2
    assert users["ann@example.com"] == {"password_hash": "demo", "roles": ["admin", "sales"]}
    assert users["bob_1"] == {"password_hash": "demo", "roles": []}


def test_the_same_answers_write_the_same_files(project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    run_hook("post_gen", project)
    run_hook("post_gen", other)
    for file in files_in(project):
        assert (project / file).read_bytes() == (other / file).read_bytes()
        assert b"\r" not in (project / file).read_bytes()


def only_with(program: str, folder: Path) -> dict[str, str]:
    """Return an environment with one program on its PATH."""
    folder.mkdir()
    (folder / (f"{program}.exe" if sys.platform == "win32" else program)).touch(mode=0o755)
    return {**os.environ, "PATH": str(folder)}


def test_the_next_steps(project: Path, tmp_path: Path) -> None:
    said = run_hook("post_gen", project, variables=only_with("uv", tmp_path / "bin")).stdout
    assert f"Your app is in {project}" in said
    assert f'cd "{project}"' in said
    assert "uv run streamlit run app.py --server.address localhost" in said
    assert "ann@example.com, bob_1 (each name is also its password)" in said
    assert "uv run pytest" in said
    assert "pip" not in said.replace(str(project), "")
    assert "DB_HOST" not in said
    assert "DB_FILE" not in said


def test_the_next_steps_for_whoever_has_pip_and_no_uv(project: Path, tmp_path: Path) -> None:
    variables = only_with("pip", tmp_path / "bin")
    said = run_hook("post_gen", project, variables=variables).stdout
    install = ["python3 -m venv .venv", ". .venv/bin/activate", "pip install -r requirements.txt"]
    if sys.platform == "win32":
        install = ["python -m venv .venv", r".venv\Scripts\activate", install[2]]
    lines = [line.removeprefix("  Install:").strip() for line in said.splitlines()]
    start = lines.index(install[0])
    assert lines[start : start + 3] == install
    assert "  Run it:     streamlit run app.py --server.address localhost" in said
    assert "  Test it:    pip install pytest && pytest" in said
    assert "uv" not in said.replace(str(project), "")
    none = run_hook("post_gen", project, {**ANSWERS, "demo_users": " "}, variables).stdout
    assert "  Add a user: python manage.py add-user NAME" in none


@pytest.mark.parametrize("store_backend", ["mysql", "postgresql"])
def test_the_next_steps_with_a_database_server(store_backend: str, project: Path) -> None:
    said = run_hook("post_gen", project, {**ANSWERS, "store_backend": store_backend}).stdout
    assert "set DATABASE_URL, or DB_HOST, DB_NAME, DB_USER and DB_PASSWORD" in said


def test_the_next_steps_with_a_file(project: Path) -> None:
    said = run_hook("post_gen", project, {**ANSWERS, "store_backend": "sqlite"}).stdout
    assert "data/sales.db" in said
    assert "DB_HOST" not in said


def test_without_demo_users_the_next_step_is_to_add_one(project: Path) -> None:
    said = run_hook("post_gen", project, {**ANSWERS, "demo_users": " "}).stdout
    assert "python manage.py add-user NAME" in said
    assert "Log in as" not in said
    assert json.loads((project / "seeds" / "users.json").read_text(encoding="utf-8")) == {}


def test_both_hooks_set_aside_in_the_same_folder() -> None:
    (folder,) = {
        re.search(r'^SET_ASIDE\b.* = [^"\n]*"([^"\n]+)"', hook.read_text("utf-8"), re.MULTILINE)[1]  # type: ignore[index]
        for hook in HOOKS
    }
    assert folder == ".set_aside"


def test_hooks_and_answers_need_nothing_that_cookiecutter_does_not_install() -> None:
    installed = {*sys.stdlib_module_names, "cookiecutter", "jinja2", "slugify"}
    for file in [TEMPLATE / "local_extensions.py", *(TEMPLATE / "answers").glob("*.py")]:
        assert imports(file) <= installed, file
    for hook in HOOKS:
        assert imports(hook) <= sys.stdlib_module_names
        assert not imports(hook) & {"subprocess", "pty", "fcntl", "pwd", "grp", "resource"}


def test_hooks_and_answers_name_the_encoding_and_line_end_of_every_file() -> None:
    for file in [*HOOKS, TEMPLATE / "local_extensions.py", *(TEMPLATE / "answers").glob("*.py")]:
        for call in calls(file):
            needed = {
                "open": {"encoding"},
                "read_text": {"encoding"},
                "write_text": {"encoding", "newline"},
            }.get(ast.unparse(call.func).split(".")[-1], set())
            assert needed <= {keyword.arg for keyword in call.keywords}, ast.unparse(call)


def calls(file: Path) -> list[ast.Call]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def imports(file: Path) -> set[str]:
    """Return the modules that a file imports by their full names."""
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [
        node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and not node.level
    ]
    return {name.split(".")[0] for name in names}
