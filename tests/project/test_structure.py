"""The law of a generated project's house: which module may import which."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Bake
from tests.support.baking import (
    DIAGONAL,
    ONE_OF_EACH,
    THE_OTHERS,
    BakedProject,
    combination_id,
)
from tests.support.sweep import swept

# What stands at the top of auth/ beside the rooms, which are folders.
GROUND = {"access", "clock", "records", "settings", "texts", "usernames"}
# What may import Streamlit: it draws, or it reads what the browser sent.
DRAWS_IN = ("auth.cookies", "auth.gate", "auth.views", "auth.visitor")
# What of it is public, beside `import streamlit as st`: the types of pages and of what one draws in.
PUBLIC = {
    "streamlit.navigation.page.StreamlitPage",
    "streamlit.delta_generator.DeltaGenerator",
}
# What may talk to the store: nobody else asks for what it keeps.
TALKS_TO_STORES = {
    "auth.events.audit",
    "auth.login.second_factor.remembered.by_device",
    "auth.login.second_factor.throttle",
    "auth.login.throttle",
    "auth.sessions.sessions",
    "auth.sessions.tickets",
    "auth.users.directory",
    "auth.users.factors",
    "auth.users.factors.kept",
    "auth.users.factors.recovery",
    "auth.users.invited",
    "auth.users.profile",
    "auth.users.transfer",
}
# Who may know the database itself: its commands, and the package that gives it to pages.
KNOWS_THE_DATABASE = {"auth", "auth.commands.database"}

# From the page down to the ground. Nothing imports what stands above it.
FLOORS = [
    ["main"],
    ["auth.views"],
    ["auth.gate"],
    ["auth.server"],
    ["auth.cookies", "auth.commands"],
    ["auth.login"],
    ["auth.sessions"],
    ["auth.users"],
    ["auth.events", "auth.passwords"],
    ["auth.stores"],
    ["auth.visitor"],
    ["auth.records"],
]


@pytest.fixture(
    scope="session",
    params=[
        *ONE_OF_EACH,
        *({**answers, "accounts": "second_factor"} for answers in DIAGONAL),
        *swept(THE_OTHERS),
    ],
    ids=combination_id,
)
def project(request: pytest.FixtureRequest, bake: Bake) -> BakedProject:
    """The projects of every test, and two with what only some of them have."""
    return bake(**request.param)


def test_at_the_top_stand_rooms_and_a_handful_of_ground_modules(project: BakedProject) -> None:
    files = {path.stem for path in (project / "auth").glob("*.py")}
    assert files == GROUND | {"__init__"}
    others = [path for path in (project / "auth").glob("*.*") if path.suffix != ".py"]
    assert others == []


def test_only_what_draws_or_reads_the_handshake_imports_streamlit(project: BakedProject) -> None:
    importers = {
        module
        for module, imported in imports_of(project).items()
        if any(name.split(".")[0] == "streamlit" for name in imported)
    }
    assert {
        module
        for module in importers
        if module.startswith("auth") and not module.startswith(DRAWS_IN)
    } == set()


def test_one_module_leans_on_streamlits_internals(project: BakedProject) -> None:
    for module, imported in imports_of(project).items():
        if module.startswith("auth.") and module != "auth.visitor.internals":
            used = {name for name in imported if name.startswith("streamlit.")}
            assert used - PUBLIC - {name.rpartition(".")[0] for name in PUBLIC} == set(), module


def test_only_these_modules_talk_to_the_store(project: BakedProject) -> None:
    for module, imported in imports_of(project).items():
        if module.startswith("auth.stores") or module in TALKS_TO_STORES:
            continue
        used = {name for name in imported if name.startswith("auth.stores")}
        if module in KNOWS_THE_DATABASE:
            used = {name for name in used if not name.startswith("auth.stores.sql")}
        assert used == set(), module


def test_imports_go_one_way(project: BakedProject) -> None:
    for module, imported in imports_of(project).items():
        floor = floor_of(module)
        for name in imported:
            other = floor_of(name)
            if floor is not None and other is not None:
                assert other >= floor, f"{module} imports {name}"


def test_no_room_is_in_a_circle(project: BakedProject) -> None:
    rooms: dict[str, set[str]] = {}
    for module, imported in imports_of(project).items():
        for name in imported:
            if room_of(name) != room_of(module):
                rooms.setdefault(room_of(module), set()).add(room_of(name))
    for room in rooms:
        assert room not in reachable(rooms, room), room


def test_imports_have_no_circle(project: BakedProject) -> None:
    graph = imports_of(project)
    for module in graph:
        assert module not in reachable(graph, module), module


def test_importing_auth_leaves_streamlit_out(project: BakedProject) -> None:
    code = "import auth, manage, sys; print('streamlit' in sys.modules)"
    result = project.python("-c", code)
    assert (result.stdout, result.returncode) == ("False\n", 0), result.stderr


def test_no_file_of_the_login_is_long(project: BakedProject) -> None:
    own = project / "auth"
    a_list = own / "texts.py"
    for file in (path for path in own.rglob("*.py") if "tests" not in path.parts):
        lines = len(file.read_text(encoding="utf-8").splitlines())
        assert lines <= 250 or file == a_list, file


BREACHES: dict[str, tuple[str, str, Callable[[BakedProject], None]]] = {
    "an internal of Streamlit's in the wall": (
        "auth/server/wall.py",
        "from streamlit.proto.BackMsg_pb2 import BackMsg",
        test_one_module_leans_on_streamlits_internals,
    ),
    "Streamlit in users": (
        "auth/users/directory.py",
        "import streamlit as st",
        test_only_what_draws_or_reads_the_handshake_imports_streamlit,
    ),
    "a part of Streamlit in a function of a store": (
        "auth/stores/memory/__init__.py",
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
    "a module at the top": (
        "auth/extra.py",
        "",
        test_at_the_top_stand_rooms_and_a_handful_of_ground_modules,
    ),
    "the stores in the gate": (
        "auth/gate/admission.py",
        "import auth.stores",
        test_only_these_modules_talk_to_the_store,
    ),
    "the open store in manage.py": (
        "manage.py",
        "from auth.stores import current",
        test_only_these_modules_talk_to_the_store,
    ),
    "one store in the form": (
        "auth/gate/forms.py",
        "from ..stores import memory",
        test_only_these_modules_talk_to_the_store,
    ),
    "the gate in the login": (
        "auth/login/by_password.py",
        "from auth import gate",
        test_imports_go_one_way,
    ),
    "the login in a store": (
        "auth/stores/memory/__init__.py",
        "from ...login.by_password import log_in",
        test_imports_go_one_way,
    ),
    "the login in sessions": (
        "auth/sessions/sessions.py",
        "import auth.login.throttle",
        test_imports_go_one_way,
    ),
    "a circle": (
        "auth/sessions/tokens.py",
        "from auth.sessions.sessions import start",
        test_imports_have_no_circle,
    ),
    "a long file": ("auth/clock.py", "#\n" * 250, test_no_file_of_the_login_is_long),
}


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_of_the_law_is_seen(breach: str, bake: Bake, tmp_path: Path) -> None:
    file, code, law = BREACHES[breach]
    project = bake().copy(tmp_path)
    law(project)
    before = project.read(file) if (project / file).exists() else ""
    project.write(file, f"{before}\n{code}\n")
    with pytest.raises(AssertionError):
        law(project)


def imports_of(project: BakedProject) -> dict[str, set[str]]:
    """Return the modules of a project with the modules that each imports, its own by full name."""
    files = [project / "app.py", project / "main.py", project / "manage.py"]
    own = project / "auth"
    files += [file for file in own.rglob("*.py") if "tests" not in file.relative_to(own).parts]
    modules = {module_of(file, project.path): file for file in files}
    return {
        module: {
            exact(name, modules)
            for name in imported_by(file, project.path)
            if exact(name, modules) != module
        }
        for module, file in modules.items()
    }


def room_of(module: str) -> str:
    """Return the folder or the module at the top of auth/ that a module is in, or the module."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "auth" and len(parts) > 1 else module


def floor_of(module: str) -> int | None:
    """Return the number of a module's floor, from the top; None if it is not one of those."""
    room = room_of(module)
    return next((number for number, floor in enumerate(FLOORS) if room in floor), None)


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
