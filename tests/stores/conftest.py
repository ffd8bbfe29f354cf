"""What the tests of the stores share: each store in turn, and the modules around it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from answers.choices import CHOICES
from tests.conftest import Bake, environment_of
from tests.support.baking import BakedProject
from tests.support.database_server import Database
from tests.support.modules import App
from tests.support.sweep import swept

# A new store is tested as soon as it can be chosen.
STORES = list(CHOICES["store_backend"])
DATABASES = STORES[1:]
PASSWORD = "correct horse battery"
NEW_PASSWORD = "staple of a new one"


class Bench:
    """A store that has just been opened, without users, and the modules around it."""

    def __init__(self, app: App, project: BakedProject, environment: dict[str, str]) -> None:
        self.app = app
        self.project = project
        self.environment = environment
        app.stores.current()

    def manage(self, *arguments: str, stdin: str = "") -> str:
        """Run a command of manage.py in another process, and return what it printed."""
        return self.project.manage(*arguments, environment=self.environment, stdin=stdin)


@pytest.fixture(params=["memory", "mysql", *swept(["sqlite", "postgresql"])])
def bench(request: pytest.FixtureRequest, bake: Bake, tmp_path: Path) -> Iterator[Bench]:
    """Each store in turn."""
    users_file = tmp_path / "users.json"
    users_file.write_text("{}")
    project = bake(store_backend=request.param)
    with environment_of(project, request) as environment:
        environment["USERS_FILE"] = str(users_file)
        with project.modules(environment) as app:
            yield Bench(app, project, environment)


@pytest.fixture
def app(mysql_project: BakedProject, database: Database) -> Iterator[App]:
    """The MySQL project's modules, on an empty database."""
    with mysql_project.modules(database.environment) as app:
        yield app


def at_once(work: Callable[[int], Any], threads: int) -> list[Any]:
    """Call a function with 0, 1, 2 … in as many threads, which all start together."""
    barrier = Barrier(threads)

    def start(number: int) -> Any:
        barrier.wait()
        return work(number)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(start, range(threads)))
