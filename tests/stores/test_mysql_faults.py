"""Faults of a MySQL server that others do not have."""

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
        # Each with what is wrong, or None.
        cases = [
            ("127.0.0.1", "server", None),
            ("127.0.0.1", "other", "shows a certificate of an authority other than DB_SSL_CA"),
            ("localhost", "server", "shows a certificate of another name than DB_HOST"),
        ]
        for host, authority, wrong in cases:
            ca = {"DB_SSL_CA": str(folder / f"{authority}.pem"), "DB_HOST": host}
            with mysql_project.modules({**database.environment, **ca}) as app:
                if wrong is None:
                    is_encrypted(app)
                else:
                    with unavailable(app, wrong):
                        app.stores.current()
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


def test_a_server_that_takes_tls_only_and_one_that_has_none_are_told(
    mysql_project: BakedProject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("tls")
    make_certificate(folder, "server")
    tls = (f"--ssl-cert={folder / 'server.pem'}", f"--ssl-key={folder / 'server.key'}")
    for options, mode, reason in [
        ((*tls, "--require-secure-transport=ON"), "disable", "or not without TLS"),
        (("--skip-ssl",), "require", "offers no TLS"),
    ]:
        server = start_private_server(tmp_path_factory.mktemp("server"), *options)
        try:
            environment = {**server.create_database().environment, "DB_SSL_MODE": mode}
            with mysql_project.modules(environment) as app, unavailable(app, reason):
                app.stores.current()
        finally:
            server.stop()


def test_a_binary_log_in_a_format_that_does_not_work_is_told_and_its_end_noticed(
    mysql_project: BakedProject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    options = ("--log-bin", "--binlog-format=STATEMENT")
    server = start_private_server(tmp_path_factory.mktemp("server"), *options)
    try:
        database = server.create_database()
        reason = "set its binlog_format to ROW or MIXED"
        with mysql_project.modules(database.environment) as app, unavailable(app, reason):
            app.stores.current()
        server.execute("SET GLOBAL binlog_format = MIXED")
        with mysql_project.modules(database.environment) as app:
            auth = app.load("auth")
            assert auth.validate_session(auth.create_session("test1")) == "test1"
            server.execute("SET GLOBAL binlog_format = STATEMENT")
            database.kill_connections()
            with unavailable(app, reason):
                auth.create_session("test1")
            server.execute("SET GLOBAL binlog_format = ROW")
            assert auth.validate_session(auth.create_session("test1")) == "test1"
    finally:
        server.stop()


def test_a_password_of_any_letters_and_a_user_who_is_locked_out(
    mysql_project: BakedProject, database: Database
) -> None:
    database.set_password("pä€ss")
    with mysql_project.modules({**database.environment, "DB_PASSWORD": "pä€ss"}) as app:
        assert app.load("auth").verify_user("test1", "test1")
    database.server.execute(f"ALTER USER '{database.name}'@'%' ACCOUNT LOCK")
    with (
        mysql_project.modules({**database.environment, "DB_PASSWORD": "pä€ss"}) as app,
        unavailable(app, "does not let the user in DB_USER log in"),
    ):
        app.stores.current()
