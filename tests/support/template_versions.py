"""Two versions of the template in a git repository, where GitHub would be."""

import shutil
import subprocess
from pathlib import Path

from tests.support.baking import TEMPLATE
from tests.support.small_template import PROJECT, copy_generator


def copy_template(folder: Path) -> Path:
    """Copy what a bake needs into a new folder, and return that."""
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(TEMPLATE / PROJECT, folder / PROJECT, ignore=ignore)
    return copy_generator(folder)


def make_repository(folder: Path) -> None:
    """Put the template into a git repository with two versions, 1.0.0 and 2.0.0.

    The newer one has a filter that the older one has not, and uses it.
    """
    copy_template(folder)
    git(folder, "init", "--quiet", "--initial-branch=main")
    commit(folder, "1.0.0")
    edit(
        folder / "answers" / "rendering.py",
        '"views": view_sources',
        '"views": view_sources, "shout": str.upper',
    )
    edit(
        folder / PROJECT / "manage.py",
        'python manage.py --help."""',
        'python manage.py --help, in {{ cookiecutter.project_slug | shout }}."""',
    )
    edit(folder / PROJECT / ".gitignore", ".venv/", ".venv/\n/new/")
    commit(folder, "2.0.0")


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    text = text.replace(old, new, 1)
    file.write_text(text, encoding="utf-8", newline="\n")


def commit(folder: Path, tag: str) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", tag)
    git(folder, "tag", tag)


def git(folder: Path, *command: str) -> str:
    identity = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"]
    return subprocess.run(
        ["git", *identity, *command], cwd=folder, capture_output=True, encoding="utf-8", check=True
    ).stdout


def github_is_here(repository: Path) -> dict[str, str]:
    """Return an environment in which gh:FOLDER/NAME leads to a repository FOLDER/NAME.git."""
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{repository.parent.parent.as_uri()}/.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://github.com/",
    }
