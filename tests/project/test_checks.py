"""Generated projects pass their own checks as they are, with no fixing step."""

import pytest
from filelock import FileLock

from tests.conftest import Bake
from tests.support.baking import (
    AWKWARD_ANSWERS,
    ONE_OF_EACH,
    THE_OTHERS,
    BakedProject,
    combination_id,
)
from tests.support.database_server import Server
from tests.support.sweep import sweep, swept

OF_EACH = {combination_id(answers): answers for answers in ONE_OF_EACH}
ANSWERS: dict[str, dict[str, str]] = {
    **OF_EACH,
    "awkward": {**AWKWARD_ANSWERS, "session_hours": "000.250"},
    "one page, no user": {
        "pages": "Home",
        "demo_users": "",
        "description": "",
        "store_backend": "mysql",
        "cookie_transport": "http_only",
    },
    "no pages of the login": {"store_backend": "sqlite", "accounts": "none"},
    "fifty pages": {
        "project_name": "x" * 80,
        "project_slug": "x" * 56,
        "description": "A description that takes more than one line of code. " * 3,
        "pages": ", ".join(f":material/home: Page {'long ' * (n % 15)}{n}" for n in range(50)),
        "demo_users": ", ".join(f"user{n}@example.com" for n in range(10)),
    },
}

# One of each store, with the files that only a second factor has.
SECOND_FACTOR = {
    combination_id(answers): answers
    for answers in ({**answers, "accounts": "second_factor"} for answers in ONE_OF_EACH)
}
IN_THE_SWEEP = {combination_id(answers): answers for answers in THE_OTHERS} | SECOND_FACTOR
IN_TURN = [*ANSWERS, "memory-component-second_factor", "mysql-http_only-second_factor"]
# What is awkward, long or missing in an answer is a text, whose type is the same.
TYPED = {*IN_TURN} - {"awkward", "one page, no user", "fifty pages"}
# Whose tests run each time: all of one project, and of the others what depends on their answers, on
# a server where they have a store for one. The rest of the others' differ from these in what they
# are called only.
ALL = ["tests", "auth"]
TESTED_ON_SERVERS = ["mysql-http_only", "postgresql-component"]
OF_STORES = ["auth/tests/stores", "auth/tests/login/test_interrupted_logins.py"]
OF_ANSWERS = [*OF_STORES, "auth/tests/cookies", "auth/tests/gate/test_admission.py"]


@pytest.fixture(
    scope="session",
    params=[*IN_TURN, *swept([name for name in IN_THE_SWEEP if name not in IN_TURN])],
)
def project(request: pytest.FixtureRequest, bake: Bake) -> BakedProject:
    """Projects of the answers that change the most, in turn."""
    return bake(**(ANSWERS | IN_THE_SWEEP)[request.param])


def test_a_project_passes_its_linter(project: BakedProject) -> None:
    project.passes("ruff", "check", "--no-cache")


def test_a_project_is_formatted(project: BakedProject) -> None:
    project.passes("ruff", "format", "--check", "--no-cache")


@pytest.mark.parametrize(
    "project", [*sorted(TYPED), *swept(sorted({*ANSWERS, *IN_THE_SWEEP} - TYPED))], indirect=True
)
def test_a_project_passes_its_type_checker(
    project: BakedProject, pytestconfig: pytest.Config
) -> None:
    # One cache for all projects: what takes the time is Streamlit and pandas. Full paths,
    # because mypy takes two files of one path, size and second for the same.
    assert pytestconfig.cache
    cache = pytestconfig.cache.mkdir("mypy")
    with FileLock(cache / "lock"):  # of whichever worker fills it
        project.passes("mypy", "--cache-dir", str(cache), str(project.path))


@pytest.mark.parametrize(
    ("project", "tests"),
    [
        pytest.param("memory-component", ALL, id="memory-component"),
        pytest.param("sqlite-http_only", OF_ANSWERS, id="sqlite-http_only-what is its own"),
        *(
            pytest.param(name, ALL, id=name, marks=sweep)
            for name in sorted({*ANSWERS, *IN_THE_SWEEP} - {"memory-component"})
        ),
    ],
    indirect=["project"],
)
def test_a_project_passes_its_own_tests(project: BakedProject, tests: list[str]) -> None:
    project.passes("pytest", "-q", "-p", "no:cacheprovider", *tests)


@pytest.mark.parametrize("project", SECOND_FACTOR, indirect=True)
def test_a_project_passes_its_own_tests_of_a_second_factor(
    project: BakedProject, request: pytest.FixtureRequest
) -> None:
    store, environment, tests = (
        project.answers["store_backend"],
        {},
        ["auth/tests/stores", "auth/tests/users"],
    )
    if store in ("mysql", "postgresql"):
        server: Server = request.getfixturevalue(f"{store}_server")
        environment["TEST_DATABASE_URL"] = server.url
    elif store == "sqlite":  # with http_only, which has all that there is of it
        tests = ["auth"]
    selected = ("-k", "second_factor or factors", *tests)  # in the names of folders and files
    project.passes("pytest", "-q", "-p", "no:cacheprovider", *selected, environment=environment)


@pytest.mark.parametrize(
    "tests", [OF_STORES, pytest.param(ALL, marks=sweep)], ids=["stores", "all"]
)
@pytest.mark.parametrize("project", TESTED_ON_SERVERS, indirect=True)
def test_a_project_passes_its_own_tests_on_a_real_server(
    project: BakedProject, tests: list[str], request: pytest.FixtureRequest
) -> None:
    server: Server = request.getfixturevalue(f"{project.answers['store_backend']}_server")
    before = server.databases()
    environment = {"TEST_DATABASE_URL": server.url}
    project.passes("pytest", "-q", "-p", "no:cacheprovider", *tests, environment=environment)
    assert server.databases() <= before
