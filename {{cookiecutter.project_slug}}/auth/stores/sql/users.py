"""The users in the database."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    Insert,
    Select,
    String,
    Update,
    and_,
    delete,
    false,
    insert,
    select,
    type_coerce,
    update,
)
from sqlalchemy.exc import IntegrityError

from auth.records import (
    EmailTakenError,
    LastUserError,
    UnknownUserError,
    User,
    UserExistsError,
)
from auth.stores.sql.called import check_free, columns_of, has_text, logs_in_with, row_of
from auth.stores.sql.databases import chosen
from auth.stores.sql.engine import Database
from auth.stores.sql.tables import USER, users

_BY_NAME = select(*USER).order_by(users.c.username)


class SqlUsers:
    """The users, each in a row."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def find(self, username: str) -> User | None:
        """Return the user of an exact name, or None."""
        found = self._list(select(*USER).where(chosen.exactly(users.c.username, username)))
        return found[0] if found else None

    def find_login(self, text: str) -> User | None:
        """Return the user who has exactly that name, or else that address, or None."""
        found = self._list(select(*USER).where(logs_in_with(text)))
        return min(found, key=lambda user: user.username != text, default=None)

    def list_all(self) -> list[User]:
        """Return every user, by name."""
        return self._list(_BY_NAME)

    def search(self, text: str, limit: int, offset: int = 0) -> list[User]:
        """Return users with a text in their name, address or display name, by name."""
        query = _BY_NAME.limit(limit).offset(offset)
        return self._list(query.where(has_text(text)) if text else query)

    def list_by_hash(self, password_hash: str) -> list[User]:
        """Return the users for whom exactly that is kept as their password's hash, by name."""
        return self._list(_BY_NAME.where(chosen.exactly(users.c.password_hash, password_hash)))

    def add(self, user: User) -> None:
        """Add a user, or raise UserExistsError or EmailTakenError."""
        check_free(self.database, user)
        try:
            self._change(insert(users).values(row_of(user)), once=True)
        except IntegrityError:
            check_free(self.database, user)
            raise UserExistsError(user.username) from None

    def put(self, *replacements: User) -> None:
        """Add all of these users or none, each in the place of any that has the id."""

        def work(connection: Connection) -> None:
            for user in replacements:
                values = row_of(user)
                change = update(users).where(_same(user)).values(values)
                if not connection.execute(change).rowcount:
                    connection.execute(insert(users).values(values))

        check_free(self.database, *replacements)
        try:
            self.database.run_as_one(work)
        except IntegrityError:
            check_free(self.database, *replacements)
            self.database.run_as_one(work)  # Somebody else has added one of them meanwhile.

    def rename(self, user: User, username: str) -> None:
        """Give a user another name, or raise UnknownUserError, or as `add`."""
        check_free(self.database, replace(user, username=username, email=None))
        try:
            self._update(user, username=username)
        except IntegrityError:
            raise UserExistsError(username) from None

    def set_email(self, user: User, email: str | None) -> None:
        """Give a user another address or none, or raise UnknownUserError or EmailTakenError."""
        check_free(self.database, replace(user, username="", email=email))
        try:
            self._update(user, email=email)
        except IntegrityError:
            raise EmailTakenError(email) from None

    def set_display_name(self, user: User, display_name: str | None) -> None:
        """Give a user another display name or none, or raise UnknownUserError."""
        self._update(user, **columns_of(display_name))

    def set_password(
        self,
        user: User,
        password_hash: str,
        expires_at: datetime | None = None,
        *,
        same_epoch: bool = False,
        role_to_keep: str | None = None,
    ) -> None:
        """Change a password and raise the epoch, or raise UnknownUserError."""
        same = and_(_same(user), users.c.epoch == user.epoch) if same_epoch else _same(user)
        change = (
            update(users)
            .where(same)
            .values(
                password_hash=password_hash,
                password_expires_at=expires_at,
                epoch=users.c.epoch + 1,
            )
        )
        # After a first attempt the epoch would be another.
        if not self._change_keeping(role_to_keep, user, change, once=same_epoch):
            raise UnknownUserError(user.username)

    def use_one_time_password(self, user: User, now: datetime) -> bool:
        """Let a one-time password end now, and tell whether: of many who ask at once, one does."""
        unused = and_(
            _same(user),
            users.c.epoch == user.epoch,
            users.c.password_expires_at == user.password_expires_at,
        )
        use = update(users).where(unused).values(password_expires_at=now)
        return self._change(use, once=True) == 1

    def set_disabled(self, user: User, disabled: bool, role_to_keep: str | None = None) -> None:
        """Disable a user and raise the epoch, or enable them; or raise UnknownUserError."""
        change = (
            update(users)
            .where(_same(user))
            .values(disabled=disabled, epoch=users.c.epoch + int(disabled))
        )
        if not self._change_keeping(role_to_keep if disabled else None, user, change):
            raise UnknownUserError(user.username)

    def set_roles(
        self, user: User, roles: tuple[str, ...], role_to_keep: str | None = None
    ) -> bool:
        """Change a user's roles, and tell whether: not if they were changed meanwhile."""
        unchanged = and_(_same(user), users.c.roles == user.roles)
        change = update(users).where(unchanged).values(roles=roles)
        kept = None if role_to_keep in roles else role_to_keep
        return self._change_keeping(kept, user, change, once=True) == 1

    def end_sessions(self, user: User | None) -> None:
        """Raise the epoch of a user, or of all if None; or raise UnknownUserError."""
        if user is None:
            self._change(update(users).values(epoch=users.c.epoch + 1))
        else:
            self._update(user, epoch=users.c.epoch + 1)

    def unlock(self, user: User) -> None:
        """Raise the number of unlocks of a user, or raise UnknownUserError."""
        self._update(user, unlocks=users.c.unlocks + 1)

    def upgrade_password_hash(self, user: User, password_hash: str) -> None:
        """Keep a stronger hash of the same password, unless it was changed meanwhile."""
        unchanged = and_(_same(user), users.c.password_hash == user.password_hash)
        self._change(update(users).where(unchanged).values(password_hash=password_hash))

    def remove(self, user: User, role_to_keep: str | None = None) -> None:
        """Remove a user, or raise UnknownUserError."""
        removal = delete(users).where(_same(user))
        if not self._change_keeping(role_to_keep, user, removal, once=True):
            raise UnknownUserError(user.username)

    def _list(self, query: Select[Any]) -> list[User]:
        rows = self.database.run(lambda connection: connection.execute(query).all())
        return [User(*row) for row in rows]

    def _update(self, user: User, **values: object) -> None:
        if not self._change(update(users).where(_same(user)).values(**values)):
            raise UnknownUserError(user.username)

    def _change(self, statement: Insert | Update | Delete, *, once: bool = False) -> int:
        """Run a statement, and return how many rows it matched.

        Args:
            statement: The statement.
            once: Whether it would match none if it were repeated after a lost result.
        """
        run = self.database.run_once if once else self.database.run
        return run(lambda connection: connection.execute(statement).rowcount)

    def _change_keeping(
        self, role: str | None, user: User, statement: Update | Delete, *, once: bool = False
    ) -> int:
        """Run a statement, unless its user is the last who can log in with a role."""
        if role is None:
            return self._change(statement, once=once)
        has_role = (" " + type_coerce(users.c.roles, String) + " ").contains(
            f" {role} ", autoescape=True
        )
        # The first is for a database that has one lock for all that write. Others lock the rows,
        # in the same order by everybody, so that nobody waits in a circle.
        begin = update(users).where(false()).values(epoch=users.c.epoch)
        find = (
            select(users.c.id)
            .where(has_role, users.c.disabled == false(), users.c.password_expires_at.is_(None))
            .order_by(users.c.id)
            .with_for_update()
        )

        def work(connection: Connection) -> int:
            connection.execute(begin)
            if connection.execute(find).scalars().all() == [user.id]:
                raise LastUserError(user.username)
            return connection.execute(statement).rowcount

        return self.database.run_as_one(work)


def _same(user: User) -> ColumnElement[bool]:
    return users.c.id == user.id
