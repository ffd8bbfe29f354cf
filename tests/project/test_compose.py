"""compose.yaml of each database: what starts, in which order, and what is kept."""

from typing import Any

import pytest
import yaml

from tests.conftest import Bake
from tests.support.baking import BakedProject


def compose_of(project: BakedProject) -> Any:
    return yaml.safe_load(project.read("compose.yaml"))


@pytest.mark.parametrize(
    ("store", "image", "data", "prefix"),
    [
        ("mysql", "mysql:8", "/var/lib/mysql", "MYSQL_"),
        ("postgresql", "postgres:17", "/var/lib/postgresql/data", "POSTGRES_"),
    ],
)
def test_the_app_starts_when_its_database_server_is_healthy(
    store: str, image: str, data: str, prefix: str, bake: Bake
) -> None:
    compose = compose_of(bake(store_backend=store))
    app, database = compose["services"]["app"], compose["services"]["db"]
    assert database["image"] == image
    assert database["healthcheck"]["test"][0] == "CMD"
    assert database["volumes"] == [f"db:{data}"]
    assert compose["volumes"].keys() == {"db"}
    assert app["build"] == "."
    assert app["depends_on"] == {"db": {"condition": "service_healthy"}}
    told, made = app["environment"], database["environment"]
    assert told["DB_HOST"] == "db"
    assert told["DB_NAME"] == made.get(f"{prefix}DATABASE", made.get(f"{prefix}DB"))
    assert told["DB_USER"] == made[f"{prefix}USER"]
    assert told["DB_PASSWORD"].startswith("${DB_PASSWORD:?")
    assert made[f"{prefix}PASSWORD"] == "${DB_PASSWORD}"


def test_the_file_of_sqlite_is_kept_where_the_app_may_write(bake: Bake) -> None:
    project = bake(store_backend="sqlite")
    compose = compose_of(project)
    assert compose["services"].keys() == {"app"}
    assert compose["services"]["app"]["volumes"] == ["data:/app/data"]
    assert compose["volumes"].keys() == {"data"}
    # A new volume takes its owner and mode from the folder of the image.
    dockerfile = project.read("Dockerfile")
    assert "WORKDIR /app\n" in dockerfile
    assert "install -d -m 700 -o app -g app data\n" in dockerfile
    assert dockerfile.index("-o app -g app data") < dockerfile.index("\nUSER app\n")
    for file in (".gitignore", ".dockerignore"):
        assert project.read(file).splitlines().count("data/" if file == ".gitignore" else "data")


@pytest.mark.parametrize("store", ["sqlite", "mysql", "postgresql"])
def test_the_app_runs_for_real_people_as_its_image_says(store: str, bake: Bake) -> None:
    project = bake(store_backend=store)
    assert "ENV APP_ENV=production" in project.read("Dockerfile")
    assert "APP_ENV" not in project.read("compose.yaml")


def test_only_a_project_with_a_file_has_a_folder_for_it(bake: Bake) -> None:
    for store in ("memory", "mysql", "postgresql"):
        project = bake(store_backend=store)
        assert "install -d" not in project.read("Dockerfile")
        assert "data" not in project.read(".gitignore")
