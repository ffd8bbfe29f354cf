"""Where a project is from: its `.cruft.json`, which an update with cruft needs.

Cruft writes that file itself. Cookiecutter does not, and it tells a template
neither its commit nor its address, only what was typed. Git knows both.
"""

import json
import os
import re
import subprocess
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any, Final

CRUFT_FILE: Final = ".cruft.json"
# What a bake is made of: a change of anything else in a copy of the template makes no difference.
_PARTS: Final = [
    "answers",
    "cookiecutter.json",
    "hooks",
    "local_extensions.py",
    "{{cookiecutter.project_slug}}",
]
# What cookiecutter adds to the answers, and what this module adds.
_ADDED: Final = {"_template", "_output_dir", "_repo_dir", "_checkout", "_origin"}


def note_origin(answers: MutableMapping[str, Any]) -> None:
    """Add the template's address and commit to the answers, as `_origin`, if cookiecutter bakes.

    It is None where an update would not find what the project was made from: a
    template without git, such as an archive, or one with changes that are in no commit.
    """
    if "_repo_dir" in answers and "_origin" not in answers:  # which cruft does not tell
        answers["_origin"] = _find_origin(answers)


def _find_origin(answers: Mapping[str, Any]) -> dict[str, str | None] | None:
    folder = answers["_repo_dir"]
    commit = _find_commit(folder)
    if not commit:
        return None
    if folder == answers["_template"]:
        # Of a folder, cookiecutter takes what is there, whatever version it is told.
        return {"template": os.path.abspath(folder), "commit": commit, "checkout": None}
    address = _find_address(folder)
    origin = {"template": address, "commit": commit, "checkout": answers.get("_checkout")}
    return origin if address else None


def cruft_state(answers: Mapping[str, Any]) -> str:
    """Return the content of `.cruft.json`, as cruft writes it, or nothing if the origin is unknown."""
    origin = answers.get("_origin")
    if not origin:
        return ""
    added = {"_template": origin["template"], "_commit": origin["commit"]}
    given = {name: answer for name, answer in answers.items() if name not in _ADDED}
    state = {**origin, "context": {"cookiecutter": given | added}, "directory": None}
    return json.dumps(state, ensure_ascii=False, indent=2)


def _find_commit(folder: str) -> str:
    """Return the commit that a folder is at, or nothing if it has none or is changed since."""
    # In a folder above, git would find a repository that the template is only a part of.
    if not (Path(folder) / ".git").exists():
        return ""
    command = ["--no-optional-locks", "status", "--porcelain=v2", "--branch", "--", *_PARTS]
    first, *others = _ask_git(folder, *command).splitlines() or [""]
    commit = re.fullmatch("# branch.oid ([0-9a-f]+)", first)
    is_changed = any(not line.startswith("#") for line in others)
    return commit[1] if commit and not is_changed else ""


def _find_address(folder: str) -> str:
    """Return the address that a repository was cloned from, without a password or token in it."""
    address = _ask_git(folder, "config", "--get", "remote.origin.url").strip()
    return re.sub("^(https?://)[^/@]*@", r"\1", address)


def _ask_git(folder: str, *command: str) -> str:
    """Return what git says, or nothing if there is no git or it refuses."""
    try:
        result = subprocess.run(  # noqa: S603
            ["git", "-C", folder, *command],  # noqa: S607
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    except OSError:
        return ""
    return result.stdout if result.returncode == 0 else ""
