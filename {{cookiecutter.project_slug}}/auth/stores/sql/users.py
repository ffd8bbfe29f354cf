"""The users in the database."""

from dataclasses import asdict

from sqlalchemy import (
    ColumnElement,
    Delete,
    Insert,
    Update,
    and_,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from auth.stores.base import SALT_AND_DIGEST, UnknownUserError, User, UserExistsError
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
            self._change(insert(users).values(asdict(user)))
        except IntegrityError:
            raise UserExistsError(user.username) from None

    def put(self, user: User) -> None:
        """Add a user, in the place of any that has the name."""
        replacement = update(users).where(_named(user.username)).values(asdict(user))
        if not self._change(replacement):
            try:
                self.add(user)
            except UserExistsError:  # Somebody else has added them meanwhile.
                self._change(replacement)

    def set_password(self, username: str, password_hash: str) -> None:
        """Change a password and raise the epoch, or raise UnknownUserError."""
        self._update(username, password_hash=password_hash, epoch=users.c.epoch + 1)

    def set_disabled(self, username: str, disabled: bool) -> None:
        """Disable a user and raise the epoch, or enable them; or raise UnknownUserError."""
        self._update(username, disabled=disabled, epoch=users.c.epoch + int(disabled))

    def set_roles(self, user: User, roles: tuple[str, ...]) -> bool:
        """Change a user's roles, and tell whether: not if they were changed meanwhile."""
        unchanged = and_(_named(user.username), users.c.roles == user.roles)
        return self._change(update(users).where(unchanged).values(roles=roles)) == 1

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

    def remove(self, username: str) -> None:
        """Remove a user, or raise UnknownUserError."""
        if not self._change(delete(users).where(_named(username))):
            raise UnknownUserError(username)

    def _update(self, username: str, **values: object) -> None:
        if not self._change(update(users).where(_named(username)).values(**values)):
            raise UnknownUserError(username)

    def _change(self, statement: Insert | Update | Delete) -> int:
        """Run a statement, and return how many rows it matched."""
        return self._database.run(lambda connection: connection.execute(statement).rowcount)


def _named(username: str) -> ColumnElement[bool]:
    return chosen.exactly(users.c.username, username)
