"""What runs with `requirements.txt` alone: the README's way with pip, and the image."""

import json
import os
import re
import subprocess
from fnmatch import fnmatch
from pathlib import Path

import pytest
from app_server import AppServer
from baking import bake_into
from visitor import Tab


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with an environment of its own, made as its README says for pip."""
    project = bake_into(tmp_path_factory.mktemp("pip"))
    readme = (project / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```sh\n([^`]*pip install[^`]*)^```$", readme, re.MULTILINE)
    install, start = block.split(" && ")
    assert start == "streamlit run app.py --server.address localhost\n"
    subprocess.run(["bash", "-euc", install], cwd=project, capture_output=True, check=True)
    return project


class ImageServer(AppServer):
    """The app as the Dockerfile starts it, with what pip has installed."""

    def __init__(self, project: Path) -> None:
        programs = project / ".venv" / "bin"
        path = os.pathsep.join([str(programs), os.environ["PATH"]])
        super().__init__(project, {"PATH": path})
        self._programs = programs

    def command(self) -> list[str]:
        return self._in_dockerfile(r"^CMD (.*)$")

    def health_check(self) -> int:
        """Return the exit code of the image's health check."""
        command = self._in_dockerfile(r"^HEALTHCHECK .*\\\n +CMD (.*)$")
        # Any other address is answered with the page, whatever state the server is in.
        assert "/_stcore/health'" in command[-1]
        return subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode

    def _in_dockerfile(self, instruction: str) -> list[str]:
        dockerfile = (self.project / "Dockerfile").read_text(encoding="utf-8")
        (words,) = re.findall(instruction, dockerfile, re.MULTILINE)
        program, *arguments = json.loads(words.replace("8501", str(self.port)))
        return [str(self._programs / program), *arguments]


def test_the_image_s_command_serves_the_app_and_its_health_check_knows(
    installed: Path, tab: Tab
) -> None:
    server = ImageServer(installed)
    assert server.health_check() != 0
    server.start()
    try:
        assert server.health_check() == 0
        tab.open(f"{server.url}/about").log_in("test1")
        tab.reload()
        tab.sees_page("About")
        tab.sees_user("test1")
    finally:
        server.stop()
    assert server.health_check() != 0


def test_nothing_is_installed_that_the_app_does_not_run_with(installed: Path) -> None:
    listed = subprocess.run(
        [installed / ".venv" / "bin" / "pip", "list", "--format", "json"],
        capture_output=True,
        check=True,
    ).stdout
    names = {package["name"] for package in json.loads(listed)}
    assert "streamlit" in names
    assert not names & {"pytest", "ruff", "mypy"}


def test_the_image_and_the_repository_get_no_secret(installed: Path) -> None:
    git = ["git", "-C", str(installed)]
    subprocess.run([*git, "init", "--quiet"], check=True)
    left_out = (installed / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for secret in (".env", ".streamlit/secrets.toml"):
        subprocess.run([*git, "check-ignore", "--quiet", secret], check=True)
        assert any(fnmatch(secret, pattern) for pattern in left_out)


def test_a_change_of_the_code_installs_nothing_again(installed: Path) -> None:
    dockerfile = (installed / "Dockerfile").read_text(encoding="utf-8")
    steps = ["COPY requirements.txt", "RUN pip install", "COPY . .", "\nUSER app\n"]
    places = [dockerfile.index(step) for step in steps]
    assert places == sorted(places)
