"""Print what the changelog says about a version, if it can be released.

python -m scripts.release_notes 0.1.0
"""

import argparse
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent


class NotReadyError(Exception):
    """The version cannot be released as things are."""


def notes_of(version: str, root: Path = ROOT) -> str:
    """Return the part of the changelog about a version.

    Raises:
        NotReadyError: It is not the version of the project, or the changelog has
            no heading for it with a day.
    """
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    if version != project["version"]:
        raise NotReadyError(f"The tag is {version}, but pyproject.toml says {project['version']}.")
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    heading = rf"^## \[{re.escape(version)}\] - \d{{4}}-\d{{2}}-\d{{2}}\n"
    part = re.search(rf"{heading}(.*?)(?=^## |^\[|\Z)", changelog, re.DOTALL | re.MULTILINE)
    if part is None:
        raise NotReadyError(f"CHANGELOG.md has no heading for {version} with a day.")
    return part[1].strip()


def main() -> int:
    """Print the notes, or what is missing; return the exit code."""
    parser = argparse.ArgumentParser(description="Print the release notes of a version.")
    parser.add_argument("version", help="the tag, which is the bare version")
    try:
        print(notes_of(parser.parse_args().version))
    except NotReadyError as error:
        print(f"ERROR: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
