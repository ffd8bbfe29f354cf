"""The project's own files, where two of them have to agree."""

import tomllib

from auth.settings import PROJECT


def test_pip_and_uv_install_the_same() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = (PROJECT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    listed = {line.strip() for line in lines if line.strip() and not line.startswith("#")}
    assert listed == set(project["dependencies"])
