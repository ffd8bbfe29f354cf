"""Load the package `answers` beside this file, in the version that is there now.

Cruft renders two versions of the template from one folder, in one process and
within a second. Python would go on with the modules of the first, or with their
bytecode. So the package is loaded under a name made of its content's hash, and
leaves no bytecode behind.
"""

import hashlib
import importlib.util
import sys
from importlib.machinery import PathFinder
from pathlib import Path
from types import ModuleType

from jinja2 import Environment
from jinja2.ext import Extension


class AnswerExtension(Extension):
    """What the template and its hooks can do with the answers."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        load_answers(find_answers()).extend(environment)


def find_answers() -> Path:
    """Return the package's folder in the template that is being rendered.

    Python imports this file only once, even if the next template is another
    copy. Cookiecutter and cruft append the folder of each to sys.path.
    """
    newest = PathFinder.find_spec(__name__, sys.path[::-1])
    return Path(newest.origin if newest and newest.origin else __file__).with_name("answers")


def load_answers(folder: Path) -> ModuleType:
    """Return the package in a folder, loaded anew if anything in it has changed."""
    name = f"answers_{hash_content(folder)}"
    if name not in sys.modules:
        import_package(name, folder)
    return sys.modules[name]


def hash_content(folder: Path) -> str:
    """Return a hash of the names and contents of a package's files."""
    files = sorted(file for file in folder.rglob("*") if file.suffix in {".py", ".json"})
    content = [(file.relative_to(folder).as_posix(), file.read_bytes()) for file in files]
    return hashlib.sha256(repr(content).encode()).hexdigest()[:16]


def import_package(name: str, folder: Path) -> None:
    """Import a package from a folder, under a name of our choice."""
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"There is no package in {folder}")
    package = importlib.util.module_from_spec(spec)
    writes_no_bytecode = sys.dont_write_bytecode
    sys.dont_write_bytecode = True
    importlib.invalidate_caches()
    sys.modules[name] = package
    try:
        spec.loader.exec_module(package)
    except BaseException:
        del sys.modules[name]
        raise
    finally:
        sys.dont_write_bytecode = writes_no_bytecode
