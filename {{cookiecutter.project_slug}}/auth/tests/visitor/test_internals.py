"""Streamlit's internals are looked at before a start."""

import importlib
import logging
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from auth import server
from auth.visitor import internals, private_names

PROJECT = Path(__file__).parents[3]
NAMES = [(module, name) for module, names in internals.relied_on for name in names.split()]
ROUTES = [(module, name) for module, routes in private_names.ROUTES.items() for name in routes]


@pytest.fixture(autouse=True)
def nothing_looked_at() -> None:
    internals.check.cache_clear()


def rename(patch: pytest.MonkeyPatch, module: str, name: str) -> None:
    """Take the last part of a name from where it is."""
    owner = importlib.import_module(module)
    *path, last = name.split(".")
    if not path:
        patch.delattr(owner, last)
        return
    found = getattr(owner, path[0])
    if hasattr(found, "DESCRIPTOR"):
        if not path[1:] and last not in found.DESCRIPTOR.fields_by_name:  # one of its constants
            enums = found.DESCRIPTOR.enum_types
            others = {
                value.name: 1 for enum in enums for value in enum.values if value.name != last
            }
            patch.setattr(owner, path[0], SimpleNamespace(DESCRIPTOR=found.DESCRIPTOR, **others))
            return
        description = without(found.DESCRIPTOR, *path[1:], last)
        patch.setattr(owner, path[0], SimpleNamespace(DESCRIPTOR=description))
        return
    patch.delattr(found, last, raising=False)
    if last in getattr(found, "__annotations__", {}):
        patch.delitem(found.__annotations__, last)


def without(description: Any, name: str, *rest: str) -> SimpleNamespace:
    """Return the description of a message without one field, or without one of its fields'."""
    fields = dict(description.fields_by_name)
    field = fields.pop(name)
    if rest:
        fields[name] = SimpleNamespace(message_type=without(field.message_type, *rest))
    return SimpleNamespace(fields_by_name=fields)


def test_this_streamlit_is_as_expected_and_a_look_at_it_leaves_no_word(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log = logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context")
    said: list[logging.LogRecord] = []
    monkeypatch.setattr(log, "handle", said.append)
    internals.check()
    assert said == []


@pytest.mark.parametrize(("module", "name"), NAMES + ROUTES, ids=lambda value: value)
def test_with_a_name_gone_nothing_starts_and_a_sentence_says_what_to_install(
    module: str,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    rename(monkeypatch, module, name)
    with pytest.raises(SystemExit):
        server.check()
    first, end = private_names.TESTED
    said = capsys.readouterr().err
    assert f"{module}.{name} is not what the login relies on" in said
    assert f"install 'streamlit>={first},<{end}'" in said


@pytest.mark.parametrize(("module", "name"), ROUTES, ids=lambda value: value)
def test_a_route_that_has_moved_is_a_change_too(
    module: str, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(f"{module}.{name}", "_stcore/elsewhere")
    with pytest.raises(SystemExit):
        server.check()
    assert name in capsys.readouterr().err


def test_so_is_another_place_of_the_session_that_a_browser_asks_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place = "streamlit.web.server.starlette.starlette_websocket._parse_subprotocols"
    monkeypatch.setattr(place, lambda headers: ("streamlit", "session", "token"))
    with pytest.raises(SystemExit):
        server.check()
    assert place in capsys.readouterr().err


def test_what_the_sentence_says_to_install_is_what_the_project_asks_for() -> None:
    first, end = private_names.TESTED
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
    wanted = f"streamlit>={first},<{end}"
    assert wanted in project["project"]["dependencies"]
    assert wanted in (PROJECT / "requirements.txt").read_text("utf-8").split()
