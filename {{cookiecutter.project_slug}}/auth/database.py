"""The pool of connections to MySQL, and what its errors mean."""

import ssl
from collections.abc import Callable
from threading import Lock
from typing import Final, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from auth.settings import Settings, SettingsError, load_settings
from auth.store import StoreUnavailableError

_Result = TypeVar("_Result")

# Firewalls drop connections that were idle for some minutes, and tell nobody.
_OLDEST_CONNECTION = 240  # seconds
# MySQL's default also locks the gaps between rows, and logins would wait for each other.
_ISOLATION: Final = "READ COMMITTED"

_DEADLOCK = 1213
_REASONS = {
    1040: "has no connection left",
    1044: "has no database of the name in DB_NAME for this user",
    1045: "refuses the user or the password in DB_USER and DB_PASSWORD",
    1049: "has no database of the name in DB_NAME",
    1142: "denies its user a right. To create the tables: run `python manage.py init-db` "
    "with DB_USER and DB_PASSWORD of one who may",
    1146: "has no tables yet: run `python manage.py init-db`",
    1203: "has no connection left for this user",
    1205: "is busy: a lock was not released in time",
    _DEADLOCK: "is busy: too much is changed at once",
    1226: "has no connection left for this user",
    1290: "is read-only",
    1698: "refuses the user or the password in DB_USER and DB_PASSWORD",
    1792: "is read-only",
    1836: "is read-only",
    2003: "cannot be reached",
    2006: "has closed the connection",
    2013: "has closed the connection or did not answer in time",
}

_opening = Lock()
_opened: list[Engine] = []


def run(work: Callable[[Connection], _Result]) -> _Result:
    """Run statements that each stand alone: no transaction, no round trip but their own.

    Args:
        work: Called with a connection, and a second time if the connection was
            stale or the server broke a deadlock.

    Raises:
        IntegrityError: A key is there already, or one that is referred to is not.
        StoreUnavailableError: The database cannot do it now.
    """

    def attempt() -> _Result:
        with _engine().connect() as connection:
            return work(connection)

    return _try(attempt)


def run_transaction(work: Callable[[Connection], _Result]) -> _Result:
    """Run statements that are done all or not at all. The rest is as in `run`."""

    def attempt() -> _Result:
        with _connect_for_transactions() as connection, connection.begin():
            return work(connection)

    return _try(attempt)


def get_db_connection() -> Connection:
    """Return a connection of the pool, for queries of the app's own.

    Use it in a with block, which gives it back, and commit what is to stay:

        with get_db_connection() as connection:
            connection.execute(text("INSERT INTO notes (text) VALUES (:text)"), {"text": note})
            connection.commit()

    Logins wait while all of the pool's connections are in use: keep none for long.

    Raises:
        StoreUnavailableError: The database cannot be reached. Errors of the
            queries are SQLAlchemy's own.
    """
    return _try(_connect_for_transactions)


def _connect_for_transactions() -> Connection:
    connection = _engine().connect()
    try:
        # A stale connection shows here, not in the first query of whoever asked.
        connection.exec_driver_sql("DO 0")
        connection.rollback()
        return connection.execution_options(isolation_level=_ISOLATION)
    except BaseException:
        connection.close()
        raise


def _try(attempt: Callable[[], _Result], *, again: bool = True) -> _Result:
    try:
        return attempt()
    except IntegrityError:
        raise
    except SQLAlchemyError as error:
        if not (again and _may_pass(error)):
            raise _unavailable(error) from None
    return _try(attempt, again=False)


def _may_pass(error: SQLAlchemyError) -> bool:
    """Tell whether a second attempt may succeed at once. After a time-out it may not."""
    if not isinstance(error, DBAPIError) or isinstance(_cause(error), TimeoutError):
        return False
    return error.connection_invalidated or _code(error) == _DEADLOCK


def _unavailable(error: SQLAlchemyError) -> StoreUnavailableError:
    """Return what happened, without the driver's message: it may quote values."""
    settings = load_settings()
    code = _code(error)
    if isinstance(error, PoolTimeoutError):
        reason = f"is not asked: all {settings.db_pool_size} connections of the pool are in use"
    else:
        reason = _REASONS.get(code, "reports an error")
    details = [f"error {code}"] if code else [type(error).__name__]
    if cause := _cause(error):
        details.append(type(cause).__name__)
    return StoreUnavailableError(
        f"The database at {settings.db_host}:{settings.db_port} {reason} ({', '.join(details)})."
    )


def _code(error: SQLAlchemyError) -> int:
    """Return MySQL's number of an error, or 0."""
    arguments = getattr(getattr(error, "orig", None), "args", ())
    return arguments[0] if arguments and isinstance(arguments[0], int) else 0


def _cause(error: SQLAlchemyError) -> BaseException | None:
    """Return what the system reported to the driver, such as a time-out."""
    cause = getattr(getattr(error, "orig", None), "__context__", None)
    return cause if isinstance(cause, OSError) else None


def _engine() -> Engine:
    with _opening:
        if not _opened:
            _opened.append(_create_engine(load_settings()))
        return _opened[0]


def _create_engine(settings: Settings) -> Engine:
    return create_engine(
        URL.create(
            "mysql+pymysql",
            username=settings.db_user,
            password=settings.db_password.get_secret_value(),
            host=settings.db_host,
            port=settings.db_port,
            database=settings.db_name,
            query={"charset": "utf8mb4"},
        ),
        connect_args={
            "connect_timeout": settings.db_connect_seconds,
            "read_timeout": settings.db_answer_seconds,
            "write_timeout": settings.db_answer_seconds,
            "ssl": _tls(settings),
            "init_command": f"SET SESSION TRANSACTION ISOLATION LEVEL {_ISOLATION}",
        },
        hide_parameters=True,
        # With these two a query is one round trip: no COMMIT or ROLLBACK follows.
        isolation_level="AUTOCOMMIT",
        skip_autocommit_rollback=True,
        pool_size=settings.db_pool_size,
        max_overflow=0,
        pool_timeout=settings.db_connect_seconds,
        pool_recycle=_OLDEST_CONNECTION,
    )


def _tls(settings: Settings) -> ssl.SSLContext | None:
    """Return what checks the server's certificate and name, if TLS is asked for."""
    if settings.db_ssl_ca is None:
        return None
    try:
        context = ssl.create_default_context(cafile=settings.db_ssl_ca)
    except OSError as error:
        raise SettingsError(
            f"DB_SSL_CA: no certificate can be read from {settings.db_ssl_ca} "
            f"({type(error).__name__})."
        ) from None
    # Authorities that were made for databases often lack what Python 3.13 asks for.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context
