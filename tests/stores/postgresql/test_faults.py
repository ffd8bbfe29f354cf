"""Faults of a PostgreSQL server that others do not have."""

import os
import shutil
import tempfile
import time
from pathlib import Path

from tests.stores.faults import IMPATIENT, make_certificate, unavailable
from tests.support.baking import BakedProject
from tests.support.database_server import Database
from tests.support.modules import App
from tests.support.postgresql_server import start_private_server


def test_a_statement_that_takes_too_long_is_broken_off(
    project: BakedProject, database: Database
) -> None:
    with project.modules({**database.environment, **IMPATIENT}) as app:
        auth = app.load("auth")
        token = auth.create_session("test1")
        with database.server.connect(database.name) as other, other.transaction():
            other.execute("LOCK TABLE sessions")
            began = time.monotonic()
            with unavailable(app, "did not respond in time"):
                auth.validate_session(token)
            assert time.monotonic() - began < 3
        assert auth.validate_session(token) == "test1"


def test_a_database_of_somebody_else(project: BakedProject, database: Database) -> None:
    database.execute(
        f"ALTER DATABASE {database.name} OWNER TO CURRENT_USER",
        f"REVOKE CONNECT ON DATABASE {database.name} FROM PUBLIC, {database.name}",
    )
    with project.modules(database.environment) as app, unavailable(app, "denies its user a right"):
        app.stores.current()


def test_tls_is_used_and_checked_when_it_is_asked_for(project: BakedProject) -> None:
    with tempfile.TemporaryDirectory(prefix="postgresql-") as name:
        folder = Path(name)
        for certificate in ["server", "other"]:
            make_certificate(folder, certificate)
        if os.getuid() == 0:
            shutil.chown(folder / "server.key", "postgres")
        server = start_private_server(
            folder,
            *("-c", "ssl=on", "-c", f"ssl_cert_file={folder / 'server.pem'}"),
            *("-c", f"ssl_key_file={folder / 'server.key'}"),
        )
        try:
            with server.new_database() as database:
                of_system = {"DB_SSL_MODE": "verify-full"}
                # Chosen, not by name: other, then none at all with "require".
                cases = [
                    ("127.0.0.1", {"DB_SSL_CA": "server.pem"}, True),
                    ("127.0.0.1", {"DB_SSL_CA": "other.pem"}, False),
                    ("localhost", {"DB_SSL_CA": "server.pem"}, False),
                    ("localhost", {"DB_SSL_CA": "server.pem", "DB_SSL_MODE": "verify-ca"}, True),
                    ("localhost", {"DB_SSL_MODE": "require"}, True),
                    ("127.0.0.1", {"SSL_CERT_FILE": "server.pem", **of_system}, True),
                    ("127.0.0.1", {"SSL_CERT_FILE": "other.pem", **of_system}, False),
                ]
                for host, tls, works in cases:
                    files = {
                        name: str(folder / value)
                        for name, value in tls.items()
                        if value.endswith(".pem")
                    }
                    environment = {**database.environment, **tls, **files, "DB_HOST": host}
                    with project.modules(environment) as app:
                        (is_encrypted if works else is_refused)(app)
        finally:
            server.stop()


def is_encrypted(app: App) -> None:
    query = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    with app.load("auth").get_db_connection() as connection:
        assert connection.exec_driver_sql(query).scalar() is True


def is_refused(app: App) -> None:
    with unavailable(app, "shows a certificate of another name"):
        app.stores.current()
