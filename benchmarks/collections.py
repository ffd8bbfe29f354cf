"""Garbage between runs: what the ways to collect it cost, in time and in memory.

A page that draws a table and leaves a cycle with a megabyte in it behind, run many
times over the raw websocket. Run it: uv run python -m benchmarks.collections
"""

import statistics
import tempfile
import time
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from benchmarks.processes import mebibytes
from tests.support.baking import BakedProject, bake_into
from tests.support.raw_client import raw_client

RUNS = 10_000
RUNS_OF_THE_SLOW = 100
LOOKED_AT = (100, 1_000, 5_000, 10_000)
SLOW = "collected after every run"  # Streamlit's default

PAGE = """import pandas as pd
import streamlit as st

st.title("Home")
table = pd.DataFrame({"number": range(125_000)})
st.dataframe(table.head(100))
cycle = {"table": table}
cycle["itself"] = cycle
"""
FREEZE = '''

@asynccontextmanager
async def freezing(app):
    """Take what is imported out of every later collection."""
    import pandas, pyarrow

    import auth.gate

    gc.collect()
    gc.freeze()
    async with server.lifespan(app):
        yield
'''


def main() -> None:
    """Run the page under each way in turns, and print time and memory."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        project = bake_into(Path(folder) / "app", cookie_transport="http_only")
        project.write("views/home.py", PAGE)
        freezing = with_freezing(project, Path(folder) / "freezing")
        collecting = {"STREAMLIT_RUNNER_POST_SCRIPT_GC": "true"}
        ways: dict[str, tuple[BakedProject, Mapping[str, str]]] = {
            SLOW: (project, collecting),
            "the same, with the imports frozen": (freezing, collecting),
            "collected when Python does": (project, {"STREAMLIT_RUNNER_POST_SCRIPT_GC": "false"}),
        }
        servers = {
            name: stack.enter_context(its_project.server(environment))
            for name, (its_project, environment) in ways.items()
        }
        clients = {
            name: stack.enter_context(raw_client(server.url)) for name, server in servers.items()
        }
        for client in clients.values():
            client.log_in("test1")
        seconds: dict[str, list[float]] = {name: [] for name in ways}
        memory: dict[str, list[float]] = {name: [] for name in ways}
        for number in range(1, RUNS + 1):
            if number > RUNS_OF_THE_SLOW:
                clients.pop(SLOW, None)
            for name, client in clients.items():
                client.messages.clear()
                started = time.perf_counter()
                client.run_script()
                seconds[name].append(time.perf_counter() - started)
                if number in LOOKED_AT:
                    memory[name].append(mebibytes(servers[name]))
    columns = " | ".join(f"MiB after {number:,}" for number in LOOKED_AT)
    print(f"| garbage | ms of a run | {columns} |\n|---|---|{'---|' * len(LOOKED_AT)}")
    for name in ways:
        sizes = " | ".join(f"{size:.0f}" for size in memory[name]) + " |" * (
            len(LOOKED_AT) - len(memory[name])
        )
        print(f"| {name} | {statistics.median(seconds[name]) * 1000:.1f} | {sizes} |")


def with_freezing(project: BakedProject, folder: Path) -> BakedProject:
    """Return the same app, which freezes its imports when it starts."""
    copy = project.copy(folder)
    text = copy.read("app.py").replace("lifespan=server.lifespan", "lifespan=freezing")
    imports = "import gc\nfrom contextlib import asynccontextmanager\n\nimport streamlit as st\n"
    before, after = text.split("import streamlit as st\n", 1)
    head, tail = after.split("\nserver.check()", 1)
    copy.write("app.py", f"{before}{imports}{head}{FREEZE}\n\nserver.check(){tail}")
    return copy


if __name__ == "__main__":
    main()
