"""A machine with make and Python, and uv in .tools/ only: the tests run as on one."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from tests.support.baking import TEMPLATE
from tests.support.uv import with_uv_on_path


def run(*command: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, env=environment, capture_output=True, encoding="utf-8", check=False
    )


def test_no_test_finds_uv_on_the_path() -> None:
    result = run("uv", "--version", environment=dict(os.environ))
    assert (result.returncode, result.stderr) == (127, "uv is not on the PATH\n")


def test_what_calls_uv_by_its_name_can_be_given_it() -> None:
    result = run("uv", "--version", environment=with_uv_on_path(os.environ))
    assert re.match(r"uv \d", result.stdout)


def test_make_takes_the_uv_in_tools(tmp_path: Path) -> None:
    scripts = shutil.copytree(TEMPLATE / "scripts", tmp_path / "scripts")
    uv = tmp_path / ".tools" / "bin" / "uv"
    uv.parent.mkdir(parents=True)
    uv.write_text('#!/bin/sh\necho "uv in .tools: $*"\n', encoding="utf-8")
    uv.chmod(0o755)
    result = run("sh", str(scripts / "uv.sh"), "run", "pytest", environment=dict(os.environ))
    assert result.stdout == "uv in .tools: run pytest\n"


def test_make_and_continuous_integration_call_uv_by_that_script_only() -> None:
    for file in ("Makefile", ".ci/run", "scripts/install_test_tools.sh"):
        text = (TEMPLATE / file).read_text(encoding="utf-8")
        assert not re.search(r"^\s*(exec )?uvx? ", text, re.MULTILINE), file
