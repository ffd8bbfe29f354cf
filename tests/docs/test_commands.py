"""The commands of the README and the documents, run as they are written."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from passlib.hash import bcrypt, django_pbkdf2_sha256

from tests.support.baking import files_in, isolated_environment
from tests.support.database_server import PrivateServer
from tests.support.documents import DOCUMENTS, commands_in, name_of, section, steps_in
from tests.support.modules import imported
from tests.support.sweep import sweep
from tests.support.template_versions import git, github_is_here
from tests.support.uv import find_uv, with_uv_on_path

PASSWORD = "correct horse battery"

# The parts of the documents that the tests below run.
RUN = [
    ("README.md", "## Use it"),
    ("docs/prompts.md", "# The questions"),
    ("docs/troubleshooting.md", "## While scaffolding"),
    ("docs/tutorial.md", "# Tutorial: from nothing to your own pages"),
    ("docs/updating.md", "## What a project remembers"),
    ("docs/updating.md", "## Write it for a project that has none"),
    ("docs/updating.md", "## Update with cruft"),
    ("docs/updating.md", "## Update without cruft"),
    ("docs/updating.md", "## Make it again on top of itself"),
    ("docs/grow.md", "# Growing: from one store to the next"),
    ("docs/moving_in.md", "# Moving in with the users that you have"),
]
SERVES = "serves until Ctrl-C; tests/support/servers.py runs it as `python -m streamlit run app.py`"
CHECKS = "make check runs it, and test_docs.py compares the two"
NOT_RUN = {
    "uv run streamlit run app.py --server.address localhost": SERVES,
    "make demo": "serves until Ctrl-C; test_demo.py runs its script",
    "uv run scripts/demo.py": "as make demo",
    "make test": "runs these tests",
    "make test-all": "likewise",
    "uv run pytest -n auto --dist worksteal": "likewise",
    'uv run pytest -n auto --dist worksteal -m ""': "likewise",
    **dict.fromkeys(
        [
            "export TEST_MYSQL_URL=mysql://root:PASSWORD@127.0.0.1:3306",
            "export TEST_POSTGRESQL_URL=postgresql://postgres:PASSWORD@127.0.0.1:5432",
            "uv run pytest tests/stores",
            "uv run pytest tests/project/test_checks.py -k real_server",
        ],
        "runs some of these tests, on servers that the machine may not have",
    ),
    "cd demo/streamlit_auth_app && uv run pytest tests auth": "the tutorial runs it in another project",
    **dict.fromkeys(commands_in(section("CONTRIBUTING.md", "## Set up"))[4:-2], CHECKS),
}

Shell = Callable[..., str]


@pytest.fixture
def shell(repository: Path, tmp_path: Path) -> Shell:
    """Return a function that runs commands in an empty folder, and returns what they printed.

    uvx is a stand-in that takes the tools of this environment, so that nothing is installed
    into the machine's own. What a command asks is answered from a file.
    """
    programs = tmp_path / "bin"
    programs.mkdir()
    uvx = programs / "uvx"
    uvx.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m "$@"\n', encoding="utf-8")
    uvx.chmod(0o755)
    environment = isolated_environment(tmp_path) | github_is_here(repository)
    for name in ("VIRTUAL_ENV", "PYTHONPATH", "PYTEST_ADDOPTS"):
        environment.pop(name, None)
    environment = with_uv_on_path(environment)
    environment |= {
        "PATH": os.pathsep.join([str(programs), environment["PATH"]]),
        "UV_CACHE_DIR": output_of(find_uv(), "cache", "dir"),
        **{f"GIT_{who}_NAME": "Ann" for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_EMAIL": "ann@example.com" for who in ("AUTHOR", "COMMITTER")},
    }
    work = tmp_path / "work"
    work.mkdir()

    def run(
        commands: list[str], *, typed: str = "", also: dict[str, str] | None = None, at: str = "."
    ) -> str:
        answers = tmp_path / "typed"
        answers.write_text(typed, encoding="utf-8")
        steps = [step for step in commands if step not in NOT_RUN]
        script = "\n".join(f"{{ {step}\n}} <'{answers}'" for step in steps)
        result = subprocess.run(
            ["bash", "-eu", "-c", script],
            cwd=work / at,
            env=environment | (also or {}),
            capture_output=True,
            encoding="utf-8",
            check=False,
            # Without a terminal a password is read from the file, too.
            start_new_session=True,
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    return run


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """The folder that the shell is in."""
    return tmp_path / "work"


def output_of(*command: str) -> str:
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout.strip()


def test_every_command_is_run_or_has_a_reason() -> None:
    run = {command for place in RUN for command in commands_in(section(*place))}
    written = {
        command for document in DOCUMENTS for command in commands_in(section(name_of(document)))
    }
    assert written - run - NOT_RUN.keys() == set()
    assert NOT_RUN.keys() - written == set()


def test_the_readme_makes_a_project(shell: Shell, work: Path) -> None:
    shell(steps_in(section("README.md", "## Use it")), typed="\n" * 9)
    assert (work / "streamlit_auth_app" / "views" / "home.py").exists()


def test_the_questions_can_be_answered_on_the_command_line(shell: Shell, work: Path) -> None:
    shell(steps_in(section("docs/prompts.md")))
    assert (work / "sales" / "views" / "customers.py").exists()


def test_the_questions_can_be_answered_in_a_file(shell: Shell, work: Path) -> None:
    shell(steps_in(section("docs/troubleshooting.md", "## While scaffolding")))
    assert (work / "sales" / "views" / "customers.py").exists()


@sweep
def test_the_tutorial_works_from_its_first_line_to_its_last(shell: Shell, work: Path) -> None:
    said = shell(steps_in(section("docs/tutorial.md")), typed=f"{PASSWORD}\n" * 2)
    assert "\nann\ncarol\n" in said
    assert (work / "sales" / "views" / "orders.py").exists()


CONFIG = """\
credentials:
  usernames:
    JSmith:
      email: jsmith@example.com
      name: John Smith
      password: {password_hash}
      roles: [admin]
    guest:
      email: guest@example.com
