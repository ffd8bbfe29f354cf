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
    with project.modules(database.environment) as app, unavailable(app, "into the database"):
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
                authority, name_of = "of an authority other than", "of another name than DB_HOST"
                verify_ca = {"DB_SSL_MODE": "verify-ca"}
                binding = {"DB_PARAMETERS": "channel_binding=require"}
                # Each with what is wrong, or None.
                cases: list[tuple[str, dict[str, str], str | None]] = [
                    ("127.0.0.1", {"DB_SSL_CA": "server.pem"}, None),
                    ("127.0.0.1", {"DB_SSL_CA": "other.pem"}, authority),
                    ("localhost", {"DB_SSL_CA": "server.pem"}, name_of),
                    ("localhost", {"DB_SSL_CA": "server.pem", **verify_ca}, None),
                    ("localhost", {"DB_SSL_MODE": "require", **binding}, None),
                    ("localhost", {"DB_SSL_MODE": "disable", **binding}, "no channel binding"),
                    ("127.0.0.1", {"SSL_CERT_FILE": "server.pem", **of_system}, None),
                    ("127.0.0.1", {"SSL_CERT_FILE": "other.pem", **of_system}, authority),
                ]
                for host, tls, wrong in cases:
                    files = {
                        name: str(folder / value)
                        for name, value in tls.items()
                        if value.endswith(".pem")
                    }
                    environment = {**database.environment, **tls, **files, "DB_HOST": host}
                    with project.modules(environment) as app:
                        if wrong is None:
                            is_encrypted(app)
                        else:
                            with unavailable(app, wrong):
                                app.stores.current()
        finally:
            server.stop()


def is_encrypted(app: App) -> None:
    query = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    with app.load("auth").get_db_connection() as connection:
        assert connection.exec_driver_sql(query).scalar() is True
