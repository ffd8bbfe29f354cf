"""Scaffold the default project into demo/ and start it.

The project stays as it is from one start to the next, with whatever you change
in it. Remove demo/ for a new one.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from cookiecutter.main import cookiecutter

TEMPLATE = Path(__file__).parent.parent


def scaffold(folder: Path) -> Path:
    """Return the project in a folder; make it if there is none yet."""
    if apps := sorted(folder.glob("*/app.py")):
        return apps[0].parent
    return Path(cookiecutter(str(TEMPLATE), no_input=True, default_config=True, output_dir=folder))


def start(project: Path) -> int:
    """Serve a project on this machine until Ctrl-C. Streamlit prints the address."""
    users = json.loads((project / "seeds" / "users.json").read_text(encoding="utf-8"))
    print(f"Log in as {' or '.join(users)}; each name is also the password. Ctrl-C stops the app.")
    sys.stdout.flush()
    # The passwords are known to everybody, so other machines are kept out.
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.address", "localhost"]
    try:
        return subprocess.run(command, cwd=project, check=False).returncode  # noqa: S603
    except KeyboardInterrupt:
        return 0


def main() -> int:
    """Do both; return the exit code."""
    parser = argparse.ArgumentParser(description="Scaffold the default project and start it.")
    parser.add_argument("folder", nargs="?", type=Path, default=TEMPLATE / "demo")
    return start(scaffold(parser.parse_args().folder))


if __name__ == "__main__":
    sys.exit(main())
