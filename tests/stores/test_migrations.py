"""Migrations on each database."""

import re
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
# Adds a phone number on a page as two users, of whom one is renamed meanwhile, and prints what each sees.
ADD_PHONES = """
from auth import create_session
from auth.settings import PROJECT
from auth.tests.tab import Tab
from auth.users import directory

def open_phones(name):
    return Tab(create_session(name), PROJECT / "main.py").run().open_page("phones")

for name in ("test1", "test2"):
    tab = open_phones(name)
    tab.field("Phone number").input(f"of {name}")
    tab.run()
directory.rename_user("test2", "renamed")
print([open_phones(name).texts for name in ("test1", "renamed")])
directory.remove_user("renamed")
"""
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
        text = file.read_text(encoding="utf-8").replace("# import", "import")
        file.write_text(text.replace("# from alembic", "from alembic") + step, encoding="utf-8")


@pytest.fixture(params=first_of(["postgresql", "sqlite", "mysql"]))
def bench(request: pytest.FixtureRequest, bake: Bake, tmp_path: Path) -> Iterator[Bench]:
    project = bake(store_backend=request.param).copy(tmp_path)
    with environment_of(project, request) as environment:
        yield Bench(project, environment)


def test_the_migrations_make_the_tables_of_the_code(bench: Bench) -> None:
    bench.manage("migrate")
    assert bench.run(COMPARE) == "[]"


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


def test_the_rows_of_the_readme_belong_to_their_user(bench: Bench) -> None:
    readme = bench.project.read("README.md")
    chapter = readme.partition("### Rows that belong to a user\n")[2].partition("\n### ")[0]
    upgrade, view = re.findall(r"```python\n(.*?)```", chapter, re.DOTALL)
    file = Path(bench.manage("new-migration", "add phones").removeprefix("Wrote ").strip())
    text = (
        file.read_text(encoding="utf-8").partition("def upgrade")[0].replace("# import", "import")
    )
    text = re.sub(r"^# ?(?=from|$)", "", text, flags=re.MULTILINE)
    file.write_text(text + upgrade, encoding="utf-8")
    bench.project.write("views/phones.py", view)
    row = '    st.Page("views/phones.py", title="Phones"): logged_in,\n}\n'
    bench.project.edit("main.py", "}\n", row)
    for tool in ("ruff check", "ruff format --check"):
        bench.project.passes(*tool.split(), "--no-cache")
    said = bench.run(ADD_PHONES).splitlines()[-1]
    assert said == "[['of test1'], ['of test2']]"
    assert bench.run(EXECUTE, "SELECT number FROM phones") == "[('of test1',)]"


def test_what_the_database_says_of_a_migration_is_on_the_terminal(bench: Bench) -> None:
    bench.add_migration("notes")
    bench.manage("migrate")
    bench.add_migration("notes")
    result = bench.project.python("manage.py", "migrate", environment=bench.environment)
    assert result.returncode == 1
    assert "The database says: " in result.stderr
    assert "notes" in result.stderr.partition("The database says: ")[2]
    assert "Traceback" not in result.stderr


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
