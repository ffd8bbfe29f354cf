"""What a bake leaves on disk and says, for good answers and bad ones."""

import ast
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import pytest
from baking import (
    AWKWARD_DESCRIPTION,
    AWKWARD_NAME,
    AWKWARD_TITLES,
    COMBINATIONS,
    TEMPLATE,
    combination_id,
    files_in,
    run_cookiecutter,
    verbatim,
)
from pytest_cookies.plugin import Cookies
from small_template import copy_generator

from answers.choices import CHOICES

Bake = Callable[..., Path]

COMMON_FILES = {
    *(".dockerignore", ".editorconfig", ".github/dependabot.yml", ".github/workflows/ci.yml"),
    ".gitignore",
    *(".pre-commit-config.yaml", ".streamlit/config.toml", "Dockerfile", "README.md", "app.py"),
    *("manage.py", "pyproject.toml", "requirements.txt", "seeds/users.json"),
    *("auth/__init__.py", "auth/cookies.py", "auth/gate.py", "auth/handshake.py", "auth/log.py"),
    *("auth/passwords.py", "auth/sessions.py", "auth/settings.py", "auth/store.py"),
    *("auth/throttle.py", "auth/users.py", "views/home.py", "views/about.py"),
    *("tests/__init__.py", "tests/conftest.py", "tests/tab.py", "tests/test_app.py"),
    *("tests/test_log.py", "tests/test_manage.py", "tests/test_passwords.py"),
    *("tests/test_project.py", "tests/test_sessions.py", "tests/test_settings.py"),
    *("tests/test_throttle.py", "tests/test_users.py"),
}
FILES_OF_ANSWERS = {
    "memory": {"auth/memory_store.py", "tests/test_memory_store.py"},
    "mysql": {
        *(".streamlit/secrets.toml.example", "auth/database.py", "auth/mysql_store.py"),
        *("auth/tables.py", "compose.yaml", "tests/stand_in_store.py", "tests/test_database.py"),
    },
    "component": {"tests/test_component_cookies.py"},
    "http_only": {
        *("main.py", "auth/codes.py", "auth/headers.py", "auth/resumption.py", "auth/routes.py"),
        *("tests/asgi.py", "tests/test_codes.py", "tests/test_headers.py"),
        *("tests/test_http_only_cookies.py", "tests/test_resumption.py", "tests/test_routes.py"),
    },
}
# What a project of one answer must not even mention.
TRACES = {
    "memory": r"memory.store",
    "mysql": r"mysql|sqlalchemy|DB_",
    "component": r"cookie.?manager|extra.streamlit",
    "http_only": r"http.?only|one-time|main\.py|uvicorn app",
}
DEVICES = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)),
}

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


@pytest.fixture(scope="session")
def bake(cookies_session: Cookies) -> Bake:
    """Return a function that bakes through cookiecutter's API and returns the project's folder."""

    def bake(**answers: str) -> Path:
        result = cookies_session.bake(extra_context=answers, template=str(TEMPLATE))
        assert result.exception is None
        assert isinstance(result.project_path, Path)
        return result.project_path

    return bake


@pytest.fixture(scope="session")
def default_project(bake: Bake) -> Path:
    return bake()


@pytest.fixture(scope="session")
def awkward_project(bake: Bake) -> Path:
    return bake(
        project_name=verbatim(AWKWARD_NAME),
        project_slug="awkward",
        description=verbatim(AWKWARD_DESCRIPTION),
        pages=verbatim(", ".join(AWKWARD_TITLES)),
    )


@pytest.mark.parametrize("answers", COMBINATIONS, ids=combination_id)
def test_each_combination_has_exactly_its_files_and_no_jinja(
    answers: dict[str, str], bake: Bake
) -> None:
    project = bake(**answers)
    chosen = [FILES_OF_ANSWERS[answer] for answer in answers.values()]
    assert files_in(project) == COMMON_FILES.union(*chosen)
    for file in files_in(project):
        text = (project / file).read_text(encoding="utf-8")
        # GitHub's workflows write ${{ }}.
        assert not re.search(r"(?<!\$)\{\{|\{%|\{#|cookiecutter\.", f"{file}\n{text}"), file


