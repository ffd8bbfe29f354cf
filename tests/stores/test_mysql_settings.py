"""Where the settings of the database come from, and what never shows."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.baking import BakedProject
from tests.support.database_server import Database
from tests.support.modules import App

SECRETS = """
[connections.mysql]
dialect = "mysql"
host = "db.example.com"
port = 3307
username = "somebody"
password = "hidden-word"
database = "shop"
"""


@contextmanager
def app_with_secrets(
    project: BakedProject, folder: Path, text: str, **environment: str
) -> Iterator[App]:
    """Import the modules of a project with a secrets file."""
    copy = project.copy(folder)
    copy.write(".streamlit/secrets.toml", text)
    with copy.modules(environment) as app:
        yield app


def load_database_settings(app: App) -> Any:
    return app.load("auth.stores.sql.settings").load_database_settings()


def test_the_secrets_file_is_read_as_streamlit_writes_it(
    mysql_project: BakedProject, tmp_path: Path
) -> None:
    with app_with_secrets(mysql_project, tmp_path, SECRETS) as app:
        settings = load_database_settings(app)
    assert (settings.db_host, settings.db_port) == ("db.example.com", 3307)
    assert (settings.db_user, settings.db_name) == ("somebody", "shop")
    assert settings.db_password.get_secret_value() == "hidden-word"


def test_the_environment_wins_over_the_file(mysql_project: BakedProject, tmp_path: Path) -> None:
    with app_with_secrets(mysql_project, tmp_path, SECRETS, DB_HOST="other", DB_PORT="1") as app:
        settings = load_database_settings(app)
    assert (settings.db_host, settings.db_port, settings.db_user) == ("other", 1, "somebody")


def test_the_file_alone_is_enough_to_log_in(
    mysql_project: BakedProject, tmp_path: Path, database: Database
) -> None:
    environment = database.environment
    text = "[connections.mysql]\n" + "".join(
        f"{name} = {json.dumps(environment[variable])}\n"
        for name, variable in [
            ("host", "DB_HOST"),
            ("username", "DB_USER"),
            ("password", "DB_PASSWORD"),
            ("database", "DB_NAME"),
        ]
    )
    text += f"port = {environment['DB_PORT']}\n"
    with app_with_secrets(mysql_project, tmp_path, text) as app:
        assert app.load("auth").verify_user("test1", "test1")


def test_the_example_is_a_secrets_file(mysql_project: BakedProject, tmp_path: Path) -> None:
    example = mysql_project.read(".streamlit/secrets.toml.example")
    with app_with_secrets(mysql_project, tmp_path, example) as app:
        from_example = load_database_settings(app)
    with mysql_project.modules({}) as app:
        assert from_example.model_dump() == load_database_settings(app).model_dump()


@pytest.mark.parametrize(
    "text",
    [
        'password = "hidden-word',
        "connections = 'hidden-word'",
        "connections.mysql = 'hidden-word'",
        "[connections.mysql]\npassword = ['hidden-word']",
        "[connections.mysql]\nport = 'hidden-word'",
        "[connections.mysql]\nssl_ca = 'hidden-word'",
    ],
)
def test_a_file_that_cannot_be_used_is_named_and_not_quoted(
    mysql_project: BakedProject, tmp_path: Path, text: str
) -> None:
    with app_with_secrets(mysql_project, tmp_path, text) as app:
        with pytest.raises(app.settings.SettingsError) as caught:
            app.load("auth").verify_user("test1", "test1")
        assert "hidden-word" not in str(caught.value)
        assert "secrets.toml" in str(caught.value) or "DB_" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PORT", "0"),
        ("DB_PORT", "hidden-word"),
        ("DB_NAME", ""),
        ("DB_SSL_CA", "/not/there.pem"),
        ("DB_CONNECT_SECONDS", "0"),
        ("DB_QUERY_SECONDS", "-1"),
        ("DB_POOL_SIZE", "0"),
    ],
)
def test_a_wrong_value_is_named(mysql_project: BakedProject, name: str, value: str) -> None:
    with mysql_project.modules({name: value}) as app:
        with pytest.raises(app.settings.SettingsError, match=name) as caught:
            app.stores.current()
        assert "hidden-word" not in str(caught.value)


def test_the_password_does_not_show(mysql_project: BakedProject) -> None:
    with mysql_project.modules({"DB_PASSWORD": "hidden-word"}) as app:
        engine = app.load("auth.stores.sql.engine").open_database().engine
        for text in [repr(load_database_settings(app)), repr(engine), str(engine.url)]:
            assert "hidden-word" not in text


def test_compose_starts_the_app_when_the_database_is_healthy(mysql_project: BakedProject) -> None:
    text = mysql_project.read("compose.yaml")
    services = yaml.safe_load(text)["services"]
    assert services["db"]["image"] == "mysql:8"
    assert services["db"]["healthcheck"]["test"][0] == "CMD"
    assert services["db"]["volumes"] == ["db:/var/lib/mysql"]
    assert yaml.safe_load(text)["volumes"].keys() == {"db"}
    assert services["app"]["build"] == "."
    assert services["app"]["depends_on"] == {"db": {"condition": "service_healthy"}}
    app, database = services["app"]["environment"], services["db"]["environment"]
    assert app["DB_HOST"] == "db"
    assert (app["DB_NAME"], app["DB_USER"]) == (database["MYSQL_DATABASE"], database["MYSQL_USER"])
    assert app["DB_PASSWORD"].startswith("${DB_PASSWORD:?")
    assert database["MYSQL_PASSWORD"] == "${DB_PASSWORD}"
    if has_docker_compose():
        command = ["docker", "compose", "--file", str(mysql_project / "compose.yaml"), "config"]
        subprocess.run(command, check=True, capture_output=True, env={"DB_PASSWORD": "x"})


def has_docker_compose() -> bool:
    try:
        subprocess.run(["docker", "compose", "version"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True
