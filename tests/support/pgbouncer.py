"""A PgBouncer in front of a PostgreSQL server."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.database_server import PASSWORD, Database
from tests.support.postgresql_server import as_its_user
from tests.support.servers import find_program, free_port, wait_for_port

MISSING = "The tests of poolers need PgBouncer: on Debian and Ubuntu, apt-get install pgbouncer."
# Fewer than the app has itself, so that those of transactions pass from one to another.
CONNECTIONS = 3


@contextmanager
def pooled(database: Database, mode: str, **settings: str) -> Iterator[dict[str, str]]:
    """Run a PgBouncer, and give the environment of an app that uses a database through it.

    Args:
        database: The database.
        mode: When a connection to the server goes back to the pool: session or transaction.
        settings: What else to set.
    """
    with tempfile.TemporaryDirectory(prefix="pgbouncer-") as name:
        folder, port = Path(name), free_port()
        users = folder / "users.txt"
        users.write_text(f'"{database.name}" "{PASSWORD}"\n', encoding="utf-8")
        values = {
            "listen_addr": "127.0.0.1",
            "listen_port": port,
            "unix_socket_dir": "",
            "auth_type": "scram-sha-256",
            "auth_file": users,
            "pool_mode": mode,
            "default_pool_size": CONNECTIONS,
            **settings,
        }
        server = database.server
        lines = [
            *("[databases]", f"{database.name} = host={server.host} port={server.port}"),
            *("[pgbouncer]", *(f"{key} = {value}" for key, value in values.items())),
        ]
        config = folder / "pgbouncer.ini"
        config.write_text("\n".join(lines), encoding="utf-8")
        if os.getuid() == 0:
            for path in (folder, users, config):
                shutil.chown(path, "postgres")
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [*as_its_user(), find_program("pgbouncer", MISSING), str(config)],
                stdout=log,
                stderr=log,
            )
        try:
            wait_for_port(port)
            yield {**database.environment, "DB_PORT": str(port)}
        finally:
            process.terminate()
            process.wait()