@pytest.mark.parametrize("answers", COMBINATIONS, ids=combination_id)
def test_a_project_has_no_trace_of_what_was_not_chosen(answers: dict[str, str], bake: Bake) -> None:
    project = bake(**answers)
    for answer, trace in TRACES.items():
        if answer not in answers.values():
            for file in files_in(project):
                text = (project / file).read_text(encoding="utf-8")
                found = re.search(trace, f"{file}\n{text}", re.IGNORECASE)
                assert not found, f"{file}: {found}"


def test_every_combination_is_in_the_table_of_files() -> None:
    assert [
        {"store_backend": store_backend, "cookie_transport": cookie_transport}
        for store_backend in CHOICES["store_backend"]
        for cookie_transport in CHOICES["cookie_transport"]
    ] == COMBINATIONS


def test_no_path_of_the_template_is_illegal_on_windows() -> None:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=TEMPLATE, capture_output=True, check=True).stdout
    paths = listing.decode().rstrip("\0").split("\0")
    assert "cookiecutter.json" in paths
    assert_legal_on_windows(paths)


def test_no_path_of_a_project_is_illegal_on_windows(
    default_project: Path, awkward_project: Path
) -> None:
    assert_legal_on_windows(files_in(default_project))
    assert_legal_on_windows(files_in(awkward_project))


def assert_legal_on_windows(paths: set[str] | list[str]) -> None:
    for path in paths:
        assert len(path) < 150, path
        for part in PurePosixPath(path).parts:
            assert not re.search(r'[<>:"|?*\\\x00-\x1f]|[. ]$', part), path
            assert part.split(".")[0].lower() not in DEVICES, path
    assert len({path.lower() for path in paths}) == len(paths)


def test_the_hook_says_what_to_do_next(bake: Bake, capfd: pytest.CaptureFixture[str]) -> None:
    project = bake()
    said = capfd.readouterr().out
    assert f"Your app is in {project}" in said
    assert f'cd "{project}"' in said
    assert "uv run streamlit run app.py --server.address localhost" in said
    assert "test1, test2 (each name is also its password)" in said
    assert "uv run pytest" in said


def test_without_demo_users_the_hook_says_how_to_add_one(
    bake: Bake, capfd: pytest.CaptureFixture[str]
) -> None:
    project = bake(demo_users="")
    said = capfd.readouterr().out
    assert "uv run python manage.py add-user NAME" in said
    assert "Log in as" not in said
    assert json.loads((project / "seeds" / "users.json").read_text(encoding="utf-8")) == {}


def test_demo_users_are_seeded_with_hashes_only(bake: Bake) -> None:
    project = bake(demo_users="ann@example.com, Bob_1")
    text = (project / "seeds" / "users.json").read_text(encoding="utf-8")
    users = json.loads(text)
    assert list(users) == ["ann@example.com", "Bob_1"]
    hashes = [user["password_hash"] for user in users.values()]
    assert all(re.fullmatch(r"\$scrypt\$ln=14,r=8,p=5\$[^$=]{22}\$[^$=]{43}", h) for h in hashes)
    assert len(set(hashes)) == 2


def test_the_same_answers_make_the_same_project(bake: Bake) -> None:
    # Otherwise cruft would find a change in every update.
    one, two = bake(), bake()
    assert files_in(one) == files_in(two)
    for file in files_in(one):
        assert (one / file).read_bytes() == (two / file).read_bytes(), file


def test_a_template_with_windows_line_ends_makes_the_same_project(
    default_project: Path, bake: Bake, cookies_session: Cookies, tmp_path: Path
) -> None:
    template = copy_template(tmp_path / "crlf")
    for file in files_in(template):
        text = (template / file).read_bytes()
        (template / file).write_bytes(text.replace(b"\n", b"\r\n"))
    result = cookies_session.bake(template=str(template))
    assert result.exception is None
    for file in files_in(default_project):
        ours = (default_project / file).read_bytes()
        assert (result.project_path / file).read_bytes() == ours, file


