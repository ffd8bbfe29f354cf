"""The pool of connections to the database, and what its errors mean."""

from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.event import listen
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from auth.records import StoreUnavailableError
from auth.stores.sql.databases import chosen
from auth.stores.sql.databases.base import DatabaseSettings
from auth.stores.sql.settings import load_database_settings

_Result = TypeVar("_Result")

# Firewalls drop connections that were idle for some minutes, and tell nobody.
_MAX_CONNECTION_AGE = 240  # seconds

# Of those who want one row at once, each deadlock lets one go on.
_DEADLOCKS = 8

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
            work: Called with a connection, again if the connection was stale, and up to
                eight times if the server broke a deadlock.

        Raises:
            IntegrityError: A key already exists, or one that is referred to does not.
            StoreUnavailableError: The database cannot do it now.
        """

        def attempt() -> _Result:
            with self.engine.connect() as connection:
                return work(connection)

        return self._try(attempt)

    def run_once(self, work: Callable[[Connection], _Result]) -> _Result:
        """Run statements as `run`, but never again once they may have been carried out.

        It is for those whose second result would be taken for a failure of the first: a row that
        already exists, or that is gone. It costs a round trip more, which finds a stale connection.

        Args:
            work: Called with a connection, again only if the server says that nothing was done.

        Raises:
            IntegrityError: As `run`.
            StoreUnavailableError: The database cannot do it now, or its result was lost.
        """

        def attempt() -> _Result:
            with self._try(self._connect_checked) as connection:
                return work(connection)

        return self._try(attempt, _was_refused)

    def run_as_one(self, work: Callable[[Connection], _Result]) -> _Result:
        """Run statements of which all or none are done, and none is done again, as `run_once`.

        Args:
            work: As of `run_once`. If it raises anything, nothing is done.

        Raises:
            IntegrityError, StoreUnavailableError: As `run_once`.
        """

        def attempt() -> _Result:
            with self.connect() as connection:
                result = work(connection)
                connection.commit()
                return result

        return self._try(attempt, _was_refused)

    def connect(self) -> Connection:
        """Return a connection whose statements are done when they are committed."""
        return self._try(lambda: self._connect_checked(isolation_level=chosen.ISOLATION))

    def _connect_checked(self, **options: Any) -> Connection:
        connection = self.engine.connect()
        try:
            # A stale connection shows here, not in the first query of whoever asked.
            connection.exec_driver_sql("SELECT 1")
            connection.rollback()
            return connection.execution_options(**options)
        except BaseException:
            connection.close()
            raise

    def _try(
        self,
        attempt: Callable[[], _Result],
        may_repeat: Callable[[SQLAlchemyError], bool] | None = None,
    ) -> _Result:
        """Return the result of an attempt, or of a later one after an error that allows it."""
        for number in range(1, _DEADLOCKS + 1):
            try:
                return attempt()
            except IntegrityError:
                raise
            except SQLAlchemyError as error:
                is_last = number == (_DEADLOCKS if chosen.may_pass(error) else 2)
                if is_last or not (may_repeat or _may_pass)(error):
                    raise self._unavailable(error) from None
        raise AssertionError("the last attempt returns or raises")

    def _unavailable(self, error: SQLAlchemyError) -> StoreUnavailableError:
        """Return what happened, without the driver's message: it may quote values."""
        if isinstance(error, PoolTimeoutError):
            size = load_database_settings().db_pool_size
            reason = f"is not asked: all {size} connections of the pool are in use"
        else:
            reason = chosen.reason(error) or "reports an error that this app does not know"
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


def _was_refused(error: SQLAlchemyError) -> bool:
    """Tell whether the database has said that it did nothing, and may do it at once."""
    return chosen.may_pass(error) or chosen.is_outdated(error)


def _cause(error: SQLAlchemyError) -> BaseException | None:
    """Return what the system reported to the driver, such as a time-out."""
    cause = getattr(getattr(error, "orig", None), "__context__", None)
    return cause if isinstance(cause, OSError) else None
