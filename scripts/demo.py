# /// script
# requires-python = ">=3.11"
# dependencies = ["cookiecutter>=2.7.1"]
# ///
"""Scaffold the default project into demo/ and start it as its owner would, with its own packages.

The project stays as it is from one start to the next, with whatever you change
in it. Remove demo/ for a new one.
"""

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

TEMPLATE = Path(__file__).parent.parent

# What list-users prints of a user whose name is the password, and who can log in.
DEMO_USER = re.compile(
    r"^(\S+) \((?:.+, )?demo user: its name is its password\)$", flags=re.MULTILINE
)


class Project:
    """The project of the demo, with an environment of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # uv names itself to what it runs: it need not be on the PATH.
        self._python = [os.environ.get("UV", "uv"), "run", "--no-dev", "python"]
        # In production demo users cannot log in, and uv would warn of another environment.
        self._environment = {**os.environ, "APP_ENV": "development"}
        self._environment.pop("VIRTUAL_ENV", None)

    def describe_users(self) -> str:
        """Return whom to log in as, or how to add somebody.

        Raises:
            CalledProcessError: The project does not work, and has said why.
        """
        listed = subprocess.run(  # noqa: S603
            [*self._python, "manage.py", "list-users"],
            cwd=self._folder,
            env=self._environment,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            check=True,
        )
        match DEMO_USER.findall(listed.stdout):
            case []:
                add = subprocess.list2cmdline([*self._python, "manage.py", "add-user", "ann"])
                return (
                    "No demo user can log in. To add a user, "
                    f"run this in the folder {self._folder}:\n{add}"
                )
            case [name]:
                return f"Log in as {name}; the name is also the password."
            case names:
                return f"Log in as {' or '.join(names)}; each name is also the password."

    def serve(self) -> int:
        """Serve it on this machine until Ctrl-C. Streamlit prints the address."""
        # The passwords are known to everybody, so other machines are kept out.
        command = ["-m", "streamlit", "run", "app.py", "--server.address", "localhost"]
        with subprocess.Popen(  # noqa: S603
            [*self._python, *command], cwd=self._folder, env=self._environment
        ) as app:
            try:
                return app.wait()
            except KeyboardInterrupt:  # which the app was told as well
                app.wait()
                return 0


def scaffold(folder: Path) -> Project:
    """Return the project in a folder; make it if there is none yet.

    Raises:
        CalledProcessError: It cannot be made, and cookiecutter has said why.
    """
    if not any(folder.glob("*/app.py")):
        command = [sys.executable, "-m", "cookiecutter", str(TEMPLATE), "--output-dir", str(folder)]
        subprocess.run(  # noqa: S603
            [*command, "--no-input", "--default-config"],
            stdout=subprocess.DEVNULL,  # The next steps are those of somebody without a demo.
            check=True,
        )
    return Project(min(folder.glob("*/app.py")).parent)


def main() -> int:
    """Do both; return the exit code."""
    parser = argparse.ArgumentParser(description="Scaffold the default project and start it.")
    parser.add_argument("folder", nargs="?", type=Path, default=TEMPLATE / "demo")
    try:
        project = scaffold(parser.parse_args().folder)
        users = project.describe_users()
    except subprocess.CalledProcessError as error:
        return error.returncode
    print(f"{users}\nCtrl-C stops the app.", flush=True)
    return project.serve()


if __name__ == "__main__":
    sys.exit(main())
