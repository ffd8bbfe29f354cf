"""The store in MySQL: users and sessions that every server of the app shares."""

import json
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    delete,
    false,
    func,
    insert,
    inspect,
    select,
    true,
    update,
)
from sqlalchemy.exc import IntegrityError

from auth.database import run, run_transaction
from auth.log import log_event
from auth.settings import load_settings
from auth.store import (
{% if cookiecutter.cookie_transport == "http_only" %}
    Code,
{% endif %}
    Session,
    StoreUnavailableError,
    UnknownUserError,
    User,
    UserExistsError,
)
{% if cookiecutter.cookie_transport == "http_only" %}
from auth.tables import CREATE_CODES, CREATE_SESSIONS, CREATE_USERS, codes, sessions, users
{% else %}
from auth.tables import CREATE_SESSIONS, CREATE_USERS, sessions, users
{% endif %}

_BATCH = 1000  # rows that one statement removes at most, so that no lock lasts
_PURGED_AT_LOGIN = 100


class MySQLStore:
    """Users and sessions in two tables. It keeps nothing itself."""

    def find_user(self, username: str) -> User | None:
        """Return the user of exactly that name."""
        query = select(users).where(_named(username))
        row = run(lambda connection: connection.execute(query).first())
        return User(*row) if row else None

    def list_users(self) -> list[User]:
        """Return every user, by name."""
        query = select(users).order_by(users.c.username)
        return [User(*row) for row in run(lambda connection: connection.execute(query).all())]

    def add_user(self, user: User) -> None:
        """Add a user, or raise UserExistsError."""
        try:
            run(lambda connection: connection.execute(insert(users).values(asdict(user))))
        except IntegrityError:
            raise UserExistsError(user.username) from None

    def replace_user(self, user: User) -> None:
        """Change the user of that name and end their sessions, or raise UnknownUserError."""
        change = update(users).where(_named(user.username)).values(asdict(user))

        def work(connection: Connection) -> None:
            if not connection.execute(change).rowcount:
                raise UnknownUserError(user.username)
            while _remove_sessions(connection, _of_user(user.username), _BATCH):
                pass

        run_transaction(work)

    def upgrade_password_hash(self, user: User, password_hash: str) -> None:
        """Keep a stronger hash of the same password, unless it was changed meanwhile."""
        unchanged = and_(_named(user.username), users.c.password_hash == user.password_hash)
        change = update(users).where(unchanged).values(password_hash=password_hash)
        run(lambda connection: connection.execute(change))

    def remove_user(self, username: str) -> None:
        """Remove a user and, by the foreign key, their sessions, or raise UnknownUserError."""
        removal = delete(users).where(_named(username))
        if not run(lambda connection: connection.execute(removal).rowcount):
            raise UnknownUserError(username)

    def add_session(self, session: Session) -> None:
        """Keep a new session if its user is there, and remove a few that have expired."""
        # Either the user is gone, or a first attempt succeeded and only its answer was lost.
        with suppress(IntegrityError):
            run(lambda connection: connection.execute(insert(sessions).values(asdict(session))))
        with suppress(StoreUnavailableError):
            self.purge_sessions(_PURGED_AT_LOGIN)

    def find_session(self, token_hash: str) -> Session | None:
        """Return the session while its user is there and not disabled."""
        query = (
            select(sessions)
            .join_from(sessions, users, users.c.username == sessions.c.username)
            .where(sessions.c.token_hash == token_hash, users.c.disabled == false())
        )
        row = run(lambda connection: connection.execute(query).first())
        return Session(*row) if row else None

    def touch_session(self, token_hash: str, seen_at: datetime) -> None:
        """Note when a session was last used. An unknown one is ignored.

        So is a database that takes no changes: whoever is logged in stays so.
        """
        change = update(sessions).where(sessions.c.token_hash == token_hash).values(seen_at=seen_at)
        try:
            run(lambda connection: connection.execute(change))
        except StoreUnavailableError as error:
            log_event("last use not noted", reason=error)

    def remove_session(self, token_hash: str) -> None:
        """End a session. An unknown one is ignored."""
        removal = delete(sessions).where(sessions.c.token_hash == token_hash)
        run(lambda connection: connection.execute(removal))

    def list_sessions(self, username: str | None = None) -> list[Session]:
        """Return the sessions of a user or of all that have not expired, the newest first."""
        query = (
            select(sessions)
            .where(sessions.c.expires_at > datetime.now(UTC), _of_user(username))
            .order_by(sessions.c.created_at.desc())
        )
        return [Session(*row) for row in run(lambda connection: connection.execute(query).all())]

    def end_sessions(self, username: str | None = None) -> int:
        """End the sessions of a user or of all, and return how many there were."""
        condition = _of_user(username)
        ended = 0
        while batch := run(lambda connection: _remove_sessions(connection, condition, _BATCH)):
            ended += batch
        return ended

    def purge_sessions(self, limit: int = _BATCH) -> int:
        """Remove some sessions that have expired, and return how many.

        Args:
            limit: How many to remove at most.
        """
        expired = sessions.c.expires_at <= datetime.now(UTC)
        return run(lambda connection: _remove_sessions(connection, expired, limit))
{% if cookiecutter.cookie_transport == "http_only" %}

    def add_code(self, code: Code) -> None:
        """Keep a new one-time code, and forget those that have expired."""
        expired = delete(codes).where(codes.c.expires_at <= datetime.now(UTC))
        run(lambda connection: connection.execute(expired))
        with suppress(IntegrityError):  # A first attempt succeeded and only its answer was lost.
            run(lambda connection: connection.execute(insert(codes).values(asdict(code))))

    def take_code(self, code_hash: str) -> Code | None:
        """Return a code and forget it: of many who ask at once, one gets it."""

        def work(connection: Connection) -> Code | None:
            row = connection.execute(select(codes).where(codes.c.code_hash == code_hash)).first()
            removal = delete(codes).where(codes.c.code_hash == code_hash)
            return Code(*row) if row and connection.execute(removal).rowcount else None

        return run(work)
{% endif %}


