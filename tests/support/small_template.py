"""The template with a small project in it, so that a bake takes a moment only."""

import shutil
from pathlib import Path

from tests.support.baking import TEMPLATE

PROJECT = "{{cookiecutter.project_slug}}"
MAIN = """\
PAGES = {  # a page: who may see it
{% for page in cookiecutter.pages | pages %}
    {{ page | page_row }}
{% endfor %}
}
NAME = {{ cookiecutter.project_name | python }}
STORE = {{ cookiecutter.store_backend | python }}
"""
FILES = {
    ".cruft.json": "{{ cookiecutter | cruft_state }}\n",
    "main.py": MAIN,
    "auth/stores/memory/__init__.py": "# memory\n",
    "auth/stores/memory/file_change.py": "# memory\n",
    "auth/stores/sql/engine.py": "# sqlite mysql postgresql\n",
    "auth/stores/sql/databases/server.py": "# mysql postgresql\n",
    "auth/stores/sql/databases/sqlite.py": "# sqlite\n",
    "auth/commands/database.py": "# sqlite mysql postgresql\n",
    "auth/cookies/component.py": "# component\n",
    "auth/cookies/http_only/route.py": "# http_only\n",
    "auth/views/account.py": "# pages\n",
    "auth/views/second_factor.py": "# second_factor\n",
    "auth/users/factors/kept.py": "# second_factor\n",
    "auth/tests/views/test_account.py": "# pages\n",
    "auth/tests/stores/memory/test_memory.py": "# memory\n",
    "auth/tests/stores/sql/test_sql.py": "# sqlite mysql postgresql\n",
    "auth/tests/cookies/test_component.py": "# component\n",
    "auth/tests/cookies/http_only/test_route.py": "# http_only\n",
    ".streamlit/secrets.toml.example": "# mysql postgresql\n",
    "compose.yaml": "# sqlite mysql postgresql\n",
}


def copy_generator(folder: Path) -> Path:
    """Copy what the template is made of, all but the project itself, and return the folder."""
    for name in ("answers", "hooks"):
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(TEMPLATE / name, folder / name, ignore=ignore)
    for name in ("cookiecutter.json", "local_extensions.py"):
        shutil.copy(TEMPLATE / name, folder)
    return folder


def make_small_template(folder: Path) -> Path:
    """Make a template with the questions and hooks of ours, and return the folder."""
    copy_generator(folder)
    for name, text in FILES.items():
        file = folder / PROJECT / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    return folder
