"""The demo, started as `make demo` does, on a machine without uv on its PATH."""

import os
import shlex
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.baking import TEMPLATE, BakedProject, isolated_environment
from tests.support.uv import find_uv

PASSWORD = "correct horse battery"


class Demo:
    """The demo in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "demo"
        self._environment = isolated_environment(folder) | {
            "UV_CACHE_DIR": output_of(find_uv(), "cache", "dir"),
            "STREAMLIT_SERVER_HEADLESS": "true",
            "STREAMLIT_SERVER_PORT": "0",
        }

    @property
    def project(self) -> BakedProject:
        return BakedProject(self.folder / "streamlit_auth_app", {})

    def says(self, **environment: str) -> str:
        """Start the demo, stop it when it has printed its address, and return all that it said."""
        said = ""
        with self._running(self._environment | environment) as process:
            assert process.stdout
            while "http://localhost:" not in said:
                line = process.stdout.readline()
                assert line, said
                said += line
        return said

    @contextmanager
    def _running(self, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
        with subprocess.Popen(
            [find_uv(), "run", "scripts/demo.py", str(self.folder)],
            cwd=TEMPLATE,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            start_new_session=True,
        ) as process:
            try:
                yield process
            finally:
                os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C in a terminal does
                process.communicate(timeout=30)


@pytest.fixture(scope="module")
def new_demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Demo, str]:
    """A demo as it is after its first start, and what that said. Do not change it."""
    demo = Demo(tmp_path_factory.mktemp("new"))
    return demo, demo.says()


@pytest.fixture
def demo(new_demo: tuple[Demo, str], tmp_path: Path) -> Demo:
    """A demo that has been started before, to change."""
    demo = Demo(tmp_path)
    new = new_demo[0].project
    new.copy(demo.folder)
    (demo.project / ".venv").symlink_to(new / ".venv", target_is_directory=True)
    return demo


def test_the_demo_says_whom_to_log_in_as_and_where(new_demo: tuple[Demo, str]) -> None:
    demo, said = new_demo
    assert "Log in as test1 or test2; each name is also the password." in said
    assert demo.project.path.is_dir()
    assert "Run it:" not in said  # it runs


def test_the_demo_installs_what_the_app_needs_and_nothing_of_the_tests(
    new_demo: tuple[Demo, str],
) -> None:
    command = [find_uv(), "pip", "list", "--format", "freeze", "--python"]
    listed = output_of(*command, str(new_demo[0].project / ".venv"))
    packages = {line.split("==")[0] for line in listed.splitlines()}
    assert {"streamlit", "extra-streamlit-components", "libpass"} <= packages
    tools = {"cookiecutter", "mypy", "pytest", "playwright", "ruff", "sqlalchemy", "pymysql"}
    assert not packages & tools


def test_the_demo_names_only_users_whose_name_is_still_the_password(demo: Demo) -> None:
    demo.project.manage("add-user", "ann", "--password-stdin", stdin=f"{PASSWORD}\n")
    demo.project.manage("grant", "ann", "admin", "sales")
    demo.project.manage("set-password", "test1", "--password-stdin", stdin=f"{PASSWORD}\n")
    said = demo.says()
    assert "Log in as test2; the name is also the password." in said


def test_the_demo_says_how_to_add_somebody_where_no_demo_user_can_log_in(demo: Demo) -> None:
    demo.project.manage("remove-user", "test1", "--yes", "--force")
    demo.project.manage("disable-user", "test2")
    said = demo.says()
    assert "No demo user can log in." in said
    assert "also the password" not in said
    command = next(line for line in said.splitlines() if line.endswith(" add-user ann"))
    added = subprocess.run(
        [*shlex.split(command), "--password-stdin"],
        cwd=demo.project.path,
        input=f"{PASSWORD}\n",
        encoding="utf-8",
        capture_output=True,
        check=True,
    )
    assert added.stdout == "Added ann.\n"


def test_the_demo_is_for_trying_also_where_the_machine_is_in_production(demo: Demo) -> None:
    said = demo.says(APP_ENV="production")
    assert "Log in as test1 or test2; each name is also the password." in said


def output_of(*command: str) -> str:
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout.strip()
