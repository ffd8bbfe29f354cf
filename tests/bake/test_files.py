"""Which files a bake writes, and what is in them."""

import difflib
import json
import re
from pathlib import Path

import pytest
from pytest_cookies.plugin import Cookies

from answers.choices import CHOICES, TOGETHER
from tests.conftest import Bake
from tests.support.baking import (
    COMBINATIONS,
    ONE_OF_EACH,
    TEMPLATE,
    BakedProject,
    combination_id,
    files_in,
)
from tests.support.sources import calls, literal_arguments, parse
from tests.support.template_versions import copy_template

COMMON_FILES = set(
    """
    .dockerignore .editorconfig .github/dependabot.yml .github/workflows/ci.yml .gitignore
    .pre-commit-config.yaml .streamlit/config.toml AGENTS.md Dockerfile README.md app.py
    auth/__init__.py auth/access.py auth/clock.py auth/commands/__init__.py
    auth/commands/invitations.py auth/commands/moving.py auth/commands/printing.py
    auth/commands/texts.py auth/commands/users.py auth/cookies/__init__.py auth/cookies/curtain.py
    auth/cookies/device.py auth/cookies/names.py auth/cookies/pending.py auth/cookies/presented.py
    auth/events/__init__.py auth/events/audit.py auth/events/kinds.py auth/events/log.py
    auth/events/printable.py auth/events/recording.py auth/gate/__init__.py auth/gate/admission.py
    auth/gate/brand.py auth/gate/choosing.py auth/gate/claims.py auth/gate/forms.py
    auth/gate/logins.py auth/gate/one_step.py auth/gate/recent.py auth/gate/refusals.py
    auth/gate/style.css auth/gate/style.py auth/gate/way_in/__init__.py auth/gate/welcome.py
    auth/login/__init__.py auth/login/by_password.py
    auth/login/credentials.py auth/login/invitations.py auth/login/one_time.py
    auth/login/throttle.py auth/login/tries.py auth/passwords/__init__.py auth/passwords/common_passwords.txt
    auth/passwords/foreign.py auth/passwords/hashing.py auth/passwords/made_up.py
    auth/passwords/rules.py auth/records.py auth/server/__init__.py auth/server/caching.py
    auth/server/headers.py auth/server/ownership.py auth/server/preloading.py
    auth/server/resumption.py auth/server/sending.py auth/server/visit.py auth/server/wall.py
    auth/sessions/__init__.py auth/sessions/sessions.py auth/sessions/tickets.py
    auth/sessions/tokens.py auth/settings.py auth/stores/__init__.py auth/stores/interface.py
    auth/stores/room.py auth/stores/uniqueness.py auth/stores/users_file.py auth/tests/__init__.py
    auth/tests/asgi.py auth/tests/conftest.py auth/tests/cookies/__init__.py
    auth/tests/cookies/test_device.py auth/tests/cookies/test_names.py auth/tests/demo.py
    auth/tests/events/__init__.py auth/tests/events/test_log.py auth/tests/events/test_printable.py
    auth/tests/events/test_recording.py auth/tests/foreign_hashes.py auth/tests/gate/__init__.py
    auth/tests/gate/test_admission.py auth/tests/gate/test_claims.py auth/tests/gate/test_forms.py
    auth/tests/gate/test_recent.py auth/tests/gate/test_refusals.py
    auth/tests/gate/test_translation.py auth/tests/gate/test_welcome.py auth/tests/invited.py
    auth/tests/labels.py auth/tests/landing.py auth/tests/login/__init__.py
    auth/tests/login/test_by_password.py auth/tests/login/test_interrupted_logins.py
    auth/tests/login/test_invitations.py auth/tests/login/test_one_time.py
    auth/tests/login/test_throttle.py auth/tests/numbers.py auth/tests/pages.py
    auth/tests/passwords/__init__.py auth/tests/passwords/test_foreign.py
    auth/tests/passwords/test_hashing.py auth/tests/passwords/test_rules.py auth/tests/people.py
    auth/tests/sample.py auth/tests/server/__init__.py auth/tests/server/test_caching.py
    auth/tests/server/test_headers.py auth/tests/server/test_preloading.py
    auth/tests/server/test_resumption.py auth/tests/server/test_sending.py
    auth/tests/server/test_start.py auth/tests/server/test_visit.py auth/tests/server/test_wall.py
    auth/tests/sessions/__init__.py auth/tests/sessions/test_sessions.py
    auth/tests/sessions/test_tickets.py auth/tests/sessions/test_tokens.py
    auth/tests/stores/__init__.py auth/tests/stores/at_once.py auth/tests/stores/records.py
    auth/tests/stores/test_administrators_contract.py auth/tests/stores/test_attempts_contract.py
    auth/tests/stores/test_audit_contract.py auth/tests/stores/test_called_contract.py
    auth/tests/stores/test_current.py auth/tests/stores/test_devices_contract.py
    auth/tests/stores/test_invitations_contract.py auth/tests/stores/test_moving_in_contract.py
    auth/tests/stores/test_sessions_contract.py auth/tests/stores/test_tickets_contract.py
    auth/tests/stores/test_users_contract.py auth/tests/tab.py auth/tests/test_access.py
    auth/tests/test_manage.py auth/tests/test_project.py auth/tests/test_settings.py
    auth/tests/test_texts.py auth/tests/test_usernames.py auth/tests/translation.py
    auth/tests/users/__init__.py auth/tests/users/test_administrators.py
    auth/tests/users/test_authenticator.py auth/tests/users/test_csv_list.py
    auth/tests/users/test_demo.py auth/tests/users/test_directory.py
    auth/tests/users/test_profile.py auth/tests/users/test_roles.py
    auth/tests/users/test_transfer.py auth/tests/visitor/__init__.py
    auth/tests/visitor/test_addresses.py auth/tests/visitor/test_connections.py
    auth/tests/visitor/test_elements.py auth/tests/visitor/test_internals.py
    auth/tests/visitor/test_messages.py auth/tests/visitor/test_owners.py
    auth/tests/visitor/test_user_agents.py auth/tests/visitor/test_visiting.py
    auth/tests/visitor/test_widget_values.py auth/texts.py auth/usernames.py auth/users/__init__.py
    auth/users/administrators.py auth/users/authenticator.py auth/users/csv_list.py
    auth/users/demo.py auth/users/directory.py auth/users/invited.py auth/users/newcomers.py
    auth/users/profile.py auth/users/roles.py auth/users/transfer.py
    auth/users/unfinished/__init__.py auth/visitor/__init__.py
    auth/visitor/addresses.py auth/visitor/connections.py auth/visitor/elements.py
    auth/visitor/handshake.py auth/visitor/internals.py auth/visitor/messages.py
    auth/visitor/owners.py auth/visitor/private_names.py auth/visitor/styles.py
    auth/visitor/user_agents.py auth/visitor/visiting.py auth/visitor/widget_values.py main.py
    manage.py pyproject.toml requirements.txt seeds/users.json static/logo.svg tests/conftest.py
    tests/test_pages.py texts.toml views/about.py views/home.py
    """.split()
)
FILES_OF_SQL = set(
    """
    auth/commands/audit.py auth/commands/database.py auth/commands/sessions.py
    auth/stores/sql/__init__.py auth/stores/sql/attempts.py auth/stores/sql/audit.py
    auth/stores/sql/called.py auth/stores/sql/databases/__init__.py
    auth/stores/sql/databases/base.py auth/stores/sql/databases/parameters.py
    auth/stores/sql/devices.py auth/stores/sql/engine.py auth/stores/sql/migrations/env.py
    auth/stores/sql/migrations/script.py.mako auth/stores/sql/migrations/versions/auth_0001.py
    auth/stores/sql/ownership.py auth/stores/sql/schema.py auth/stores/sql/secrets_file.py
    auth/stores/sql/sessions.py auth/stores/sql/settings.py auth/stores/sql/steps.py
    auth/stores/sql/tables.py auth/stores/sql/tickets.py auth/stores/sql/users.py
    auth/stores/sql/versions.py auth/tests/stores/sql/__init__.py auth/tests/stores/sql/conftest.py
    auth/tests/stores/sql/databases/__init__.py auth/tests/stores/sql/opened.py
    auth/tests/stores/sql/test_commands.py auth/tests/stores/sql/test_engine.py
    auth/tests/stores/sql/test_login_cost.py auth/tests/stores/sql/test_schema.py
    auth/tests/stores/sql/test_settings.py auth/tests/stores/sql/test_statements.py compose.yaml
    """.split()
)
FILES_OF_SERVERS = set(
    """
    .streamlit/secrets.toml.example auth/stores/sql/databases/refusals.py
    auth/stores/sql/databases/server.py auth/tests/stores/sql/databases/test_server.py
    auth/tests/stores/sql/in_memory.py auth/tests/stores/sql/on_server.py
    """.split()
)
FILES_OF_ANSWERS = {
    "memory": set(
        """
        auth/commands/memory.py auth/stores/memory/__init__.py auth/stores/memory/attempts.py
        auth/stores/memory/audit.py auth/stores/memory/devices.py auth/stores/memory/file_change.py
        auth/stores/memory/sessions.py auth/stores/memory/tickets.py auth/stores/memory/users.py
        auth/tests/stores/memory/__init__.py auth/tests/stores/memory/opened.py
        auth/tests/stores/memory/test_file_change.py auth/tests/stores/memory/test_memory.py
        auth/tests/stores/memory/test_processes.py auth/tests/stores/memory/test_users_file.py
        """.split()
    ),
    "sqlite": FILES_OF_SQL
    | set(
        """
        auth/stores/sql/databases/sqlite.py auth/tests/stores/sql/databases/test_sqlite.py
        auth/tests/stores/sql/in_file.py
        """.split()
    ),
    "mysql": FILES_OF_SQL
    | FILES_OF_SERVERS
    | {"auth/stores/sql/databases/mysql.py", "auth/tests/stores/sql/databases/test_mysql.py"},
    "postgresql": FILES_OF_SQL
    | FILES_OF_SERVERS
    | {
        "auth/stores/sql/databases/patient_connection.py",
        "auth/stores/sql/databases/postgresql.py",
        "auth/stores/sql/databases/postgresql_errors.py",
        "auth/tests/stores/sql/databases/test_postgresql.py",
    },
    "component": set(
        """
        auth/cookies/component.py auth/tests/cookies/test_component.py auth/visitor/frames.py
        """.split()
    ),
    "http_only": set(
        """
        auth/cookies/http_only/__init__.py auth/cookies/http_only/route.py
        auth/tests/cookies/http_only/__init__.py auth/tests/cookies/http_only/test_route.py
        auth/tests/cookies/http_only/test_transport.py
        """.split()
    ),
    "pages": set(
        """
        auth/login/own_account.py auth/tests/login/test_own_account.py auth/tests/views/__init__.py
        auth/tests/views/labels.py auth/tests/views/reading.py auth/tests/views/sample.py
        auth/tests/views/test_account.py auth/tests/views/test_audit.py
        auth/tests/views/test_demo.py auth/tests/views/test_invitations.py
        auth/tests/views/test_time_zone.py auth/tests/views/test_translation.py
        auth/tests/views/test_users.py auth/views/__init__.py auth/views/account.py
        auth/views/actions.py auth/views/asking.py auth/views/audit.py auth/views/badges.py
        auth/views/choice.py auth/views/demo.py auth/views/invitations.py auth/views/listing.py
        auth/views/logins.py auth/views/notices.py auth/views/person.py auth/views/profile.py
        auth/views/style.css auth/views/tables.py auth/views/time_zone.py auth/views/times.py
        auth/views/users.py
        """.split()
    ),
    "second_factor": set(
        """
        auth/commands/second_factor.py auth/gate/second_factor/setting_up.py
        auth/tests/test_second_factor_commands.py auth/tests/views/test_second_factor.py
        auth/tests/views/test_second_factor_reset.py auth/views/second_factor.py
        auth/views/second_factor_reset.py
        auth/gate/second_factor/__init__.py auth/login/second_factor/__init__.py
        auth/gate/second_factor/finishing.py auth/gate/second_factor/forms.py
        auth/gate/second_factor/notices.py auth/gate/second_factor/two_steps.py
        auth/login/second_factor/between.py auth/login/second_factor/codes.py
        auth/gate/second_factor/passkey.py auth/login/second_factor/challenges.py
        auth/login/second_factor/passkeys.py auth/login/second_factor/places.py
        auth/tests/gate/second_factor/test_passkey.py
        auth/tests/login/second_factor/device.py auth/tests/login/second_factor/test_passkeys.py
        auth/login/second_factor/news.py auth/login/second_factor/proving.py
        auth/login/second_factor/remembered/__init__.py auth/login/second_factor/throttle.py
        auth/tests/gate/second_factor/conftest.py auth/tests/gate/second_factor/steps.py
        auth/tests/gate/second_factor/test_again.py auth/tests/gate/second_factor/test_login.py
        auth/server/reconnection.py auth/tests/gate/second_factor/test_reconnection.py
        auth/tests/gate/second_factor/test_required.py
        auth/tests/gate/second_factor/test_translation.py auth/tests/gate/second_factor/test_walls.py
        auth/tests/login/second_factor/conftest.py auth/tests/login/second_factor/phone.py
        auth/tests/login/second_factor/test_between.py
        auth/tests/login/second_factor/test_codes.py auth/tests/login/second_factor/test_news.py
        auth/tests/login/second_factor/test_proving.py
        auth/stores/factors/__init__.py auth/stores/factors/file.py
        auth/stores/factors/interface.py auth/tests/gate/second_factor/__init__.py
        auth/tests/login/second_factor/__init__.py auth/tests/second_factors.py
        auth/tests/stores/test_factors_contract.py auth/tests/users/factors/__init__.py
        auth/tests/users/factors/conftest.py auth/tests/users/factors/test_keys.py
        auth/tests/users/factors/test_kept.py auth/tests/users/factors/test_recovery.py
        auth/users/factors/__init__.py auth/users/factors/kept.py auth/users/factors/keys.py
        auth/users/factors/recovery.py
        """.split()
    ),
    "none": set[str](),
}
# What a project has of two answers only together.
FACTORS_IN_SQL = set(
    """
    auth/stores/sql/factor_tables.py auth/stores/sql/factors.py
    auth/stores/sql/migrations/versions/auth_factors_0001.py auth/tests/stores/sql/test_factors.py
    """.split()
)
FILES_OF_PAIRS = {
    ("memory", "second_factor"): {
        "auth/stores/memory/factors.py",
        "auth/tests/stores/memory/test_factors.py",
    },
    ("sqlite", "second_factor"): FACTORS_IN_SQL,
    ("mysql", "second_factor"): FACTORS_IN_SQL,
    ("postgresql", "second_factor"): FACTORS_IN_SQL,
    ("component", "second_factor"): {"auth/login/second_factor/remembered/never.py"},
    ("http_only", "second_factor"): {
        "auth/login/second_factor/remembered/by_device.py",
        "auth/tests/login/second_factor/test_remembered.py",
    },
}
# Has any word that people take for a password.
WORDS = {"auth/passwords/common_passwords.txt"}
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
TRACES_OF_A_SECOND_FACTOR = (
    r"second.?factor|passkey|authenticator app|recovery code|totp|pyotp|fido2|segno"
    r"|secret_keys|remember_browser"
)
TRACES_OF_SQL = r"sqlalchemy|stores.sql|DB_|database|sqlite"
# What hooks write, and what only the author of the template understands.
WRITTEN_BY_HOOKS = {"seeds/users.json", "views/home.py", "views/about.py"}
TRACES_OF_ACCOUNTS = r"account_pages|auth.views|/account\b|Change password"
QUESTIONS = r"project_slug|store_backend|cookie_transport|demo_users|\btemplate\b"


