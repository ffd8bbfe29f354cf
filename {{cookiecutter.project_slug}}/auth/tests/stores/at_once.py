"""Many who do something at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Final, TypeVar

THREADS: Final = 32

_Result = TypeVar("_Result")


def at_once(work: Callable[[int], _Result], threads: int = THREADS) -> list[_Result]:
    """Call a function with 0, 1, 2 … in as many threads, which all start together."""
    everybody = Barrier(threads)

    def start(number: int) -> _Result:
        everybody.wait(60)
        return work(number)

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(start, range(threads)))
