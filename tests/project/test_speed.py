"""The settings that a quick reload depends on, as Streamlit reads them in a project."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

from tests.support.baking import BakedProject

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def settings(project: BakedProject, environment: Mapping[str, str]) -> dict[str, Any]:
    """Return Streamlit's settings in a project, read as by `streamlit run`."""
    shown = project.python("-m", "streamlit", "config", "show", environment=environment)
    assert shown.returncode == 0, shown.stderr
    return tomllib.loads(_COLOURS.sub("", shown.stdout))


def test_nobody_waits_for_a_collection_of_garbage_after_each_run(project: BakedProject) -> None:
    assert settings(project, {})["runner"]["postScriptGC"] is False


def test_a_deployed_app_does_not_look_for_changes_of_its_files(project: BakedProject) -> None:
    for file in ("Dockerfile", "README.md"):
        deployed = dict(re.findall(r"(STREAMLIT_SERVER_FILE\w+)=(\S+)", project.read(file)))
        assert settings(project, deployed)["server"]["fileWatcherType"] == "none", file
