"""What the README of a generated project says, done as it says."""

import json
import re
import shlex
from pathlib import Path

import pytest

from tests.conftest import Bake, OpenBrowser
from tests.support.baking import DIAGONAL, BakedProject, combination_id
from tests.support.database_server import PASSWORD, Server
from tests.support.documents import events_in, files_in_text, lines_to_add
from tests.support.sweep import first_of

SETTINGS = """
import json, sys
from importlib import import_module
fields = {}
for module, kind in zip(sys.argv[1::2], sys.argv[2::2]):
    fields |= getattr(import_module(module), kind).model_fields
print(json.dumps({name: str(field.default) for name, field in fields.items()}))
"""
EVENTS = """
import json, logging
from auth.events import Event
print(json.dumps([(e.name, e.text, logging.getLevelName(e.level), e.is_audited) for e in Event]))
"""
# The page, up to where it asks for a login: nobody is there.
EXAMPLE = """
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("example.py", default_timeout=30).run()
assert not app.exception, app.exception
assert app.metric or app.text_input
"""
KINDS = {
    "memory": ["auth.settings", "Settings"],
    **{
        store: ["auth.settings", "Settings", f"auth.stores.sql.databases.{store}", "Settings"]
        for store in ("sqlite", "mysql", "postgresql")
    },
}
# What stands in the table in place of an answer.
OF_THE_PROJECT = {
    "APP_NAME": "this project's name",
    "APP_DESCRIPTION": "this project's description",
    "PASSWORD_WORDS": "the titles of this project's first pages",
}


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def test_the_table_has_every_setting_with_its_default(project: BakedProject) -> None:
    kinds = KINDS[project.answers["store_backend"]]
    output = project.python("-c", SETTINGS, *kinds).stdout
    in_code = {name.upper(): default for name, default in json.loads(output).items()}
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.*?) \|", project.read("README.md"), re.MULTILINE)
    in_readme = {name: default.strip("`") for name, default in rows}
    assert in_readme.keys() == in_code.keys()
    words = {"None": "unset", "True": "true", "**********": "empty", "": "empty"}
    assert {name: in_readme.pop(name) for name in OF_THE_PROJECT} == OF_THE_PROJECT
    for name, default in in_code.items():
        if name in OF_THE_PROJECT:
            continue
        said = words.get(default, default)
        assert in_readme[name] == said or Path(said) == project / in_readme[name], name


def test_the_table_of_events_has_each_that_can_happen(bake: Bake) -> None:
    others = [{**DIAGONAL[0], "accounts": accounts} for accounts in ("none", "second_factor")]
    for answers in (*DIAGONAL, *others):
        project = bake(**answers)
        files = [file for file in project.path.glob("auth/**/*.py") if "tests" not in file.parts]
        sources = "".join(file.read_text("utf-8") for file in files)
        used = set(re.findall(r"\bEvent\.([A-Z_]+)", sources))
        events = json.loads(project.python("-c", EVENTS).stdout)
        in_code = {text: (level, audit) for name, text, level, audit in events if name in used}
        assert events_in(project.read("README.md")) == in_code


