"""Migrations on each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Bake, environment_of
from tests.support.baking import BakedProject
from tests.support.servers import AppServer, running
from tests.support.sweep import first_of

# Prints in what the tables of the database are not those of the code.
COMPARE = """
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from auth.stores.sql.engine import open_database
from auth.stores.sql.tables import metadata

with open_database().engine.connect() as connection:
    print(compare_metadata(MigrationContext.configure(connection), metadata))
"""
# Creates the tables as a version without migrations did, with one user in them.
CREATE = """
from auth.stores.base import User
from auth.stores.sql import store_in
from auth.stores.sql.engine import open_database
from auth.stores.sql.tables import metadata

metadata.create_all(open_database().engine)
store_in(open_database()).users.add(User("ann", "$hash$"))
"""
# What a database of before one-time passwords did not have.
GO_BACK = [
    "ALTER TABLE users DROP COLUMN password_expires_at",
    "UPDATE alembic_version SET version_num = 'auth_0005'",
]
EXECUTE = """
import sys
from sqlalchemy import text
from auth.stores.sql.engine import open_database

with open_database().engine.connect() as connection:
    result = connection.execute(text(sys.argv[1]))
    print(result.all() if result.returns_rows else "")
"""

DEMO = "demo user: its name is its password"
FIRST_USERS = f"test1 (the role admin, {DEMO})\ntest2 ({DEMO})\n"


class Bench:
    """A project on an empty database, to change."""

    def __init__(self, project: BakedProject, environment: dict[str, str]) -> None:
        self.project = project
        self.environment = environment

    def manage(self, *arguments: str) -> str:
        return self.project.manage(*arguments, environment=self.environment)

    def run(self, code: str, *arguments: str) -> str:
        result = self.project.python("-c", code, *arguments, environment=self.environment)
        assert result.returncode == 0, result.stderr
        return result.stdout.strip()

    def add_migration(self, table: str) -> None:
        """Add a migration of the app's own that creates a table."""
        file = Path(self.manage("new-migration", f"add {table}").removeprefix("Wrote ").strip())
        step = f'    op.create_table("{table}", sa.Column("text", sa.String(9)))\n'
        file.write_text(file.read_text(encoding="utf-8") + step, encoding="utf-8")


@pytest.fixture(params=first_of(["postgresql", "sqlite", "mysql"]))
def bench(request: pytest.FixtureRequest, bake: Bake, tmp_path: Path) -> Iterator[Bench]:
    project = bake(store_backend=request.param).copy(tmp_path)
    with environment_of(project, request) as environment:
        yield Bench(project, environment)


def test_the_migrations_make_the_tables_of_the_code(bench: Bench) -> None:
    bench.manage("migrate")
    assert bench.run(COMPARE) == "[]"


def test_tables_of_a_time_without_migrations_are_taken_over(bench: Bench) -> None:
    bench.run(CREATE)
    assert bench.manage("migrate") == "The tables are up to date.\n"
    assert bench.run(COMPARE) == "[]"
    assert bench.run(EXECUTE, "SELECT username FROM users") == "[('ann',)]"


def test_users_of_before_one_time_passwords_have_chosen_theirs(bench: Bench) -> None:
    users = bench.manage("list-users")
    for statement in GO_BACK:
        bench.run(EXECUTE, statement)
    assert bench.manage("migrate") == "The tables are up to date.\n"
    assert bench.run(COMPARE) == "[]"
    assert bench.manage("list-users") == users == FIRST_USERS
    said = bench.manage("reset-password", "test2")
    assert "The password for the next login" in said
    assert "test2 (has not chosen a password yet)" in bench.manage("list-users")


def test_an_owners_tables_come_and_stay_with_the_next_start(bench: Bench) -> None:
    bench.manage("migrate")
    bench.add_migration("notes")
    bench.add_migration("more")
    assert bench.manage("list-users") == FIRST_USERS
    bench.run(EXECUTE, "INSERT INTO notes VALUES ('kept')")
    bench.run(EXECUTE, "INSERT INTO more VALUES ('kept')")
    assert bench.manage("migrate") == "The tables were up to date.\n"
    assert bench.run(EXECUTE, "SELECT text FROM notes") == "[('kept',)]"


def test_an_owners_migration_before_the_first_start_comes_with_it(bench: Bench) -> None:
    bench.add_migration("notes")
    assert bench.manage("list-users") == FIRST_USERS
    assert bench.run(EXECUTE, "SELECT * FROM notes") == "[]"


def test_a_database_of_a_later_version_stops_the_start(bench: Bench) -> None:
    bench.manage("migrate")
    bench.run(EXECUTE, "UPDATE alembic_version SET version_num = 'auth_9999'")
    server = AppServer(bench.project.path, bench.environment)
    with pytest.raises(RuntimeError, match="The app did not start"), running(server):
        pass
    (said,) = (line for line in server.log.splitlines() if line.startswith("ERROR"))
    assert "belongs to a later version of this app, and nothing was changed in it." in said
    assert "Traceback" not in server.log
    result = bench.project.python("manage.py", "list-users", environment=bench.environment)
    assert result.returncode == 1
    assert "belongs to a later version" in result.stderr


def test_alembic_says_nothing_in_the_log_of_the_app(bench: Bench) -> None:
    with bench.project.server(bench.environment) as server:
        assert "alembic" not in server.log
