"""Which files a bake writes, and what is in them."""

import difflib
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

COMMON_FILES = set(
    """
    .dockerignore .editorconfig AGENTS.md .github/dependabot.yml .github/workflows/ci.yml .gitignore
    .pre-commit-config.yaml .streamlit/config.toml Dockerfile README.md app.py main.py manage.py
    pyproject.toml requirements.txt static/logo.svg seeds/users.json views/about.py views/home.py
    auth/__init__.py auth/access.py auth/actor.py auth/addresses.py auth/administrators.py auth/browsers.py auth/claims.py
    auth/clock.py auth/common_passwords.txt auth/demo.py auth/first_users.py auth/password_rules.py auth/recent.py auth/refusals.py
    auth/connections.py auth/credentials.py auth/events.py auth/forms.py auth/gate.py auth/handshake.py auth/login.py
    auth/one_time.py auth/owners.py auth/pace.py auth/passwords.py auth/roles.py auth/sessions.py auth/settings.py auth/style.css auth/throttle.py
    auth/tickets.py auth/tokens.py auth/transfer.py auth/usernames.py auth/users.py auth/widget_values.py
    auth/commands/__init__.py auth/commands/users.py
    auth/cookies/__init__.py auth/cookies/browser.py auth/cookies/curtain.py auth/cookies/names.py
    auth/server/__init__.py auth/server/first_page.py auth/server/headers.py
    auth/server/resumption.py auth/server/wall.py
    auth/stores/__init__.py auth/stores/base.py auth/stores/hash_kinds.py
    auth/stores/interface.py auth/stores/room.py
    auth/stores/users_file.py
    tests/__init__.py tests/asgi.py tests/conftest.py tests/demo.py tests/labels.py tests/sample.py tests/tab.py
    tests/test_password_rules.py tests/test_recent.py tests/test_refusals.py
    tests/test_access.py tests/test_actor.py tests/test_addresses.py tests/test_browsers.py
    tests/test_claims.py tests/test_connections.py tests/test_demo.py tests/test_first_users.py
    tests/test_events.py tests/test_forms.py tests/test_gate.py tests/test_handshake.py tests/test_login.py
    tests/test_manage.py tests/test_pace.py tests/test_passwords.py tests/test_project.py tests/test_sessions.py
    tests/test_settings.py tests/test_throttle.py tests/test_tickets.py tests/test_tokens.py
    tests/test_users.py tests/test_administrators.py tests/test_one_time.py tests/test_roles.py
    tests/test_transfer.py tests/test_widget_values.py
    tests/cookies/__init__.py tests/cookies/test_browser.py tests/cookies/test_names.py
    tests/server/__init__.py tests/server/test_first_page.py tests/server/test_headers.py tests/server/test_resumption.py
    tests/server/test_start.py tests/server/test_wall.py
    tests/test_interrupted_logins.py
    tests/stores/__init__.py tests/stores/at_once.py tests/stores/records.py
    tests/stores/test_administrators_contract.py tests/stores/test_attempts_contract.py
    tests/stores/test_audit_contract.py tests/stores/test_browsers_contract.py
    tests/stores/test_current.py
    tests/stores/test_sessions_contract.py tests/stores/test_tickets_contract.py
    tests/stores/test_users_contract.py
    """.split()
)
FILES_OF_SQL = set(
    """
    compose.yaml
    auth/commands/audit.py auth/commands/database.py auth/commands/sessions.py
    migrations/env.py migrations/script.py.mako
    migrations/auth/auth_0001_users_sessions_tickets.py
    migrations/auth/auth_0002_attempts_audit.py
    migrations/auth/auth_0003_unlocks_browsers_lowercase.py
    migrations/auth/auth_0004_session_places.py migrations/auth/auth_0005_sessions_by_username.py
    migrations/auth/auth_0006_one_time_passwords.py
    auth/stores/sql/__init__.py auth/stores/sql/attempts.py auth/stores/sql/audit.py
    auth/stores/sql/browsers.py
    auth/stores/sql/engine.py auth/stores/sql/schema.py
    auth/stores/sql/secrets_file.py auth/stores/sql/sessions.py auth/stores/sql/settings.py
    auth/stores/sql/steps.py
    auth/stores/sql/tables.py auth/stores/sql/tickets.py auth/stores/sql/users.py
    auth/stores/sql/databases/__init__.py auth/stores/sql/databases/base.py
    tests/stores/sql/__init__.py tests/stores/sql/conftest.py tests/stores/sql/opened.py
    tests/stores/sql/test_commands.py tests/stores/sql/test_engine.py
    tests/stores/sql/test_login_cost.py
    tests/stores/sql/test_schema.py tests/stores/sql/test_settings.py
    tests/stores/sql/test_statements.py
    tests/stores/sql/databases/__init__.py
    """.split()
)
FILES_OF_SERVERS = set(
    """
    .streamlit/secrets.toml.example
    auth/stores/sql/databases/server.py
    tests/stores/sql/databases/test_server.py tests/stores/sql/in_memory.py
    tests/stores/sql/on_server.py
    """.split()
)
FILES_OF_ANSWERS = {
    "memory": set(
        """
        auth/commands/memory.py
        auth/stores/file_change.py auth/stores/memory.py auth/stores/memory_attempts.py
        auth/stores/memory_audit.py auth/stores/memory_browsers.py auth/stores/memory_users.py
        tests/stores/memory/__init__.py tests/stores/memory/opened.py
        tests/stores/memory/test_file_change.py tests/stores/memory/test_memory.py
        tests/stores/memory/test_processes.py tests/stores/memory/test_users_file.py
        """.split()
    ),
    "sqlite": FILES_OF_SQL
    | {
        *("auth/stores/sql/databases/sqlite.py", "tests/stores/sql/databases/test_sqlite.py"),
        "tests/stores/sql/in_file.py",
    },
    "mysql": FILES_OF_SQL
    | FILES_OF_SERVERS
    | {"auth/stores/sql/databases/mysql.py", "tests/stores/sql/databases/test_mysql.py"},
    "postgresql": FILES_OF_SQL
    | FILES_OF_SERVERS
    | {"auth/stores/sql/databases/postgresql.py", "tests/stores/sql/databases/test_postgresql.py"},
    "component": set(
        """
        auth/cookies/component.py
        tests/cookies/test_component.py
        """.split()
    ),
    "http_only": set(
        """
        auth/cookies/http_only/__init__.py auth/cookies/http_only/route.py
        tests/cookies/http_only/__init__.py tests/cookies/http_only/test_route.py
        tests/cookies/http_only/test_transport.py
        """.split()
    ),
    "pages": set(
        """
        auth/account.py auth/views/__init__.py auth/views/account.py auth/views/actions.py auth/views/audit.py auth/views/demo.py auth/views/users.py
        tests/test_account.py tests/views/__init__.py tests/views/labels.py tests/views/sample.py tests/views/test_account.py
        tests/views/test_audit.py tests/views/test_demo.py tests/views/test_users.py
        """.split()
    ),
    "none": set[str](),
}
# Has any word that people take for a password.
WORDS = {"auth/common_passwords.txt"}
# What a project of one answer must not even mention.
TRACES = {
    "memory": r"memory.store|stores.memory|file_change|filelock|\.json\.lock",
    # The tests of the other databases run on SQLite, too, but in memory.
    "sqlite": r"databases.sqlite|db_file|write.ahead|\.db\b|sql.in_file|app/data",
    "mysql": r"mysql|mariadb|3306",
    "postgresql": r"postgres|psycopg|5432",
    "component": r"cookie.?manager|extra.streamlit|cookies.component",
    "http_only": r"http_only|one-time code|_auth/cookie|no server to set",
}
TRACES_OF_SQL = r"sqlalchemy|stores.sql|DB_|database|sqlite"
# What hooks write, and what only the author of the template understands.
WRITTEN_BY_HOOKS = {"seeds/users.json", "views/home.py", "views/about.py"}
TRACES_OF_ACCOUNTS = r"account_pages|auth.views|tests.views|/account\b|Change password"
QUESTIONS = r"project_slug|store_backend|cookie_transport|demo_users|\btemplate\b"


