"""What runs with `requirements.txt` alone: the README's way with pip, and the image."""

import json
import os
import re
import subprocess
from fnmatch import fnmatch
from pathlib import Path

import pytest

from tests.conftest import Bake
from tests.support.baking import BakedProject
from tests.support.servers import AppServer, running
from tests.support.sweep import sweep
from tests.support.visitor import Tab

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def installed(bake: Bake, tmp_path_factory: pytest.TempPathFactory) -> BakedProject:
    """A project with an environment of its own, made as its README says for pip."""
    project = bake().copy(tmp_path_factory.mktemp("pip"))
    pattern = r"^```sh\n([^`]*pip install[^`]*)^```$"
    (block,) = re.findall(pattern, project.read("README.md"), re.MULTILINE)
    install, start = block.split(" && ")
    assert start == "streamlit run app.py --server.address localhost\n"
    subprocess.run(["bash", "-euc", install], cwd=project.path, capture_output=True, check=True)
    return project


@pytest.fixture
def project(bake: Bake, tmp_path: Path) -> BakedProject:
    """The default project, to change."""
    return bake().copy(tmp_path)


class ImageServer(AppServer):
    """The app as the Dockerfile starts it, with what pip has installed."""

    def __init__(self, project: BakedProject) -> None:
        self._programs = project / ".venv" / "bin"
        self._dockerfile = project.read("Dockerfile")
        path = os.pathsep.join([str(self._programs), os.environ["PATH"]])
        (block,) = re.findall(r"^ENV ((?:.*\\\n)*.*)$", self._dockerfile, re.MULTILINE)
        set_there = dict(word.split("=") for word in block.replace("\\\n", " ").split())
        super().__init__(project.path, {"PATH": path, **set_there})

    def command(self) -> list[str]:
        return self._in_dockerfile(r"^CMD (.*)$")

    def health_check(self) -> int:
        """Return the exit code of the image's health check."""
        command = self._in_dockerfile(r"^HEALTHCHECK .*\\\n +CMD (.*)$")
        # Any other address is answered with the page, whatever state the server is in.
        assert "/_stcore/health'" in command[-1]
        return subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode

    def _in_dockerfile(self, instruction: str) -> list[str]:
        (words,) = re.findall(instruction, self._dockerfile, re.MULTILINE)
        program, *arguments = json.loads(words.replace("8501", str(self.port)))
        return [str(self._programs / program), *arguments]


@sweep
def test_the_image_s_command_serves_the_app_and_its_health_check_knows(
    installed: BakedProject, tab: Tab
) -> None:
    installed.manage("add-user", "ann", "--password-stdin", stdin=PASSWORD)
    server = ImageServer(installed)
    assert server.health_check() != 0
    with running(server):
        assert server.health_check() == 0
        tab.open(f"{server.url}/about").log_in("ann", PASSWORD)
        tab.reload()
        tab.sees_page("About")
        tab.sees_user("ann")
    assert server.health_check() != 0


@sweep
def test_nobody_gets_into_the_image_as_a_demo_user(installed: BakedProject, tab: Tab) -> None:
    with running(ImageServer(installed)) as server:
        assert 'event="demo users present" reason="they cannot log in here, ' in server.log
        tab.open(server.url).fill_login("test1", "test1")
        tab.click("Log in")
        tab.sees("Wrong username or password.")
        assert 'event="demo user refused" reason="in production" user=test1' in server.log


@sweep
def test_nothing_is_installed_that_the_app_does_not_run_with(installed: BakedProject) -> None:
    listed = subprocess.run(
        [installed / ".venv" / "bin" / "pip", "list", "--format", "json"],
        capture_output=True,
        check=True,
    ).stdout
    names = {package["name"] for package in json.loads(listed)}
    assert "streamlit" in names
    assert not names & {"pytest", "ruff", "mypy"}


def test_the_image_and_the_repository_get_no_secret(project: BakedProject) -> None:
    git = ["git", "-C", str(project.path)]
    subprocess.run([*git, "init", "--quiet"], check=True)
    left_out = project.read(".dockerignore").splitlines()
    for secret in (".env", ".streamlit/secrets.toml"):
        subprocess.run([*git, "check-ignore", "--quiet", secret], check=True)
        assert any(fnmatch(secret, pattern) for pattern in left_out)


def test_the_lock_of_the_users_file_is_left_out_and_that_of_uv_is_not(
    project: BakedProject,
) -> None:
    git = ["git", "-C", str(project.path)]
    subprocess.run([*git, "init", "--quiet"], check=True)
    assert ignored(git, "seeds/.users.json.lock")
    assert not ignored(git, "uv.lock")
    assert any(
        fnmatch("seeds/.users.json.lock", line)
        for line in project.read(".dockerignore").splitlines()
    )


def ignored(git: list[str], file: str) -> bool:
    return subprocess.run([*git, "check-ignore", "--quiet", file], check=False).returncode == 0


def test_a_change_of_the_code_installs_nothing_again(project: BakedProject) -> None:
    dockerfile = project.read("Dockerfile")
    steps = ["COPY requirements.txt", "RUN pip install", "COPY . .", "\nUSER app\n"]
    places = [dockerfile.index(step) for step in steps]
    assert places == sorted(places)
