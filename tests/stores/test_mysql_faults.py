"""Faults of a MySQL server that others do not have."""

import ssl
from collections.abc import Callable

import pytest

from tests.stores.faults import make_certificate, unavailable
from tests.support.baking import BakedProject
from tests.support.database_server import Database
from tests.support.modules import App
from tests.support.mysql_server import start_private_server


def test_a_database_of_somebody_else(mysql_project: BakedProject, database: Database) -> None:
    environment = {**database.environment, "DB_NAME": "mysql"}
    with mysql_project.modules(environment) as app, unavailable(app, "DB_NAME"):
        app.stores.current()


def test_tls_is_used_and_checked_when_it_is_asked_for(
    mysql_project: BakedProject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("tls")
    for name in ["server", "other"]:
        make_certificate(folder, name)
    server = start_private_server(
        folder,
        *(f"--ssl-cert={folder / 'server.pem'}", f"--ssl-key={folder / 'server.key'}"),
    )
    try:
        database = server.create_database()
        cases: list[tuple[str, str, Callable[[App], None]]] = [
            ("127.0.0.1", "server", is_encrypted),
            ("127.0.0.1", "other", is_refused),
            ("localhost", "server", is_refused),
        ]
        for host, authority, expect in cases:
            ca = {"DB_SSL_CA": str(folder / f"{authority}.pem"), "DB_HOST": host}
            with mysql_project.modules({**database.environment, **ca}) as app:
                expect(app)
        ca = {"DB_SSL_CA": str(folder / "server.key")}
        with (
            mysql_project.modules({**database.environment, **ca}) as app,
            pytest.raises(app.settings.SettingsError, match=r"DB_SSL_CA: no certificate"),
        ):
            app.stores.current()
    finally:
        server.stop()


def is_encrypted(app: App) -> None:
    with app.load("auth").get_db_connection() as connection:
        status = connection.exec_driver_sql("SHOW STATUS LIKE 'Ssl_cipher'").one()
    assert status[1]


def is_refused(app: App) -> None:
    with unavailable(app, f"cannot be reached.*{ssl.SSLCertVerificationError.__name__}"):
        app.stores.current()
