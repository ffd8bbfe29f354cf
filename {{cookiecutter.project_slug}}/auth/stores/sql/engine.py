"""The pool of connections to the database, and what its errors mean."""

from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.event import listen
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from auth.stores.base import StoreUnavailableError
from auth.stores.sql.databases import chosen
from auth.stores.sql.databases.base import DatabaseSettings
from auth.stores.sql.settings import load_database_settings

_Result = TypeVar("_Result")

# Firewalls drop connections that were idle for some minutes, and tell nobody.
_MAX_CONNECTION_AGE = 240  # seconds

_opening = Lock()
_opened: list["Database"] = []


class Database:
    """A pool of connections.

    Args:
        engine: Whose statements commit one by one (`isolation_level="AUTOCOMMIT"`).
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        listen(engine, "handle_error", _leave_outdated)

    def run(self, work: Callable[[Connection], _Result]) -> _Result:
        """Run statements that each stand alone: no transaction, no round trip but their own.

        Args:
            work: Called with a connection, and a second time if the connection was
                stale or the server broke a deadlock.

        Raises:
            IntegrityError: A key already exists, or one that is referred to does not.
            StoreUnavailableError: The database cannot do it now.
        """

        def attempt() -> _Result:
            with self.engine.connect() as connection:
                return work(connection)

        return self._try(attempt)

    def run_as_one(self, work: Callable[[Connection], _Result]) -> _Result:
        """Run statements of which all or none are done: if anything is raised, none.

        Args:
            work: As of `run`.

        Raises:
            IntegrityError, StoreUnavailableError: As `run`.
        """

        def attempt() -> _Result:
            with self._connect_for_transactions() as connection:
                result = work(connection)
                connection.commit()
                return result

        return self._try(attempt)

    def connect(self) -> Connection:
        """Return a connection whose statements are done when they are committed.

        Raises:
            StoreUnavailableError: The database cannot be reached.
        """
        return self._try(self._connect_for_transactions)

    def _connect_for_transactions(self) -> Connection:
        connection = self.engine.connect()
        try:
            # A stale connection shows here, not in the first query of whoever asked.
            connection.exec_driver_sql("SELECT 1")
            connection.rollback()
            return connection.execution_options(isolation_level=chosen.ISOLATION)
        except BaseException:
            connection.close()
            raise

    def _try(self, attempt: Callable[[], _Result], *, again: bool = True) -> _Result:
        try:
            return attempt()
        except IntegrityError:
            raise
        except SQLAlchemyError as error:
            if not (again and _may_pass(error)):
                raise self._unavailable(error) from None
        return self._try(attempt, again=False)

    def _unavailable(self, error: SQLAlchemyError) -> StoreUnavailableError:
        """Return what happened, without the driver's message: it may quote values."""
        if isinstance(error, PoolTimeoutError):
            size = load_database_settings().db_pool_size
            reason = f"is not asked: all {size} connections of the pool are in use"
        else:
            reason = chosen.reason(error) or "reports an error"
        code, cause = chosen.error_code(error), _cause(error)
        details = [f"error {code}" if code else type(error).__name__]
        if cause:
            details.append(type(cause).__name__)
        place = chosen.place(self.engine.url)
        return StoreUnavailableError(f"The database {place} {reason} ({', '.join(details)}).")


def create_engine_of(settings: DatabaseSettings) -> Engine:
    """Return a new pool of connections. It connects when it is first asked to.

    Raises:
        SettingsError: A file that a setting names cannot be used.
    """
    return create_engine(
        settings.url(),
        **settings.engine_arguments(),
        hide_parameters=True,
        # With these two a query is one round trip: no COMMIT or ROLLBACK follows.
        isolation_level="AUTOCOMMIT",
        skip_autocommit_rollback=True,
        pool_size=settings.db_pool_size,
        max_overflow=0,
        pool_timeout=settings.db_connect_seconds,
        pool_recycle=_MAX_CONNECTION_AGE,
    )


def open_database() -> Database:
    """Return the database of the settings, the same one for this whole process.

    Raises:
        SettingsError: A setting has a wrong value.
    """
    with _opening:
        if not _opened:
            _opened.append(Database(create_engine_of(load_database_settings())))
        return _opened[0]


def get_db_connection() -> Connection:
    """Return a connection of the pool, for the app's own queries.

    Use it in a with block, which gives it back, and commit what you want to keep:

        with get_db_connection() as connection:
            connection.execute(text("INSERT INTO notes (text) VALUES (:text)"), {"text": note})
            connection.commit()

    Logins wait while all of the pool's connections are in use: keep none for long.

    Raises:
        StoreUnavailableError: The database cannot be reached. Errors of the
            queries are SQLAlchemy's own.
    """
    return open_database().connect()


def _leave_outdated(context: Any) -> None:
    """Empty the pool if only new connections can do what was asked for.

    Args:
        context: SQLAlchemy's ExceptionContext, whose type says that nothing can be set.
    """
    error = context.sqlalchemy_exception
    if error and chosen.is_outdated(error):
        context.is_disconnect = True


def _may_pass(error: SQLAlchemyError) -> bool:
    """Tell whether a second attempt may succeed at once. After a time-out it may not."""
    if not isinstance(error, DBAPIError) or isinstance(_cause(error), TimeoutError):
        return False
    return error.connection_invalidated or chosen.may_pass(error)


def _cause(error: SQLAlchemyError) -> BaseException | None:
    """Return what the system reported to the driver, such as a time-out."""
    cause = getattr(getattr(error, "orig", None), "__context__", None)
    return cause if isinstance(cause, OSError) else None
