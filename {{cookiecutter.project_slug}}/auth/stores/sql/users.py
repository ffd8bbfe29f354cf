"""The users in the database."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    Insert,
    String,
    Update,
    and_,
    delete,
    false,
    func,
    insert,
    select,
    true,
    type_coerce,
    update,
)
from sqlalchemy.exc import IntegrityError

from auth.stores.base import (
    SALT_AND_DIGEST,
    LastUserError,
    UnknownUserError,
    User,
    UserExistsError,
)
from auth.stores.sql.databases import chosen
from auth.stores.sql.engine import Database
from auth.stores.sql.tables import users


class SqlUsers:
    """The users, each in a row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, username: str) -> User | None:
        """Return a user, or None."""
        query = select(users).where(_named(username))
        row = self._database.run(lambda connection: connection.execute(query).first())
        return User(*row) if row else None

    def list_all(self) -> list[User]:
        """Return every user, by name."""
        query = select(users).order_by(users.c.username)
        rows = self._database.run(lambda connection: connection.execute(query).all())
        return [User(*row) for row in rows]

    def hash_kinds(self) -> set[str]:
        """Return what stands before salt and digest in the users' password hashes."""
        length = func.length(users.c.password_hash)
        kind = func.substr(users.c.password_hash, 1, length - SALT_AND_DIGEST)
        query = select(kind).where(length > SALT_AND_DIGEST).distinct()
        return self._database.run(lambda connection: set(connection.execute(query).scalars()))

    def add(self, user: User) -> None:
        """Add a user, or raise UserExistsError."""
        try:
            self._change(insert(users).values(asdict(user)), once=True)
        except IntegrityError:
            raise UserExistsError(user.username) from None

    def put(self, *replacements: User) -> None:
        """Add all of these users or none, each in the place of any that has the name."""

        def work(connection: Connection) -> None:
            for user in replacements:
                values = asdict(user)
                change = update(users).where(_named(user.username)).values(values)
                if not connection.execute(change).rowcount:
                    connection.execute(insert(users).values(values))

        try:
            self._database.run_as_one(work)
        except IntegrityError:  # Somebody else has added one of them meanwhile.
            self._database.run_as_one(work)

    def search(self, text: str, limit: int, offset: int = 0) -> list[User]:
        """Return users whose name has a text in it, by name."""
        query = select(users).order_by(users.c.username).limit(limit).offset(offset)
        if text:
            query = query.where(users.c.username.contains(text, autoescape=True))
        rows = self._database.run(lambda connection: connection.execute(query).all())
        return [User(*row) for row in rows]

    def set_password(
        self,
        username: str,
        password_hash: str,
        expires_at: datetime | None = None,
        epoch: int | None = None,
    ) -> None:
        """Change a password and raise the epoch, or raise UnknownUserError."""
        of_epoch = true() if epoch is None else users.c.epoch == epoch
        change = (
            update(users)
            .where(_named(username), of_epoch)
            .values(
                password_hash=password_hash,
                password_expires_at=expires_at,
                epoch=users.c.epoch + 1,
            )
        )
        # After a first attempt the epoch would be another.
        if not self._change(change, once=epoch is not None):
            raise UnknownUserError(username)

    def use_one_time_password(self, user: User, now: datetime) -> bool:
        """Let a one-time password end now, and tell whether: of many who ask at once, one does."""
        unused = and_(
            _named(user.username),
            users.c.epoch == user.epoch,
            users.c.password_expires_at == user.password_expires_at,
        )
        use = update(users).where(unused).values(password_expires_at=now)
        return self._change(use, once=True) == 1

    def set_disabled(self, username: str, disabled: bool, role_to_keep: str | None = None) -> None:
        """Disable a user and raise the epoch, or enable them; or raise UnknownUserError."""
        change = (
            update(users)
            .where(_named(username))
            .values(disabled=disabled, epoch=users.c.epoch + int(disabled))
        )
        if not self._change_keeping(role_to_keep if disabled else None, username, change):
            raise UnknownUserError(username)

    def set_roles(
        self, user: User, roles: tuple[str, ...], role_to_keep: str | None = None
    ) -> bool:
        """Change a user's roles, and tell whether: not if they were changed meanwhile."""
        unchanged = and_(_named(user.username), users.c.roles == user.roles)
        change = update(users).where(unchanged).values(roles=roles)
        kept = None if role_to_keep in roles else role_to_keep
        return self._change_keeping(kept, user.username, change, once=True) == 1

    def end_sessions(self, username: str | None) -> None:
        """Raise the epoch of a user, or of all if None; or raise UnknownUserError."""
        if username is None:
            self._change(update(users).values(epoch=users.c.epoch + 1))
        else:
            self._update(username, epoch=users.c.epoch + 1)

    def unlock(self, username: str) -> None:
        """Raise the number of unlocks of a user, or raise UnknownUserError."""
        self._update(username, unlocks=users.c.unlocks + 1)

    def upgrade_password_hash(self, user: User, password_hash: str) -> None:
        """Keep a stronger hash of the same password, unless it was changed meanwhile."""
        unchanged = and_(_named(user.username), users.c.password_hash == user.password_hash)
        self._change(update(users).where(unchanged).values(password_hash=password_hash))

    def remove(self, username: str, role_to_keep: str | None = None) -> None:
        """Remove a user, or raise UnknownUserError."""
        removal = delete(users).where(_named(username))
        if not self._change_keeping(role_to_keep, username, removal, once=True):
            raise UnknownUserError(username)

    def _update(self, username: str, **values: object) -> None:
        if not self._change(update(users).where(_named(username)).values(**values)):
            raise UnknownUserError(username)

    def _change(self, statement: Insert | Update | Delete, *, once: bool = False) -> int:
        """Run a statement, and return how many rows it matched.

        Args:
            statement: The statement.
            once: Whether it would match none if it were repeated after a lost result.
        """
        run = self._database.run_once if once else self._database.run
        return run(lambda connection: connection.execute(statement).rowcount)

    def _change_keeping(
        self, role: str | None, username: str, statement: Update | Delete, *, once: bool = False
    ) -> int:
        """Run a statement, unless its user is the last who may log in with a role."""
        if role is None:
            return self._change(statement, once=once)
        has_role = (" " + type_coerce(users.c.roles, String) + " ").contains(
            f" {role} ", autoescape=True
        )
        # The first is for a database that has one lock for all that write. Others lock the rows,
        # in the same order by everybody, so that nobody waits in a circle.
        begin = update(users).where(false()).values(epoch=users.c.epoch)
        find = (
            select(users.c.username)
            .where(has_role, users.c.disabled == false(), users.c.password_expires_at.is_(None))
            .order_by(users.c.username)
            .with_for_update()
        )

        def work(connection: Connection) -> int:
            connection.execute(begin)
            if connection.execute(find).scalars().all() == [username]:
                raise LastUserError(username)
            return connection.execute(statement).rowcount

        return self._database.run_as_one(work)


def _named(username: str) -> ColumnElement[bool]:
    return chosen.exactly(users.c.username, username)