def test_the_layout_is_even(project: BakedProject) -> None:
    text = project.read("README.md")
    assert "\n\n\n" not in re.sub(r"```.*?```", "code", text, flags=re.DOTALL)
    assert not re.search(r"[ \t]$", text, re.MULTILINE)
    assert text.endswith(".\n")
    assert len(re.findall(r"^```", text, re.MULTILINE)) % 2 == 0
    headings = re.findall(r"\n(.*)\n#", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    assert set(headings) == {""}


def test_every_command_of_manage_py_is_there(project: BakedProject) -> None:
    output = project.manage("--help")
    commands = re.findall(r"^  ([a-z-]+) +\S+", output.split("Commands:")[1], re.MULTILINE)
    in_readme = re.findall(r"python manage\.py ([a-z-]+)", project.read("README.md"))
    assert set(in_readme) == set(commands)


@pytest.mark.parametrize("answers", DIAGONAL, ids=combination_id)
def test_a_second_factor_is_told_of_as_completely(answers: dict[str, str], bake: Bake) -> None:
    project = bake(**answers, accounts="second_factor")
    test_the_table_has_every_setting_with_its_default(project)
    test_every_command_of_manage_py_is_there(project)
    test_the_layout_is_even(project)


@pytest.mark.parametrize("project", first_of(DIAGONAL), indirect=True, ids=combination_id)
def test_the_commands_for_users_work_one_after_the_other(
    project: BakedProject, tmp_path: Path, environment: dict[str, str]
) -> None:
    copy = project.copy(tmp_path)
    block = blocks(project.read("README.md").split("\n## Users\n")[1], "sh")[0]
    said = ""
    for line in block.splitlines():
        command = shlex.split(line.removeprefix("uv run python manage.py "), comments=True)
        typed = "y\n" if command[0].startswith("remove-") else "a long password\n" * 2
        said += copy.manage(*command, environment=environment, stdin=typed)
    assert "Added ann." in said
    assert "Renamed ben to ben2." in said
    assert said.count("The password for the next login, within 24 hours: ") == 2
    assert (
        "\nann (A. Smith, has not chosen a password yet)\ncarol (the role sales, invited, and has"
        in said
    )
    assert "within 72 hours: http://localhost:8501/?auth=invitation#invite=" in said
    assert "\ntest1 (the role admin)\n" in said
    assert "\ntest2 (demo user: its name is its password)\n" in said


@pytest.mark.parametrize("store", ["mysql", "postgresql"])
def test_the_database_is_made_as_it_says(
    store: str, bake: Bake, request: pytest.FixtureRequest
) -> None:
    server: Server = request.getfixturevalue(f"{store}_server")
    project = bake(store_backend=store, project_slug="shop_of_the_readme")
    readme = project.read("README.md")
    (statements,) = blocks(readme, "sql")
    exports = next(block for block in blocks(readme, "sh") if block.startswith("export DB_HOST"))
    environment = dict(
        pair.split("=", 1) for pair in exports.replace("...", PASSWORD).split() if "=" in pair
    )
    environment |= {"DB_HOST": server.host, "DB_PORT": str(server.port)}
    try:
        server.execute(*filter(str.strip, statements.replace("...", PASSWORD).split(";")))
        assert "up to date" in project.manage("migrate", environment=environment)
        assert "test1" in project.manage("list-users", environment=environment)
    finally:
        server.execute("DROP DATABASE IF EXISTS shop_of_the_readme")
        server.execute("DROP USER IF EXISTS app")


def test_every_file_that_it_names_is_there(project: BakedProject) -> None:
    names = re.findall(
        r"`([\w./-]+\.(?:py|json|toml|yaml|example|txt))`", project.read("README.md")
    )
    made_by_hand = {"views/new_page.py", ".streamlit/secrets.toml"}
    for name in set(names) - made_by_hand:
        assert list(project.path.rglob(name)), name


def test_a_line_can_be_added_before_the_only_brace(bake: Bake) -> None:
    for pages in ("Home", ", ".join(f"Page {'long ' * (n % 15)}{n}" for n in range(50))):
        lines = bake(pages=pages).read("main.py").splitlines()
        assert [line[0] for line in lines if line].count("}") == 1
    for answers in DIAGONAL:
        readme = bake(**answers).read("README.md")
        assert list(lines_to_add(readme)) == ["main.py"]
        steps = [*files_in_text(readme).values(), *lines_to_add(readme).values()]
        assert blocks(readme, "python")[: len(steps)] == steps


def test_the_other_examples_of_a_page_run_in_the_project(bake: Bake, tmp_path: Path) -> None:
    project = bake(store_backend="sqlite").copy(tmp_path)
    # Rows that belong to a user have a test of their own, on each database.
    others = blocks(project.read("README.md"), "python")[2:]
    examples = [example for example in others if "user_id" not in example]
    assert (len(others), len(examples)) == (4, 2)
    project.manage("migrate")
    for example in examples:
        project.write("example.py", example)
        project.python("-c", EXAMPLE)


def test_a_page_added_as_it_says_is_behind_the_login(
    bake: Bake, tmp_path: Path, open_browser: OpenBrowser
) -> None:
    project = bake().copy(tmp_path)
    readme = project.read("README.md")
    ((view, source),) = files_in_text(readme).items()
    ((main, line),) = lines_to_add(readme).items()
    project.write(view, source)
    project.edit(main, "\n}", f"\n{line}}}")
    with project.server() as server:
        tab = open_browser()()
        tab.open(f"{server.url}/new_page").sees_login_form()
        tab.log_in("test1")
        tab.sees_page("New page")
        tab.follow("Home")
        tab.sees_page("Home")
        tab.follow("New page")
        tab.sees_page("New page")
        assert tab.path == "/new_page"
