"""Which files a bake writes, and what is in them."""

import json
import re
from pathlib import Path

import pytest
from pytest_cookies.plugin import Cookies

from tests.conftest import Bake
from tests.support.baking import COMBINATIONS, TEMPLATE, BakedProject, files_in
from tests.support.sources import calls, literal_arguments, parse
from tests.support.template_versions import copy_template

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


def test_each_combination_has_exactly_its_files_and_no_jinja(project: BakedProject) -> None:
    chosen = [FILES_OF_ANSWERS[answer] for answer in project.answers.values()]
    assert project.files() == COMMON_FILES.union(*chosen)
    for file in project.files():
        text = project.read(file)
        # GitHub's workflows write ${{ }}.
        assert not re.search(r"(?<!\$)\{\{|\{%|\{#|cookiecutter\.", f"{file}\n{text}"), file


def test_a_project_has_no_trace_of_what_was_not_chosen(project: BakedProject) -> None:
    for answer, trace in TRACES.items():
        if answer not in project.answers.values():
            for file in project.files():
                text = project.read(file)
                found = re.search(trace, f"{file}\n{text}", re.IGNORECASE)
                assert not found, f"{file}: {found}"


def test_every_combination_is_in_the_table_of_files() -> None:
    questions = json.loads((TEMPLATE / "cookiecutter.json").read_text(encoding="utf-8"))
    assert [
        {"store_backend": store_backend, "cookie_transport": cookie_transport}
        for store_backend in questions["store_backend"]
        for cookie_transport in questions["cookie_transport"]
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
    rows = [literal_arguments(call) for call in calls(parse(project / "app.py"), "Page")]
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
