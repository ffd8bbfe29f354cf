"""Import the modules of a generated project, as a server process that has just started would."""

import importlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

# What tests often ask for, by a short name.
_MODULES = {
    "credentials": "login.credentials",
    "login": "login.by_password",
    "passwords": "passwords.hashing",
    "sessions": "sessions.sessions",
    "tokens": "sessions.tokens",
    "users": "users.directory",
}


class App:
    """The modules of a project, imported for one test."""

    def __init__(self, load: Callable[[str], ModuleType]) -> None:
        self.load = load

    def __getattr__(self, name: str) -> ModuleType:
        return self.load(f"auth.{_MODULES.get(name, name)}")


@contextmanager
def imported(project: Path, environment: Mapping[str, str]) -> Iterator[App]:
    """Import the modules of a project anew, and forget them after the with block."""
    with patch.dict(os.environ, environment), patch.object(sys, "path", [str(project), *sys.path]):
        importlib.invalidate_caches()
        _forget_modules()
        try:
            yield App(importlib.import_module)
        finally:
            if module := sys.modules.get("auth.stores.sql.engine"):
                for database in module._opened:
                    database.engine.dispose()
            _forget_modules()


def _forget_modules() -> None:
    for name in [name for name in sys.modules if name.split(".")[0] in {"auth", "manage"}]:
        del sys.modules[name]