def copy_template(folder: Path) -> Path:
    name = "{{cookiecutter.project_slug}}"
    shutil.copytree(TEMPLATE / name, folder / name)
    return copy_generator(folder)


def test_every_wrong_answer_is_reported_at_once_and_nothing_is_left(tmp_path: Path) -> None:
    result = run_cookiecutter(
        tmp_path,
        project_name="in -> out",
        project_slug="class",
        pages="🏠, Home, home, :nope: X",
        demo_users="a b, ann, ann",
        session_hours="0",
    )
    assert result.returncode == 1
    errors = [line for line in result.stderr.splitlines() if line]
    assert all(line.startswith("ERROR: The ") and line.endswith(".") for line in errors)
    named = ["->", '"class"', '"🏠"', '"Home" and "home"', '":nope: X"', '"a b"', '"ann"', '"0"']
    assert len(errors) == len(named)
    assert all(name in line for name, line in zip(named, errors, strict=True))
    assert "Nothing was generated." in result.stdout
    assert "Traceback" not in result.stdout + result.stderr
    assert left_behind(tmp_path) == set()


@pytest.mark.parametrize("slug", ["../escape", "a/b", "", "/tmp/a", "con", "a\\b"])
def test_a_slug_that_is_no_folder_name_writes_nowhere(slug: str, tmp_path: Path) -> None:
    result = run_cookiecutter(tmp_path / "out", project_slug=slug)
    assert result.returncode == 1
    assert "ERROR: The project_slug " in result.stderr
    assert "Traceback" not in result.stderr
    assert left_behind(tmp_path / "out") == set()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def left_behind(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"home"}


def test_a_wrong_answer_leaves_an_older_project_alone(tmp_path: Path) -> None:
    project = tmp_path / "streamlit_auth_app"
    project.mkdir()
    (project / "mine.txt").write_text("mine", encoding="utf-8")
    result = run_cookiecutter(tmp_path, "--overwrite-if-exists", pages="!!!")
    assert result.returncode == 1
    assert files_in(project) == {"mine.txt"}


def test_a_choice_that_is_not_offered_leaves_nothing(tmp_path: Path) -> None:
    result = run_cookiecutter(tmp_path, store_backend="paper")
    assert result.returncode == 1
    assert 'ERROR: The store_backend "paper" has to be memory or mysql.' in result.stderr
    assert left_behind(tmp_path) == set()


def test_baking_over_a_project_keeps_its_views_and_users(tmp_path: Path) -> None:
    assert run_cookiecutter(tmp_path).returncode == 0
    project = tmp_path / "streamlit_auth_app"
    for file in ("views/home.py", "seeds/users.json"):
        (project / file).write_text("mine", encoding="utf-8")
    (project / "app.py").unlink()
    result = run_cookiecutter(tmp_path, "--overwrite-if-exists", "--skip-if-file-exists")
    assert result.returncode == 0
    assert (project / "app.py").exists()
    assert (project / "views" / "home.py").read_text(encoding="utf-8") == "mine"
    assert (project / "seeds" / "users.json").read_text(encoding="utf-8") == "mine"


def test_a_hook_that_cannot_write_says_so(tmp_path: Path) -> None:
    project = tmp_path / "streamlit_auth_app"
    project.mkdir()
    (project / "views").write_text("a file, where a folder has to be", encoding="utf-8")
    result = run_cookiecutter(tmp_path, "--overwrite-if-exists")
    assert result.returncode == 1
    assert "ERROR: The project could not be finished" in result.stderr


def test_awkward_answers_stand_in_the_source_as_they_were_given(awkward_project: Path) -> None:
    app = parse(awkward_project / "app.py")
    assert assigned(app, "TITLE") == AWKWARD_NAME
    assert unescaped(menu_text(app)) == AWKWARD_DESCRIPTION
    rows = [literal_arguments(call) for call in calls(app, "Page")]
    assert [row["title"] for row in rows] == AWKWARD_TITLES
    for row, title in zip(rows, AWKWARD_TITLES, strict=True):
        view = parse(awkward_project / row[""])
        assert row[""] == f"views/{row['url_path']}.py"
        assert [unescaped(literal_arguments(call)[""]) for call in calls(view, "title")] == [title]


