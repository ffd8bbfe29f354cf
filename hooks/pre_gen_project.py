"""Set aside what stands where files will be removed, in a project that was there before.

The template renders the files of every answer, and the hook after it removes
those of answers not given. An owner's file of such a name, such as a
compose.yaml of their own, would be overwritten, and then removed.

Nearly always there is nothing to do, so nothing is imported that this takes no part in: every
bake waits for it.
"""

import os
import sys

SET_ASIDE = ".set_aside"
UNWANTED = r"""{{ cookiecutter | unwanted | join("\n") }}""".splitlines()


def set_aside(paths: list[str]) -> None:
    """Copy files and folders, with the folders they are in."""
    import shutil  # only now: it is for projects that were there before

    try:
        for path in paths:
            copy = os.path.join(SET_ASIDE, path)
            os.makedirs(os.path.dirname(copy), exist_ok=True)
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.copytree(path, copy, symlinks=True)
            else:
                shutil.copy2(path, copy, follow_symlinks=False)
    except OSError:
        shutil.rmtree(SET_ASIDE, ignore_errors=True)
        raise


def main() -> int:
    """Set aside whatever there is; return the exit code."""
    if os.path.lexists(SET_ASIDE):
        print(
            f"ERROR: {os.path.abspath(SET_ASIDE)} has files of yours, set aside by a run that did "
            "not finish. Move them back to where they were, remove that folder, and run it again.",
            file=sys.stderr,
        )
        return 1
    there = [path for path in UNWANTED if os.path.lexists(path)]
    try:
        if there:
            set_aside(there)
    except OSError as error:
        print(f"ERROR: The project's files could not be kept safe: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