def create_tables() -> bool:
    """Create the tables with the first users in them, unless they are there already.

    The sessions come last and so tell that the rest is done: however many servers
    start at once, and wherever one of them stops, every user is added once, and
    nobody who was removed later comes back.

    Returns:
        Whether there was anything to do.

    Raises:
        StoreUnavailableError: The database cannot be reached or does not allow it.
    """
    first_users = _read_users(load_settings().users_file)

    def work(connection: Connection) -> bool:
        if inspect(connection).has_table(sessions.name):
            return False
        connection.exec_driver_sql(CREATE_USERS)
        for user in first_users:
            connection.execute(insert(users).prefix_with("IGNORE").values(asdict(user)))
{% if cookiecutter.cookie_transport == "http_only" %}
        connection.exec_driver_sql(CREATE_CODES)
{% endif %}
        connection.exec_driver_sql(CREATE_SESSIONS)
        return True

    return run(work)


_store = MySQLStore()
_has_tables = Event()


def open_store() -> MySQLStore:
    """Return the store. The first call of a process creates the tables if need be.

    Raises:
        StoreUnavailableError: There are no tables, and they cannot be created now.
    """
    if not _has_tables.is_set():
        create_tables()
        _has_tables.set()
    return _store


def _named(username: str) -> ColumnElement[bool]:
    """Return the condition for one user."""
    return _exactly(users.c.username, username)


def _of_user(username: str | None) -> ColumnElement[bool]:
    """Return the condition for the sessions of one user or of all."""
    return true() if username is None else _exactly(sessions.c.username, username)


def _exactly(name: ColumnElement[str], value: str) -> ColumnElement[bool]:
    """Return the condition that a name is a value: the collation ignores spaces at the end."""
    return and_(name == value, func.char_length(name) == len(value))


def _remove_sessions(connection: Connection, condition: ColumnElement[bool], limit: int) -> int:
    """Remove a batch of sessions, and return how many.

    They are found first, without a lock, and then locked one by one: by primary
    key, as everywhere else, so that two who remove the same ones just wait.
    """
    found = select(sessions.c.token_hash).where(condition).limit(limit)
    hashes = connection.execute(found).scalars().all()
    if hashes:
        connection.execute(delete(sessions).where(sessions.c.token_hash.in_(hashes)))
    return len(hashes)


def _read_users(file: Path) -> list[User]:
    """Return the users of a file, or none if there is no such file."""
    try:
        records = json.loads(file.read_text(encoding="utf-8"))
        return [
            User(name, record["password_hash"], record.get("disabled", False))
            for name, record in records.items()
        ]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, AttributeError, KeyError, TypeError) as error:
        raise StoreUnavailableError(
            f"The users file {file} cannot be read ({type(error).__name__}). It must have "
            'the form {"NAME": {"password_hash": "...", "disabled": false}}.'
        ) from None