def test_each_combination_has_exactly_its_files_and_no_jinja(project: BakedProject) -> None:
    chosen = [FILES_OF_ANSWERS[answer] for answer in project.answers.values()]
    assert project.files() == COMMON_FILES.union(*chosen)
    for file in project.files():
        text = project.read(file)
        # GitHub's workflows write ${{ }}.
        assert not re.search(r"(?<!\$)\{\{|\{%|\{#|cookiecutter\.", f"{file}\n{text}"), file


def test_every_file_of_the_template_is_in_some_project_under_the_same_name(bake: Bake) -> None:
    in_projects: set[str] = set().union(*(bake(**answers).files() for answers in COMBINATIONS))
    assert in_projects - WRITTEN_BY_HOOKS == files_in(TEMPLATE / "{{cookiecutter.project_slug}}")


def test_a_project_has_no_trace_of_what_was_not_chosen(project: BakedProject) -> None:
    for answer, trace in TRACES.items():
        if answer not in project.answers.values():
            for file in project.files() - WORDS:
                text = project.read(file)
                found = re.search(trace, f"{file}\n{text}", re.IGNORECASE)
                assert not found, f"{file}: {found}"


def test_a_project_without_a_database_has_no_trace_of_any(bake: Bake) -> None:
    project = bake(store_backend="memory", cookie_transport="http_only")
    for file in project.files():
        found = re.search(TRACES_OF_SQL, f"{file}\n{project.read(file)}", re.IGNORECASE)
        assert not found, f"{file}: {found}"


