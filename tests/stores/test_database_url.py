"""One address of the database, as hosting services give it, in place of all other settings."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import Bake, environment_of
from tests.stores.conftest import DATABASES
from tests.support.baking import BakedProject
from tests.support.modules import App
from tests.support.sweep import swept

SERVERS = DATABASES[1:]
on_one = pytest.mark.parametrize("store", ["mysql", *swept(["sqlite", "postgresql"])])
# What each database is called in an address, by those who give it.
SCHEMES = {
    "sqlite": ["sqlite", "sqlite+pysqlite"],
    "mysql": ["mysql", "mysql+pymysql"],
    "postgresql": ["postgres", "postgresql", "postgresql+psycopg"],
}
ELSEWHERE = {"DB_HOST": "nowhere.invalid", "DB_PORT": "1", "DB_FILE": "/dev/null/app.db"}


def address_of(scheme: str, environment: dict[str, str]) -> str:
    """Return the same as an environment, in one line."""
    if "DB_FILE" in environment:
        return f"{scheme}:///{environment['DB_FILE']}"
    user, password = environment["DB_USER"], environment["DB_PASSWORD"].replace("-", "%2D")
    host, port = environment["DB_HOST"], environment["DB_PORT"]
    return f"{scheme}://{user}:{password}@{host}:{port}/{environment['DB_NAME']}"


@contextmanager
def with_secrets(project: BakedProject, folder: Path, text: str) -> Iterator[App]:
    copy = project.copy(folder)
    copy.write(".streamlit/secrets.toml", text)
    with copy.modules({}) as app:
        yield app


@pytest.mark.parametrize(
    ("store", "scheme"), [(store, scheme) for store in SCHEMES for scheme in SCHEMES[store]]
)
def test_an_address_in_the_environment_is_enough_and_wins(
    store: str, scheme: str, bake: Bake, request: pytest.FixtureRequest
) -> None:
    project = bake(store_backend=store)
    with environment_of(project, request) as environment:
        address = {"DATABASE_URL": address_of(scheme, environment)}
        with project.modules({**ELSEWHERE, **address}) as app:
            assert app.load("auth").verify_user("test1", "test1")


@on_one
def test_an_address_in_the_secrets_file_is_enough(
    store: str, bake: Bake, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    project = bake(store_backend=store)
    with environment_of(project, request) as environment:
        text = f'[connections.{store}]\nurl = "{address_of(store, environment)}"\n'
        with with_secrets(project, tmp_path, text) as app:
            assert app.load("auth").verify_user("test1", "test1")


@on_one
def test_an_address_of_another_database_is_refused_and_not_quoted(store: str, bake: Bake) -> None:
    (other,) = {"mysql", "postgresql"} - {store} if store != "sqlite" else {"mysql"}
    address = f"{other}://app:hidden-word@hidden-host/hidden-name"
    with bake(store_backend=store).modules({"DATABASE_URL": address}) as app:
        with pytest.raises(app.settings.SettingsError, match="DATABASE_URL: it has to ") as caught:
            app.load("auth").verify_user("test1", "test1")
        assert "hidden" not in str(caught.value)


@on_one
def test_an_address_that_is_wrong_stops_the_start_with_one_sentence(store: str, bake: Bake) -> None:
    project = bake(store_backend=store)
    environment = {"DATABASE_URL": "paper://app:hidden-word@host/name"}
    start = project.python("-c", "import app", environment=environment)
    assert start.returncode != 0
    assert start.stderr.startswith("ERROR: A setting has a wrong value. DATABASE_URL: ")
    assert start.stderr.count("\n") == 1
    assert "hidden-word" not in start.stderr


@pytest.mark.parametrize("store", SERVERS)
def test_the_example_of_a_secrets_file_has_the_defaults_in_it(
    store: str, bake: Bake, tmp_path: Path
) -> None:
    project = bake(store_backend=store)
    example = project.read(".streamlit/secrets.toml.example")
    load = "auth.stores.sql.settings"
    with with_secrets(project, tmp_path, example) as app:
        from_example = app.load(load).load_database_settings()
    with project.modules({}) as app:
        assert from_example.model_dump() == app.load(load).load_database_settings().model_dump()
