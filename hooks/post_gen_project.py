"""Finish a project: remove what was not chosen, write the rest, print the next steps."""

import base64
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Final

VIEWS: Final[dict[str, str]] = json.loads(r"""{{ cookiecutter.pages | views | tojson }}""")
DEMO_USERS: Final[list[str]] = json.loads(r"""{{ cookiecutter.demo_users | names | tojson }}""")
STORE_BACKEND: Final = "{{ cookiecutter.store_backend }}"

FILES_OF_STORE: Final = {
    "memory": ["auth/memory_store.py"],
    "mysql": [
        ".streamlit/secrets.toml.example",
        "auth/database.py",
        "auth/mysql_store.py",
        "auth/tables.py",
        "compose.yaml",
    ],
}

VIEW: Final = """\
import streamlit as st

st.title({heading})
st.write("This page is views/{name}.py. Replace this line with your own.")
"""


def remove_other_stores() -> None:
    """Remove the files of every store but the chosen one."""
    for store, files in FILES_OF_STORE.items():
        if store != STORE_BACKEND:
            for file in files:
                Path(file).unlink()


def write_views() -> None:
    """Write one file for each page of the answer."""
    for name, source in VIEWS.items():
        write(Path("views") / f"{name}.py", source)


def seed_demo_users() -> None:
    """Write the file of users: each demo user has their own name as password."""
    users = {name: {"password_hash": hash_password(name), "disabled": False} for name in DEMO_USERS}
    write(Path("seeds") / "users.json", json.dumps(users, indent=2) + "\n")


def hash_password(password: str) -> str:
    """Return a scrypt hash in PHC string format.

    The hook has the standard library only, so not argon2; the parameters are
    those of OWASP's password storage cheat sheet.
    """
    salt = os.urandom(16)
    digest = hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=5, dklen=32)
    return f"$scrypt$ln=14,r=8,p=5${unpadded_base64(salt)}${unpadded_base64(digest)}"


def unpadded_base64(data: bytes) -> str:
    """Return base64 without the = signs at the end."""
    return base64.b64encode(data).decode().rstrip("=")


def write(path: Path, text: str) -> None:
    """Write a file that is the same on every system."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def print_next_steps() -> None:
    """Say where the project is, and how to run and test it."""
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    users = ", ".join(DEMO_USERS)
    print(f"\nYour app is in {Path.cwd()}")
    print("  Go there:   cd", Path.cwd().name)
    if STORE_BACKEND == "mysql":
        print("  Database:   set DB_HOST, DB_NAME, DB_USER and DB_PASSWORD")
    print("  Run it:     uv run streamlit run app.py")
    if users:
        print(f"  Log in as:  {users} (each name is also its password)")
    else:
        print("  Add a user: uv run python manage.py add-user NAME")
    print("  Test it:    uv run pytest\n")


def main() -> int:
    """Do all of it; return the exit code."""
    try:
        remove_other_stores()
        write_views()
        seed_demo_users()
    except OSError as error:
        print(f"ERROR: The project could not be finished: {error}", file=sys.stderr)
        return 1
    print_next_steps()
    return 0


if __name__ == "__main__":
    sys.exit(main())
