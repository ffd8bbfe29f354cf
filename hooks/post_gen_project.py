"""Finish a project: keep what was chosen, write the rest, print the next steps."""

import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import Final

PROJECT: Final = "{{ cookiecutter.project_slug }}"
VIEWS: Final[dict[str, str]] = json.loads(r"""{{ cookiecutter.pages | views | tojson }}""")
DEMO_USERS: Final[list[str]] = json.loads(r"""{{ cookiecutter.demo_users | names | tojson }}""")

CHOSEN: Final = ["{{ cookiecutter.store_backend }}", "{{ cookiecutter.cookie_transport }}"]

# The files that belong to an answer: they go where it was not chosen.
FILES: Final = {
    "memory": ["auth/memory_store.py", "tests/test_memory_store.py"],
    "mysql": [
        ".streamlit/secrets.toml.example",
        "auth/database.py",
        "auth/mysql_store.py",
        "auth/tables.py",
        "compose.yaml",
        "tests/stand_in_store.py",
        "tests/test_database.py",
    ],
    "component": ["auth/component_cookies.py", "tests/test_component_cookies.py"],
    "http_only": [
        "auth/codes.py",
        "auth/headers.py",
        "auth/http_only_cookies.py",
        "auth/resumption.py",
        "auth/routes.py",
        "http_only_app.py",
        "tests/asgi.py",
        "tests/test_codes.py",
        "tests/test_headers.py",
        "tests/test_http_only_cookies.py",
        "tests/test_resumption.py",
        "tests/test_routes.py",
    ],
}
# What is called otherwise in a project than here, in this order.
NAMES: Final = {
    "component": {"auth/component_cookies.py": "auth/cookies.py"},
    "http_only": {
        "auth/http_only_cookies.py": "auth/cookies.py",
        "app.py": "main.py",
        "http_only_app.py": "app.py",
    },
}


def keep_what_was_chosen() -> None:
    """Remove the files of the answers not given, and name the others as the app knows them."""
    for answer, files in FILES.items():
        if answer not in CHOSEN:
            for file in files:
                Path(file).unlink()
    for answer in CHOSEN:
        for old, new in NAMES.get(answer, {}).items():
            Path(old).replace(new)


def write_views() -> None:
    """Write one file for each page of the answer."""
    for name, source in VIEWS.items():
        write(Path("views") / f"{name}.py", source)


def seed_demo_users() -> None:
    """Write the file of users: each demo user has their own name as password."""
    users = {name: {"password_hash": hash_name(name), "disabled": False} for name in DEMO_USERS}
    write(Path("seeds") / "users.json", json.dumps(users, indent=2) + "\n")


def hash_name(name: str) -> str:
    """Return a scrypt hash in PHC string format of a name that is its own password.

    The hook has the standard library only, so not argon2; the parameters are
    those of OWASP's password storage cheat sheet. A random salt would protect
    nothing here, and the same answers would never make the same project twice:
    cruft would find a new password in every update.
    """
    salt = hashlib.sha256(f"{PROJECT}/{name}".encode()).digest()[:16]
    digest = hashlib.scrypt(name.encode(), salt=salt, n=2**14, r=8, p=5, dklen=32)
    return f"$scrypt$ln=14,r=8,p=5${unpadded_base64(salt)}${unpadded_base64(digest)}"


def unpadded_base64(data: bytes) -> str:
    """Return base64 without the = signs at the end."""
    return base64.b64encode(data).decode().rstrip("=")


def write(path: Path, text: str) -> None:
    """Write a file that is the same on every system, unless its owner has one there already."""
    path.parent.mkdir(exist_ok=True)
    if not path.exists():
        path.write_text(text, encoding="utf-8", newline="\n")


def print_next_steps() -> None:
    """Say where the project is, and how to run and test it."""
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    print(f"\nYour app is in {Path.cwd()}")
    print(f'  Go there:   cd "{Path.cwd()}"')
    if "mysql" in CHOSEN:
        print("  Database:   set DB_HOST, DB_NAME, DB_USER and DB_PASSWORD (see README.md)")
    print("  Run it:     uv run streamlit run app.py --server.address localhost")
    if DEMO_USERS:
        print(f"  Log in as:  {', '.join(DEMO_USERS)} (each name is also its password)")
    else:
        print("  Add a user: uv run python manage.py add-user NAME")
    print("  Test it:    uv run pytest\n")


def main() -> int:
    """Do all of it; return the exit code."""
    try:
        keep_what_was_chosen()
        write_views()
        seed_demo_users()
    except OSError as error:
        print(f"ERROR: The project could not be finished: {error}", file=sys.stderr)
        return 1
    print_next_steps()
    return 0


if __name__ == "__main__":
    sys.exit(main())
