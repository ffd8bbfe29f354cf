"""Print what is wrong with the answers, and stop.

Most wrong answers are found before this hook runs (see docs/decisions.md); a
replay file is read without that check.
"""

import json
import sys

PROBLEMS = json.loads(r"""{{ cookiecutter | problems | tojson }}""")


def main() -> int:
    """Return 1 if there is anything wrong, else 0."""
    for problem in PROBLEMS:
        print(f"ERROR: {problem}", file=sys.stderr)
    return 1 if PROBLEMS else 0


if __name__ == "__main__":
    sys.exit(main())