SECOND_FACTOR = [{**answers, "accounts": "second_factor"} for answers in ONE_OF_EACH]


def files_of(project: BakedProject) -> set[str]:
    """Return the files that a project should have."""
    chosen = {name for answer in project.answers.values() for name in answer.split(", ")}
    if "second_factor" in chosen:
        chosen.add("pages")
    return COMMON_FILES.union(
        *(files for name, files in FILES_OF_ANSWERS.items() if name in chosen),
        *(files for pair, files in FILES_OF_PAIRS.items() if chosen.issuperset(pair)),
    )


def test_each_combination_has_exactly_its_files_and_no_jinja(project: BakedProject) -> None:
    has_its_files_and_no_jinja(project)


@pytest.mark.parametrize("answers", SECOND_FACTOR, ids=combination_id)
def test_a_project_with_a_second_factor_has_exactly_its_files_and_no_jinja(
    answers: dict[str, str], bake: Bake
) -> None:
    has_its_files_and_no_jinja(bake(**answers))


def has_its_files_and_no_jinja(project: BakedProject) -> None:
    assert project.files() == files_of(project)
    for file in project.files():
        text = project.read(file)
        # GitHub's workflows write ${{ }}.
        assert not re.search(r"(?<!\$)\{\{|\{%|\{#|cookiecutter\.", f"{file}\n{text}"), file


