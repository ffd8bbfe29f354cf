"""The settings that a quick reload depends on, as Streamlit reads them in a project."""

import re

from tests.support.baking import BakedProject

READ = """
from streamlit import config
print(config.get_option("runner.postScriptGC"), config.get_option("server.fileWatcherType"))
"""


def settings_in(text: str) -> dict[str, str]:
    """Return the settings of Streamlit in a Dockerfile or in commands."""
    return dict(re.findall(r"(STREAMLIT_SERVER_FILE\w+)=(\S+)", text))


def test_nobody_waits_for_a_collection_of_garbage_after_each_run(project: BakedProject) -> None:
    assert project.python("-c", READ).stdout.split() == ["False", "auto"]


def test_a_deployed_app_does_not_look_for_changes_of_its_files(project: BakedProject) -> None:
    for file in ("Dockerfile", "README.md"):
        deployed = settings_in(project.read(file))
        said = project.python("-c", READ, environment=deployed).stdout
        assert said.split() == ["False", "none"], file
