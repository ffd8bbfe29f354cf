"""The people of streamlit-authenticator."""

import importlib
from pathlib import Path
from typing import NoReturn

import pytest

from auth.records import NotAcceptableError
from auth.users.authenticator import read
from auth.users.newcomers import Newcomer

CONFIG = """\
cookie:
  expiry_days: 30
  key: some_signature_key
  name: some_cookie_name
credentials:
  usernames:
    jsmith:
      email: jsmith@gmail.com
      failed_login_attempts: 0 # Will be managed automatically
      first_name: John
      last_name: Smith
      logged_in: False
      password: $2b$12$abc
      roles:
      - admin
      - Editor
    2024:
      email: r@example.com
      name: Rébecca Briggs
      password: '$2b$12$def'
      roles: viewer, editor
    guest:
      email: null
"""


def people(tmp_path: Path, text: str) -> list[Newcomer]:
    file = tmp_path / "config.yaml"
    file.write_text(text, encoding="utf-8")
    return read(file)


def test_people_are_read_with_names_roles_and_hashes(tmp_path: Path) -> None:
    assert people(tmp_path, CONFIG) == [
        Newcomer(7, "jsmith", "jsmith@gmail.com", "John Smith", ("admin", "Editor"), "$2b$12$abc"),
        Newcomer(17, "2024", "r@example.com", "Rébecca Briggs", ("viewer", "editor"), "$2b$12$def"),
        Newcomer(22, "guest"),
    ]


def test_a_person_of_whom_nothing_is_known_is_a_problem_of_its_line(tmp_path: Path) -> None:
    (ann,) = people(tmp_path, "credentials:\n  usernames:\n    ann:\n")
    assert (ann.line, ann.problem) == (3, "ann has no email, name and password.")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "- a\n",
        "credentials:\n",
        "credentials:\n  users: 1\n",
        "credentials:\n  usernames: 1\n",
    ],
)
def test_what_is_no_such_configuration_is_said(tmp_path: Path, text: str) -> None:
    with pytest.raises(NotAcceptableError, match="has no credentials with usernames"):
        people(tmp_path, text)


@pytest.mark.parametrize(
    "text",
    ["a: [\n", "credentials:\n  usernames:\n    ann: !!python/object/apply:os.getcwd []\n"],
)
def test_what_cannot_be_read_safely_is_not_read(tmp_path: Path, text: str) -> None:
    with pytest.raises(NotAcceptableError, match=r"cannot be read as YAML\. It fails in line \d"):
        people(tmp_path, text)


def test_without_the_library_the_way_to_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(name: str) -> NoReturn:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", fail)
    with pytest.raises(NotAcceptableError, match="uv run --with pyyaml python manage"):
        read(tmp_path / "config.yaml")
