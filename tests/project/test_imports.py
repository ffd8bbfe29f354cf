"""What a server imports: what its first page needs, and for a run of the script nothing more."""

import pytest

from tests.support.baking import BakedProject

# What takes long to import, or much memory, and what a first page can do without.
HEAVY = {
    *("alembic", "mako"),  # for a database that is not up to date
    *("argon2", "passlib"),  # for the first password
    *("extra_streamlit_components", "pandas", "pyarrow"),  # for tables
    *("numpy", "PIL"),  # for pictures
    *("azure", "boto3", "google.cloud", "yaml"),  # where settings might come from
}
# What only some commands need, or none.
HEAVY_FOR_COMMANDS = HEAVY | {"starlette", "streamlit"}

IMPORT_APP = "import sys, app; print(*sys.modules)"
IMPORT_MANAGE = "import sys, manage; print(*sys.modules)"
RUN = """
import sys

import app
from streamlit.testing.v1 import AppTest

tab = AppTest.from_file("main.py", default_timeout=60)
before = set(sys.modules)
assert not tab.run().exception
assert [field.label for field in tab.text_input] == ["Username", "Password"]
print(*set(sys.modules) - before)
"""


@pytest.fixture
def up_to_date(project: BakedProject, environment: dict[str, str]) -> dict[str, str]:
    """The environment of a project whose store has been opened before."""
    project.python("-c", IMPORT_APP, environment=environment)
    return environment


def printed(project: BakedProject, code: str, environment: dict[str, str]) -> set[str]:
    result = project.python("-c", code, environment=environment)
    assert result.returncode == 0, result.stderr
    return set(result.stdout.split())


def test_a_server_starts_without_what_its_first_page_does_not_need(
    project: BakedProject, up_to_date: dict[str, str]
) -> None:
    assert printed(project, IMPORT_APP, up_to_date) & HEAVY == set()


def test_the_first_run_of_the_script_imports_nothing_that_takes_long(
    project: BakedProject, up_to_date: dict[str, str]
) -> None:
    imported = {name.partition(".")[0] for name in printed(project, RUN, up_to_date)}
    assert imported & HEAVY == set()


def test_a_command_is_there_without_what_only_some_need(project: BakedProject) -> None:
    assert printed(project, IMPORT_MANAGE, {}) & HEAVY_FOR_COMMANDS == set()
