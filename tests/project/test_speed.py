"""The settings that a quick reload depends on, as Streamlit reads them in a project."""

import re

from tests.support.baking import BakedProject

READ = 'from streamlit import config; print(config.get_option("runner.postScriptGC"))'


def test_nobody_waits_for_a_collection_of_garbage_after_each_run(project: BakedProject) -> None:
    assert project.python("-c", READ).stdout == "False\n"


def test_a_deployed_app_does_not_look_for_changes_of_its_files(project: BakedProject) -> None:
    for file in ("Dockerfile", "README.md"):
        deployed = dict(re.findall(r"(STREAMLIT_SERVER_FILE\w+)=(\S+)", project.read(file)))
        # The command reads the environment as `streamlit run` does.
        shown = project.python("-m", "streamlit", "config", "show", environment=deployed).stdout
        assert 'fileWatcherType = "none"' in shown, file
