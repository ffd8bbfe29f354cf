"""What the hooks add to a bake. Run it: uv run python -m benchmarks.bake."""

import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Final

from tests.support.baking import run_cookiecutter

TIMES = 10
WAYS: Final = {"no hooks": ["--accept-hooks", "no"], "with hooks": []}


def main() -> None:
    """Bake in turns, and print the medians against a bake without hooks."""
    seconds: dict[str, list[float]] = {way: [] for way in WAYS}
    used: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(TIMES + 1):
        for way, options in WAYS.items():
            with tempfile.TemporaryDirectory() as folder:
                started, before = time.perf_counter(), processor_seconds()
                result = run_cookiecutter(Path(folder), *options)
                seconds[way].append(time.perf_counter() - started)
                used[way].append(processor_seconds() - before)
                result.check_returncode()
    medians = {way: statistics.median(values[1:]) for way, values in seconds.items()}
    print(f"Bake, medians of {TIMES}\n\n| bake | ratio | ms | ms of the processor |")
    print("|---|---|---|---|")
    for way, median in medians.items():
        of_processor = statistics.median(used[way][1:]) * 1000
        ratio = median / medians["no hooks"]
        print(f"| {way} | {ratio:.2f} | {median * 1000:.0f} | {of_processor:.0f} |")


def processor_seconds() -> float:
    """Return what commands have had of the processor: other work does not add to it."""
    times = os.times()
    return times.children_user + times.children_system


if __name__ == "__main__":
    main()
