"""What the hooks add to a bake. Run it: uv run python -m benchmarks.bake.

The hooks' password hashes do not count: they are what makes a password safe.
"""

import statistics
import tempfile
import time
from pathlib import Path

from tests.support.baking import run_cookiecutter

TIMES = 10
WAYS = {
    "no hooks": (["--accept-hooks", "no"], {}),
    "with hooks": ([], {"demo_users": ""}),
    "with hooks and two demo users": ([], {}),
}


def main() -> None:
    """Bake in turns, and print the medians against a bake without hooks."""
    seconds: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(TIMES + 1):
        for way, (options, answers) in WAYS.items():
            with tempfile.TemporaryDirectory() as folder:
                started = time.perf_counter()
                result = run_cookiecutter(Path(folder), *options, **answers)
                seconds[way].append(time.perf_counter() - started)
                result.check_returncode()
    medians = {way: statistics.median(values[1:]) for way, values in seconds.items()}
    print(f"Bake, medians of {TIMES}\n\n| bake | ratio | ms |\n|---|---|---|")
    for way, median in medians.items():
        print(f"| {way} | {median / medians['no hooks']:.2f} | {median * 1000:.0f} |")


if __name__ == "__main__":
    main()
