"""Which files a bake writes, and what is in them."""

import json
import re
from pathlib import Path

import pytest
from pytest_cookies.plugin import Cookies

from answers.choices import CHOICES
from tests.conftest import Bake
from tests.support.baking import COMBINATIONS, TEMPLATE, BakedProject, files_in
from tests.support.sources import calls, literal_arguments, parse
from tests.support.template_versions import copy_template

# The files of every project, without its tests.
COMMON_FILES = {
    *(".dockerignore", ".editorconfig", ".github/dependabot.yml", ".github/workflows/ci.yml"),
    *(".gitignore", ".pre-commit-config.yaml", ".streamlit/config.toml", "Dockerfile"),
    *("README.md", "app.py", "main.py", "manage.py", "pyproject.toml", "requirements.txt"),
    *("seeds/users.json", "views/home.py", "views/about.py"),
    *("auth/__init__.py", "auth/access.py", "auth/addresses.py", "auth/claims.py"),
    *("auth/clock.py", "auth/commands/__init__.py", "auth/commands/sessions.py"),
    *("auth/commands/users.py", "auth/connections.py", "auth/cookies/__init__.py"),
    *("auth/cookies/curtain.py", "auth/events.py", "auth/forms.py", "auth/gate.py"),
    *("auth/handshake.py", "auth/login.py", "auth/owners.py", "auth/passwords.py"),
    *("auth/server/__init__.py", "auth/server/headers.py", "auth/server/resumption.py"),
    *("auth/server/wall.py", "auth/sessions.py", "auth/settings.py", "auth/stores/__init__.py"),
    *("auth/stores/base.py", "auth/stores/users_file.py", "auth/throttle.py"),
    *("auth/tickets.py", "auth/tokens.py", "auth/users.py"),
}
FILES_OF_ANSWERS = {
    "memory": {"auth/stores/file_change.py", "auth/stores/memory.py"},
    "mysql": {
        *(".streamlit/secrets.toml.example", "auth/commands/database.py", "compose.yaml"),
        *("auth/stores/sql/__init__.py", "auth/stores/sql/databases/__init__.py"),
        *("auth/stores/sql/databases/mysql.py", "auth/stores/sql/engine.py"),
        *("auth/stores/sql/schema.py", "auth/stores/sql/sessions.py"),
        *("auth/stores/sql/settings.py", "auth/stores/sql/tables.py"),
        *("auth/stores/sql/tickets.py", "auth/stores/sql/users.py"),
    },
    "component": {"auth/cookies/component.py"},
    "http_only": {
        *("auth/cookies/http_only/__init__.py", "auth/cookies/http_only/browser.py"),
        *("auth/cookies/http_only/names.py", "auth/cookies/http_only/route.py"),
    },
}
# Where the tests of one answer are.
TESTS_OF_ANSWERS = {
    "memory": "tests/stores/memory/",
    "mysql": "tests/stores/sql/",
    "component": "tests/cookies/test_component.py",
    "http_only": "tests/cookies/http_only/",
}
# What a project of one answer must not even mention.
TRACES = {
    "memory": r"memory.store|stores.memory|file_change|filelock",
    "mysql": r"mysql|sqlalchemy|stores.sql|DB_",
    "component": r"cookie.?manager|extra.streamlit",
    "http_only": r"http.?only\b|one-time code|_auth/cookie",
}


def test_each_combination_has_exactly_its_files_and_no_jinja(project: BakedProject) -> None:
    chosen = [FILES_OF_ANSWERS[answer] for answer in project.answers.values()]
    files = {file for file in project.files() if not file.startswith("tests/")}
    assert files == COMMON_FILES.union(*chosen)
    for file in project.files():
        text = project.read(file)
        # GitHub's workflows write ${{ }}.
        assert not re.search(r"(?<!\$)\{\{|\{%|\{#|cookiecutter\.", f"{file}\n{text}"), file


def test_every_project_has_the_same_tests_except_those_of_its_answers(
    project: BakedProject, default_project: BakedProject
) -> None:
    def common(files: set[str]) -> set[str]:
        of_answers = tuple(TESTS_OF_ANSWERS.values())
        return {
            file for file in files if file.startswith("tests/") and not file.startswith(of_answers)
        }

    assert common(project.files()) == common(default_project.files())
    for answer, place in TESTS_OF_ANSWERS.items():
        has_tests = any(file.startswith(place) for file in project.files())
        assert has_tests == (answer in project.answers.values()), place


def test_no_file_has_another_name_in_the_template(project: BakedProject) -> None:
    template = files_in(TEMPLATE / "{{cookiecutter.project_slug}}")
    assert project.files() - template == {"seeds/users.json", "views/home.py", "views/about.py"}


def test_a_project_has_no_trace_of_what_was_not_chosen(project: BakedProject) -> None:
    for answer, trace in TRACES.items():
        if answer not in project.answers.values():
            for file in project.files():
                text = project.read(file)
                found = re.search(trace, f"{file}\n{text}", re.IGNORECASE)
                assert not found, f"{file}: {found}"


def test_every_combination_is_in_the_table_of_files() -> None:
    assert [
        {"store_backend": store_backend, "cookie_transport": cookie_transport}
        for store_backend in CHOICES["store_backend"]
        for cookie_transport in CHOICES["cookie_transport"]
    ] == COMBINATIONS


def test_demo_users_are_seeded_with_hashes_only(bake: Bake) -> None:
    project = bake(demo_users="ann@example.com, Bob_1")
    text = project.read("seeds/users.json")
    users = json.loads(text)
    assert list(users) == ["ann@example.com", "Bob_1"]
    hashes = [user["password_hash"] for user in users.values()]
    assert all(re.fullmatch(r"\$scrypt\$ln=14,r=8,p=5\$[^$=]{22}\$[^$=]{43}", h) for h in hashes)
    assert len(set(hashes)) == 2


@pytest.mark.parametrize("count", [1, 50])
def test_there_is_a_view_for_every_page(count: int, bake: Bake) -> None:
    project = bake(pages=", ".join(f"Page {number}" for number in range(count)))
    assert len(list((project / "views").iterdir())) == count
    rows = [literal_arguments(call) for call in calls(parse(project / "main.py"), "Page")]
    assert [row["title"] for row in rows] == [f"Page {number}" for number in range(count)]


def test_the_same_answers_make_the_same_project(bake_anew: Bake) -> None:
    # Otherwise cruft would find a change in every update.
    one, two = bake_anew(), bake_anew()
    assert one.files() == two.files()
    for file in one.files():
        assert (one / file).read_bytes() == (two / file).read_bytes(), file


def test_a_template_with_windows_line_ends_makes_the_same_project(
    default_project: BakedProject, cookies_session: Cookies, tmp_path: Path
) -> None:
    template = copy_template(tmp_path / "crlf")
    for file in files_in(template):
        text = (template / file).read_bytes()
        (template / file).write_bytes(text.replace(b"\n", b"\r\n"))
    result = cookies_session.bake(template=str(template))
    assert result.exception is None
    for file in default_project.files():
        ours = (default_project / file).read_bytes()
        assert (result.project_path / file).read_bytes() == ours, file
