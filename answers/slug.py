"""The `project_slug` answer: a folder whose name hides no module that the app imports."""

import keyword
import re
import sys
from typing import Final

from .texts import quote

MAX_SLUG: Final = 56  # the name of the login cookie, SLUG_session, may have 64

RESERVED_WINDOWS_NAMES: Final = frozenset(
    ["con", "prn", "aux", "nul"] + [f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)]
)
# The modules of a generated project, and the modules and packages that it installs.
MODULE_NAMES: Final = frozenset(
    """
    app auth main manage migrations seeds tests views
    alembic altair annotated_types anyio argon2 argon2_cffi argon2_cffi_bindings ast_serialize attr
    attrs bcrypt blinker cachetools certifi cffi charset_normalizer click colorama cryptography
    dateutil dotenv execnet extra_streamlit_components fido2 filelock git gitdb google greenlet h11
    httptools idna iniconfig itsdangerous jinja2 jsonschema jsonschema_specifications libpass librt
    mako markupsafe multipart mypy mypy_extensions mypyc narwhals numpy packaging pandas passlib
    pathspec pil pillow pip pluggy pre_commit protobuf psycopg psycopg_binary psycopg_pool py
    pyarrow pycparser pydantic pydantic_core pydantic_settings pydeck pygments pymysql pyotp pytest
    pytest_xdist python_dateutil python_dotenv python_multipart pyyaml referencing requests rpds
    rpds_py ruff segno setuptools six smmap sqlalchemy starlette streamlit tenacity toml tornado
    typing_extensions typing_inspection tzdata urllib3 uvicorn watchdog websockets xdist yaml
    """.split()
)


def check_slug(slug: str) -> list[str]:
    """Return what is wrong with the `project_slug` answer.

    Valid: `sales_app`, `app2`.
    Invalid: ``, `Sales`, `2nd`, `a-b`, `a_`, `../a`, `class`, `json`, `streamlit`, `main`, `con`.
    """
    what = f"The project_slug {quote(slug)}"
    if not slug:
        return ["The project_slug is empty: it names the folder to create."]
    if not re.fullmatch(r"[a-z][a-z0-9_]*", slug):
        return [
            f"{what} has to begin with a lowercase letter (a-z) and go on with "
            "lowercase letters, digits and _ only."
        ]
    if slug.endswith("_"):
        return [f"{what} has to end with a letter or a digit."]
    if len(slug) > MAX_SLUG:
        return [f"{what} is longer than {MAX_SLUG} characters."]
    if keyword.iskeyword(slug):
        return [f"{what} is a Python keyword."]
    if slug in RESERVED_WINDOWS_NAMES:
        return [f"{what} is a reserved Windows name."]
    if slug in sys.stdlib_module_names:
        return [f"{what} is the name of a standard-library module."]
    if re.sub(r"_+", "_", slug) in MODULE_NAMES:
        return [f"{what} is the name of a module that the app uses."]
    return []