def test_every_file_of_the_template_is_in_some_project_under_the_same_name(bake: Bake) -> None:
    all_answers = [*COMBINATIONS, *SECOND_FACTOR]
    in_projects: set[str] = set().union(*(bake(**answers).files() for answers in all_answers))
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


def test_a_project_without_a_second_factor_has_no_trace_of_one(project: BakedProject) -> None:
    for file in project.files() - WORDS:
        text = project.read(file).replace("There is no second factor", "")
        found = re.search(TRACES_OF_A_SECOND_FACTOR, f"{file}\n{text}", re.IGNORECASE)
        assert not found, f"{file}: {found}"


def test_without_accounts_a_project_lacks_their_files_and_lines_and_nothing_else(
    project: BakedProject, bake: Bake
) -> None:
    without = bake(**{**project.answers, "accounts": "none"})
    assert project.files() - without.files() == FILES_OF_ANSWERS["pages"]
    assert without.files() <= project.files()
    changed = {file for file in without.files() if without.read(file) != project.read(file)}
    assert changed == {"main.py", "pyproject.toml", "README.md"}
    for file in changed:
        lines = difflib.ndiff(project.read(file).splitlines(), without.read(file).splitlines())
        added = [line for line in lines if line.startswith("+ ")]
        assert added == [], file
    # A translation is one file, whatever was chosen: so the texts of all pages stand there.
    for file in without.files() - {"auth/texts.py", "auth/tests/test_texts.py"}:
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
    assert FILES_OF_PAIRS.keys() == TOGETHER.keys()


def test_demo_users_are_seeded_as_such_with_an_id_each(bake: Bake) -> None:
    project = bake(demo_users="ann@example.com, Bob_1")
    users = json.loads(project.read("seeds/users.json"))
    assert list(users) == ["ann@example.com", "bob_1"]
    assert {user["password_hash"] for user in users.values()} == {"demo"}
    ids = {user["id"] for user in users.values()}
    assert len(ids) == 2
    assert all(re.fullmatch("[0-9a-f]{32}", each) for each in ids)


def test_a_project_knows_the_demo_users_of_the_hook(bake: Bake) -> None:
    project = bake(project_slug="sales", demo_users="ann@example.com, Bob_1")
    with project.modules() as app:
        found = app.users.list_demo()
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
