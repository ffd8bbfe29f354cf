"""Finish a project: remove what was not chosen, write views and users, print the next steps."""

import hashlib
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any, Final

ANSWERS: Final[dict[str, Any]] = json.loads(r"""{{ cookiecutter | tojson }}""")
VIEWS: Final[dict[str, str]] = json.loads(r"""{{ cookiecutter.pages | views | tojson }}""")
DEMO_USERS: Final[dict[str, list[str]]] = dict(  # the roles of each
    json.loads(r"""{{ cookiecutter.demo_users | demo_users | tojson }}""")
)
UNWANTED: Final[list[str]] = json.loads(r"""{{ cookiecutter | unwanted | tojson }}""")
COMMAND_TO_FINISH: Final[str] = json.loads(
    r""" {{ cookiecutter | command_to_finish | tojson }} """  # A quote would end it.
)
SET_ASIDE: Final = Path(".set_aside")  # where the hook before this one has put the owner's files
INSTALL_WITH_PIP: Final = (
    ["python -m venv .venv", r".venv\Scripts\activate", "pip install -r requirements.txt"]
    if sys.platform == "win32"
    else ["python3 -m venv .venv", ". .venv/bin/activate", "pip install -r requirements.txt"]
)


def remove_unwanted() -> None:
    """Remove the files and folders of the answers not given."""
    for path in map(Path, UNWANTED):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def bring_back() -> list[str]:
    """Put the owner's files back where they were, and return the paths."""
    kept = [path for path in UNWANTED if os.path.lexists(SET_ASIDE / path)]
    for path in kept:
        (SET_ASIDE / path).rename(path)
    if kept:
        shutil.rmtree(SET_ASIDE)
    return kept


def write_views() -> None:
    """Write one file for each page of the answer."""
    for name, source in VIEWS.items():
        write(Path("views") / f"{name}.py", source)


def seed_demo_users() -> None:
    """Write the users file: each demo user has their own name as password."""
    users = {
        name: {"id": make_id(name), "password_hash": "demo", "roles": roles}
        for name, roles in DEMO_USERS.items()
    }
    write(Path("seeds") / "users.json", json.dumps(users, indent=2) + "\n")


def make_id(name: str) -> str:
    """Return a demo user's id, the same each time: cruft would find a new one in every update."""
    return hashlib.sha256(f"{ANSWERS['project_slug']}/{name}".encode()).hexdigest()[:32]


def write(path: Path, text: str) -> None:
    """Write a file that is the same on every system, unless its owner already has one."""
    path.parent.mkdir(exist_ok=True)
    if not path.exists():
        path.write_text(text, encoding="utf-8", newline="\n")


def print_next_steps(kept: list[str]) -> None:
    """Say where the project is, and how to run and test it."""
    print(f"\nYour app is in {Path.cwd()}")
    if kept:
        print(f"  Kept:       {', '.join(kept)} (yours; the app does not need it)")
    print(f'  Go there:   cd "{Path.cwd()}"')
    if ANSWERS["store_backend"] in ("mysql", "postgresql"):
        print("  Database:   set DATABASE_URL, or DB_HOST, DB_NAME, DB_USER and DB_PASSWORD")
        print("              (see README.md)")
    elif ANSWERS["store_backend"] == "sqlite":
        print(f"  Database:   data/{ANSWERS['project_slug']}.db, from the first start on")
    uv_run = "uv run " if shutil.which("uv") else ""
    if not uv_run:
        for label, command in zip(("Install:", "", ""), INSTALL_WITH_PIP, strict=True):
            print(f"  {label:11} {command}")
    print(f"  Run it:     {uv_run}streamlit run app.py --server.address localhost")
    if DEMO_USERS:
        print(f"  Log in as:  {', '.join(DEMO_USERS)} (each name is also its password)")
    else:
        print(f"  Add a user: {uv_run}python manage.py add-user NAME")
    print(f"  Test it:    {uv_run or 'pip install pytest && '}pytest\n")


def print_failure(reason: OSError) -> None:
    """Say what went wrong, and the command that finishes the project afterwards."""
    print(f"ERROR: The project could not be finished: {reason}", file=sys.stderr)
    if COMMAND_TO_FINISH:
        print("Fix that, and run this, which takes the same answers:", file=sys.stderr)
        print(f"  {COMMAND_TO_FINISH}", file=sys.stderr)
    else:  # cruft
        print("Fix that, and run the same command again.", file=sys.stderr)


def main() -> int:
    """Do all of it; return the exit code."""
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        remove_unwanted()
        kept = bring_back()
        write_views()
        seed_demo_users()
    except OSError as error:
        print_failure(error)
        return 1
    print_next_steps(kept)
    return 0


if __name__ == "__main__":
    sys.exit(main())
