"""Set aside what stands where files will be removed, in a project that was there before.

The template renders the files of every answer, and the hook after it removes
those of answers not given. An owner's file of such a name, such as a
compose.yaml of their own, would be overwritten, and then removed.
"""

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Final

SET_ASIDE: Final = Path(".set_aside")
UNWANTED: Final[list[str]] = json.loads(r"""{{ cookiecutter | unwanted | tojson }}""")


def set_aside(path: Path) -> None:
    """Copy a file or a folder, with the folders it is in."""
    copy = SET_ASIDE / path
    copy.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir() and not path.is_symlink():
        shutil.copytree(path, copy, symlinks=True)
    else:
        shutil.copy2(path, copy, follow_symlinks=False)


def main() -> int:
    """Set aside whatever there is; return the exit code."""
    if SET_ASIDE.exists():
        print(
            f"ERROR: {SET_ASIDE.absolute()} has files of yours, set aside by a run that did not "
            "finish. Move them back to where they were, remove that folder, and run it again.",
            file=sys.stderr,
        )
        return 1
    try:
        for path in map(Path, UNWANTED):
            if os.path.lexists(path):
                set_aside(path)
    except OSError as error:
        shutil.rmtree(SET_ASIDE, ignore_errors=True)
        print(f"ERROR: The project's files could not be kept safe: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