def test_without_accounts_a_project_lacks_their_files_and_lines_and_nothing_else(
    project: BakedProject, bake: Bake
) -> None:
    without = bake(**{**project.answers, "accounts": "none"})
    assert project.files() - without.files() == FILES_OF_ANSWERS["pages"]
    assert without.files() <= project.files()
    changed = {file for file in without.files() if without.read(file) != project.read(file)}
    assert changed == {"main.py", "README.md"}
    for file in changed:
        lines = difflib.ndiff(project.read(file).splitlines(), without.read(file).splitlines())
        added = [line for line in lines if line.startswith("+ ")]
        assert added == (["+ }"] if file == "main.py" else []), file
    for file in without.files():
        found = re.search(TRACES_OF_ACCOUNTS, f"{file}\n{without.read(file)}")
        assert not found, f"{file}: {found}"


def test_a_project_says_nothing_that_only_the_author_of_the_template_understands(
    project: BakedProject,
) -> None:
    for file in project.files():
        found = re.search(QUESTIONS, project.read(file))
        assert not found, f"{file}: {found}"


def test_every_combination_is_in_the_table_of_files() -> None:
    assert [
        {"store_backend": store_backend, "cookie_transport": cookie_transport}
        for store_backend in CHOICES["store_backend"]
        for cookie_transport in CHOICES["cookie_transport"]
    ] == COMBINATIONS
    assert list(FILES_OF_ANSWERS) == [name for choices in CHOICES.values() for name in choices]


def test_demo_users_are_seeded_with_hashes_only(bake: Bake) -> None:
    project = bake(demo_users="ann@example.com, Bob_1")
    text = project.read("seeds/users.json")
    users = json.loads(text)
    assert list(users) == ["ann@example.com", "bob_1"]
    hashes = [user["password_hash"] for user in users.values()]
    assert all(re.fullmatch(r"\$scrypt\$ln=14,r=8,p=1\$[^$=]{22}\$[^$=]{43}", h) for h in hashes)
    assert len(set(hashes)) == 2


def test_a_project_knows_the_demo_users_of_the_hook(bake: Bake) -> None:
    project = bake(project_slug="sales", demo_users="ann@example.com, Bob_1")
    with project.modules() as app:
        found = app.first_users.list_all()
        assert [user.username for user in found] == ["ann@example.com", "bob_1"]
        assert all(app.credentials.verify_user(user.username, user.username) for user in found)
    with project.modules({"APP_ENV": "production"}) as app:
        assert not any(app.credentials.verify_user(user.username, user.username) for user in found)


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