"""


def test_people_move_in_with_the_passwords_that_they_have(shell: Shell, work: Path) -> None:
    shell(["uvx cookiecutter gh:OWNER/cookiecutter-streamlit-auth --no-input demo_users="])
    bcrypt_hash = bcrypt.using(rounds=4).hash(PASSWORD)
    (work / "config.yaml").write_text(CONFIG.format(password_hash=bcrypt_hash), "utf-8")
    account = ("Dan", "dan@example.com", "Dan Brown", django_pbkdf2_sha256.hash(PASSWORD))
    with closing(sqlite3.connect(work / "old_app.db")) as database, database:
        database.execute("CREATE TABLE accounts (login, mail, full_name, password)")
        database.execute("INSERT INTO accounts VALUES (?, ?, ?, ?)", account)
    said = shell(steps_in(section("docs/moving_in.md")))
    assert "Would import 2 users: jsmith, guest.\n" in said
    assert "\njsmith (John Smith, jsmith@example.com, the role admin)\n" in said
    assert "\nusername,one_time_password\nann," in said
    with imported(work / "streamlit_auth_app", {}) as app:
        verify = app.load("auth").verify_user
        assert verify("jsmith@example.com", PASSWORD)
        assert verify("dan", PASSWORD)
        users = {user.username: user for user in app.users.list_users()}
        assert users["carol@example.com"].display_name == "Carol Jones"
        assert users["ann"].roles == ("sales", "admin")
        assert all(users[name].has_one_time_password for name in ("ann", "ben", "guest"))
        assert users["dan"].password_hash.startswith("$argon2id$")


@sweep
def test_a_project_is_updated_and_gets_another_answer(shell: Shell, work: Path) -> None:
    make = steps_in(section("docs/updating.md", "## What a project remembers"))
    update = steps_in(section("docs/updating.md", "## Update with cruft"))
    shell(make + update)
    project = work / "streamlit_auth_app"
    assert is_new(project)
    assert "default=8," in (project / "auth" / "settings.py").read_text(encoding="utf-8")


@sweep
def test_cruft_learns_about_a_project_that_remembers_nothing(shell: Shell, work: Path) -> None:
    project = older_project(shell, work)
    git(project, "rm", "--quiet", ".cruft.json")
    git(project, "commit", "--quiet", "--message", "as from an archive")
    link = section("docs/updating.md", "## Write it for a project that has none")
    shell(steps_in(link), at=project.name)
    noted = json.loads((project / ".cruft.json").read_text(encoding="utf-8"))
    assert noted["checkout"] == "1.0.0"
    shell(["uvx cruft update --checkout 2.0.0 --skip-apply-ask"], at=project.name)
    assert is_new(project)


def test_every_answer_changes_both_ways_beside_an_owners_edits(shell: Shell, work: Path) -> None:
    shell(["uvx cruft create https://github.com/OWNER/cookiecutter-streamlit-auth --no-input"])
    project = work / "streamlit_auth_app"
    save(project)
    page = '    st.Page("views/mine.py", title="Mine"): roles("sales"),\n}\n'
    for old, new in (("import logged_in\n", "import logged_in, roles\n"), ("}\n", page)):
        text = (project / "main.py").read_text(encoding="utf-8")
        assert text.count(old) == 1
        (project / "main.py").write_text(text.replace(old, new), encoding="utf-8")
    edited = (project / "main.py").read_text(encoding="utf-8")
    for answers in (
        {"store_backend": "mysql", "cookie_transport": "http_only", "accounts": "none"},
        {"store_backend": "memory", "cookie_transport": "component", "accounts": "pages"},
    ):
        save(project)
        update = "uvx cruft update --skip-apply-ask --variables-to-update"
        shell([f"{update} '{json.dumps(answers)}'"], at=project.name)
        main = (project / "main.py").read_text(encoding="utf-8")
        assert page in main
        assert "import logged_in, roles\n" in main
        assert ("account_pages" in main) == (answers["accounts"] == "pages")
        assert not list(project.rglob("*.rej"))
    assert main == edited


@sweep
def test_a_project_is_updated_without_cruft(shell: Shell, work: Path) -> None:
    project = older_project(shell, work)
    (project / "views" / "home.py").write_text("# mine\n", encoding="utf-8")
    shell(steps_in(section("docs/updating.md", "## Update without cruft")))
    assert is_new(project)
    assert (project / "views" / "home.py").read_text(encoding="utf-8") == "# mine\n"
    assert not list(project.rglob("*.rej"))


def test_a_project_made_again_on_top_of_itself_keeps_every_edit(shell: Shell, work: Path) -> None:
    project = older_project(shell, work)
    (project / "main.py").write_text("# mine\n", encoding="utf-8")
    (project / "auth" / "gate" / "admission.py").unlink()
    shell(steps_in(section("docs/updating.md", "## Make it again on top of itself")))
    assert (project / "main.py").read_text(encoding="utf-8") == "# mine\n"
    assert (project / "auth" / "gate" / "admission.py").exists()


def older_project(shell: Shell, work: Path) -> Path:
    """Return a project that cookiecutter made from version 1.0.0, in git."""
    template = "gh:OWNER/cookiecutter-streamlit-auth"
    shell([f"uvx cookiecutter {template} --no-input --checkout 1.0.0"])
    project = work / "streamlit_auth_app"
    save(project)
    return project


def save(project: Path) -> None:
    git(project, "init", "--quiet")
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--allow-empty", "--message", "all of it")


def is_new(project: Path) -> bool:
    return "STREAMLIT_AUTH_APP" in (project / "manage.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("tool", "heading", "server"),
    [
        ("cruft create https://github.com/", "### With cruft", "postgresql"),
        pytest.param("cookiecutter gh:", "### Without cruft", "mysql", marks=sweep),
    ],
)
def test_a_user_of_the_memory_store_logs_in_after_every_change_of_the_store(
    tool: str,
    heading: str,
    server: str,
    shell: Shell,
    work: Path,
    request: pytest.FixtureRequest,
) -> None:
    shell([f"uvx {tool}OWNER/cookiecutter-streamlit-auth --no-input"])
    project = work / "streamlit_auth_app"
    (project / "views" / "home.py").write_text("# mine\n", encoding="utf-8")
    (project / "views" / "about.py").rename(project / "views" / "renamed.py")
    main = (project / "main.py").read_text("utf-8").replace("views/about.py", "views/renamed.py")
    (project / "main.py").write_text(main, "utf-8")
    with imported(project, {}) as app:
        app.users.add_user("ann", PASSWORD)
        app.users.set_password(app.users.get("test1"), f"new {PASSWORD}")
        app.users.disable_user("test2")

    def change_to(store: str, environment: dict[str, str]) -> None:
        shell(steps_in(section("docs/grow.md", "## 1. Take the users along")))
        save(project)
        headings = [heading, "## 4. Bring the users in"]
        steps = [step for part in headings for step in steps_in(section("docs/grow.md", part))]
        steps = [step.replace("sqlite", store) for step in steps]
        # The new project is in another place than the one that the users come from.
        at = steps.index(next(step for step in steps if "import-users" in step))
        exported = [f"export {name}='{value}'" for name, value in environment.items()]
        said = shell([*steps[:at], *exported, *steps[at:]])
        of_test2 = "demo user: its name is its password, disabled"
        assert f"ann\ntest1 (the role admin)\ntest2 ({of_test2})\n" in said
        assert (project / "views" / "home.py").read_text(encoding="utf-8") == "# mine\n"
        assert files_in(project / "views") == {"home.py", "renamed.py"}
        assert (project / "main.py").read_text(encoding="utf-8") == main
        with imported(project, environment) as app:
            auth = app.load("auth")
            assert auth.verify_user("ann", PASSWORD)
            assert auth.verify_user("test1", f"new {PASSWORD}")
            assert not auth.verify_user("test1", "test1")
            assert not auth.verify_user("test2", "test2")
            assert auth.validate_session(auth.create_session("ann")) == "ann"
        assert not (work / "exported_users.json").exists()
        shutil.rmtree(work / "old_app", ignore_errors=True)

    change_to("sqlite", {})
    page = section("docs/grow.md", "## 3. A database")
    postgresql, mysql = (block.split("```")[0] for block in page.split("```sql\n")[1:])
    (export,) = steps_in(page)
    database = dict(setting.split("=") for setting in export.split()[1:])
    machine: PrivateServer = request.getfixturevalue(f"private_{server}_server")
    sql = mysql if server == "mysql" else postgresql
    machine.execute(*sql.strip().rstrip(";").split(";"))
    try:
        change_to(server, {**database, "DB_HOST": machine.host, "DB_PORT": str(machine.port)})
    finally:
        of_app = "USER 'app'@'%'" if server == "mysql" else "ROLE app"
        machine.execute("DROP DATABASE streamlit_auth_app", f"DROP {of_app}")
