"""The law of a generated project's house: which module may import which."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Bake
from tests.support.baking import BakedProject

# What may import Streamlit: it draws, or it reads what the browser sent.
DRAWS = {"auth.gate", "auth.gate.forms", "auth.gate.claims", "auth.visitor.handshake"}
DRAWS_IN = ("auth.cookies", "auth.views")
# What may talk to the store, and what of it everybody may know: its records and errors.
TALKS_TO_STORES = {"auth.users.directory", "auth.sessions.sessions", "auth.login.throttle", "auth.sessions.tickets", "auth.events"}
RECORDS = "auth.records"
# Who may know the database itself: its commands, and the package that gives it to pages.
KNOWS_THE_DATABASE = {"auth", "auth.commands.database"}

# From the page down to the store. Nothing imports what stands left of it.
LAYERS = [
    {"main"},
    {"auth.gate"},
    {"auth.login.by_password"},
    {"auth.users.directory", "auth.sessions.sessions"},
    {"auth.stores"},
]


def test_only_what_draws_or_reads_the_handshake_imports_streamlit(project: BakedProject) -> None:
    importers = {
        module
        for module, imported in imports_of(project).items()
        if any(name.split(".")[0] == "streamlit" for name in imported)
    }
    assert {
        module
        for module in importers
        if module.startswith("auth") and module not in DRAWS and not module.startswith(DRAWS_IN)
    } == set()


def test_only_five_modules_talk_to_the_store(project: BakedProject) -> None:
    for module, imported in imports_of(project).items():
        if module.startswith("auth.stores") or module in TALKS_TO_STORES:
            continue
        used = {name for name in imported if name.startswith("auth.stores")} - {RECORDS}
        if module in KNOWS_THE_DATABASE:
            used = {name for name in used if not name.startswith("auth.stores.sql")}
        assert used == set(), module


def test_imports_go_one_way(project: BakedProject) -> None:
    graph = imports_of(project)
    for number, layer in enumerate(LAYERS):
        higher: set[str] = set().union(*LAYERS[:number])
        for module in layer:
            assert not higher & reachable(graph, module), module


def test_imports_have_no_circle(project: BakedProject) -> None:
    graph = imports_of(project)
    for module in graph:
        assert module not in reachable(graph, module), module


def test_importing_auth_leaves_streamlit_out(project: BakedProject) -> None:
    code = "import auth, manage, sys; print('streamlit' in sys.modules)"
    result = project.python("-c", code)
    assert (result.stdout, result.returncode) == ("False\n", 0), result.stderr


def test_no_file_of_the_login_is_long(project: BakedProject) -> None:
    for file in (project / "auth").rglob("*.py"):
        assert len(file.read_text(encoding="utf-8").splitlines()) <= 250, file


BREACHES: dict[str, tuple[str, str, Callable[[BakedProject], None]]] = {
    "Streamlit in users": (
        "auth/users.py",
        "import streamlit as st",
        test_only_what_draws_or_reads_the_handshake_imports_streamlit,
    ),
    "a part of Streamlit in a function of a store": (
        "auth/stores/memory.py",
        "def f() -> None:\n    from streamlit.runtime import get_instance",
        test_only_what_draws_or_reads_the_handshake_imports_streamlit,
    ),
    "Streamlit in the public functions": (
        "auth/__init__.py",
        "import streamlit as st",
        test_importing_auth_leaves_streamlit_out,
    ),
    "the gate in the public functions": (
        "auth/__init__.py",
        "import auth.gate",
        test_importing_auth_leaves_streamlit_out,
    ),
    "the stores in the gate": (
        "auth/gate.py",
        "import auth.stores",
        test_only_five_modules_talk_to_the_store,
    ),
    "the open store in manage.py": (
        "manage.py",
        "from auth.stores import current",
        test_only_five_modules_talk_to_the_store,
    ),
    "one store in the form": (
        "auth/forms.py",
        "from .stores import memory",
        test_only_five_modules_talk_to_the_store,
    ),
    "the gate in the login": ("auth/login.py", "from auth import gate", test_imports_go_one_way),
    "the login in a store": (
        "auth/stores/memory.py",
        "from ..login import log_in",
        test_imports_go_one_way,
    ),
    "the login in sessions": ("auth/sessions.py", "import auth.login", test_imports_go_one_way),
    "a circle": ("auth/tokens.py", "from auth.sessions import start", test_imports_have_no_circle),
    "a long file": ("auth/clock.py", "#\n" * 250, test_no_file_of_the_login_is_long),
}


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_of_the_law_is_seen(breach: str, bake: Bake, tmp_path: Path) -> None:
    file, code, law = BREACHES[breach]
    project = bake().copy(tmp_path)
    law(project)
    project.write(file, f"{project.read(file)}\n{code}\n")
    with pytest.raises(AssertionError):
        law(project)


def imports_of(project: BakedProject) -> dict[str, set[str]]:
    """Return the modules of a project with the modules that each imports, its own by full name."""
    files = [project / "app.py", project / "main.py", project / "manage.py"]
    files += (project / "auth").rglob("*.py")
    modules = {module_of(file, project.path): file for file in files}
    return {
        module: {
            exact(name, modules)
            for name in imported_by(file, project.path)
            if exact(name, modules) != module
        }
        for module, file in modules.items()
    }


def module_of(file: Path, root: Path) -> str:
    parts = file.relative_to(root).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imported_by(file: Path, root: Path) -> Iterator[str]:
    """Yield what a file imports by its full name, `from a import b` as a.b."""
    package = file.relative_to(root).parent.parts
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else ()
            source = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{source}.{alias.name}" for alias in node.names)


def exact(name: str, modules: dict[str, Path]) -> str:
    """Return the project's module that a name stands for or is in; the name if it is not one."""
    parent = name.rpartition(".")[0]
    return name if name in modules or parent not in modules else parent


def reachable(graph: dict[str, set[str]], start: str) -> set[str]:
    """Return every module that a module imports, or that those import."""
    found: set[str] = set()
    waiting = list(graph.get(start, ()))
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            waiting += graph.get(module, ())
    return found
