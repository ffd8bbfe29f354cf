"""What checks of passwords leave behind in the memory of a server."""

import os
import sys

import pytest

from tests.conftest import Bake

# A thread may keep what it once had, 19 MiB for a hash. There are four at most, and not 30.
MAX_MEBIBYTES = 35 * min(4, os.cpu_count() or 1)

CHECKS = """
import resource
from concurrent.futures import ThreadPoolExecutor

from auth.passwords.hashing import check_password


def resident():
    with open("/proc/self/statm", encoding="utf-8") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize() / 2**20


check_password("", None)
before = resident()
with ThreadPoolExecutor(30) as threads:
    list(threads.map(lambda _: check_password("x", None), range(60)))
print(resident() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_many_checks_at_once_leave_little_behind(bake: Bake) -> None:
    result = bake().python("-c", CHECKS)
    assert result.returncode == 0, result.stderr
    assert float(result.stdout) < MAX_MEBIBYTES