def test_awkward_answers_stand_in_the_other_files_as_they_were_given(awkward_project: Path) -> None:
    pyproject = tomllib.loads((awkward_project / "pyproject.toml").read_text(encoding="utf-8"))
    assert pyproject["project"]["description"] == AWKWARD_DESCRIPTION
    readme = (awkward_project / "README.md").read_text(encoding="utf-8")
    assert unescaped(readme.splitlines()[0]) == f"# {AWKWARD_NAME}"
    for file in awkward_project.rglob("*.toml"):
        tomllib.loads(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("count", [1, 50])
def test_there_is_a_view_for_every_page(count: int, bake: Bake) -> None:
    project = bake(pages=", ".join(f"Page {number}" for number in range(count)))
    assert len(list((project / "views").iterdir())) == count
    rows = [literal_arguments(call) for call in calls(parse(project / "app.py"), "Page")]
    assert [row["title"] for row in rows] == [f"Page {number}" for number in range(count)]


@pytest.mark.parametrize("attack", INJECTIONS)
def test_an_answer_never_becomes_code(attack: str, default_project: Path, bake: Bake) -> None:
    project = bake(
        project_name=verbatim(attack),
        project_slug="streamlit_auth_app",
        description=verbatim(attack),
        pages=verbatim(f"🏠 Home {attack.replace(',', '')}, ℹ️ About"),
    )
    assert not list(project.rglob("pwned"))
    sources = sorted(project.rglob("*.py"))
    ours = sorted(default_project.rglob("*.py"))
    assert len(sources) == len(ours)
    assert {shape(parse(file)) for file in sources} == {shape(parse(file)) for file in ours}


def test_hooks_and_answers_need_nothing_that_cookiecutter_does_not_bring() -> None:
    brought = {*sys.stdlib_module_names, "cookiecutter", "jinja2", "slugify"}
    assert imports(TEMPLATE / "local_extensions.py") <= brought
    for hook in (TEMPLATE / "hooks").iterdir():
        if hook.suffix == ".py":
            assert imports(hook) <= sys.stdlib_module_names
            assert not imports(hook) & {"subprocess", "pty", "fcntl", "pwd", "grp", "resource"}


def test_hooks_name_the_encoding_and_line_end_of_every_file() -> None:
    for file in [*(TEMPLATE / "hooks").glob("*.py"), TEMPLATE / "local_extensions.py"]:
        for name, keywords in (
            ("open", {"encoding"}),
            ("read_text", {"encoding"}),
            ("write_text", {"encoding", "newline"}),
        ):
            for call in calls(parse(file), name):
                assert keywords <= {keyword.arg for keyword in call.keywords}, ast.unparse(call)


def parse(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def imports(file: Path) -> set[str]:
    nodes = list(ast.walk(parse(file)))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.split(".")[0] for name in names}


def calls(tree: ast.AST, name: str) -> list[ast.Call]:
    """Return the calls of a function or method of that name, in order."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [call for call in found if ast.unparse(call.func).split(".")[-1] == name]


def literal_arguments(call: ast.Call) -> dict[str, str]:
    """Return the first argument, as "", and those with a name."""
    given = [("", argument) for argument in call.args]
    given += [(keyword.arg or "", keyword.value) for keyword in call.keywords]
    return {name: str(ast.literal_eval(value)) for name, value in given}


def assigned(tree: ast.AST, name: str) -> str:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            return str(ast.literal_eval(node.value))
    raise AssertionError(f"{name} is not assigned")


def menu_text(tree: ast.AST) -> str:
    (call,) = calls(tree, "set_page_config")
    (items,) = (keyword.value for keyword in call.keywords if keyword.arg == "menu_items")
    return str(ast.literal_eval(items)["About"])


def unescaped(markdown: str) -> str:
    """Return what Markdown shows of a text whose signs are escaped."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown)


def shape(tree: ast.Module) -> str:
    """Return the tree with every text blanked."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)
