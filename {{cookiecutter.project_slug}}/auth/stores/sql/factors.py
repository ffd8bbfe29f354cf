"""The second factors in the database."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from typing import cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    Update,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.exc import IntegrityError

from auth.records import UnknownUserError, User
from auth.stores.factors.interface import Factor, LastFactorError
from auth.stores.interface import Store
from auth.stores.sql.engine import Database
from auth.stores.sql.factor_tables import FACTOR, recovery_codes, second_factors
from auth.stores.sql.tables import USER, users
from auth.stores.sql.users import SqlUsers


def factors_of(store: Store) -> "SqlFactors":
    """Return the second factors of a store."""
    return SqlFactors(cast(SqlUsers, store.users).database)


class SqlFactors:
    """The second factors and the recovery codes, each in a row."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_of(self, user: User) -> list[Factor]:
        """Return a user's factors, the oldest first."""
        return self._list(second_factors.c.user_id == user.id)

    def list_all(self) -> list[Factor]:
        """Return every user's factors."""
        return self._list(true())

    def find(self, factor_id: str) -> Factor | None:
        """Return a factor, or None."""
        return next(iter(self._list(second_factors.c.factor_id == factor_id)), None)

    def owner_of(self, factor: Factor) -> User | None:
        """Return whose factor it is, or None if they do not exist."""
        query = select(*USER).where(users.c.id == factor.user_id)
        row = self._database.run(lambda connection: connection.execute(query).one_or_none())
        return User(*row) if row else None

    def add(self, factor: Factor) -> bool:
        """Keep a factor, in the place of one of that id, and tell whether."""
        values = asdict(factor)
        mine = and_(_same(factor), second_factors.c.user_id == factor.user_id)

        def work(connection: Connection) -> None:
            _lock(connection, factor.user_id)
            if not connection.execute(update(second_factors).where(mine).values(values)).rowcount:
                connection.execute(insert(second_factors).values(values))

        try:
            self._database.run_as_one(work)
        except IntegrityError:
            return False
        return True

    def use(self, factor_id: str, counter: int, now: datetime, *, may_stay: bool = False) -> bool:
        """Raise a factor's counter, and tell whether: of many who ask at once, one does."""
        is_higher = second_factors.c.counter < counter
        if may_stay and counter == 0:
            is_higher = or_(is_higher, second_factors.c.counter == 0)
        unused = and_(second_factors.c.factor_id == factor_id, is_higher)
        values = {"counter": counter, "last_used_at": now}
        return self._change(update(second_factors).where(unused).values(values))

    def rename(self, factor: Factor, name: str) -> None:
        """Give a factor another name. An unknown one is ignored."""
        self._change(update(second_factors).where(_same(factor)).values(name=name))

    def encrypt_again(self, factor: Factor, secret: str) -> bool:
        """Keep a secret in another form, and tell whether: not if it was changed meanwhile."""
        unchanged = and_(_same(factor), second_factors.c.secret == factor.secret)
        return self._change(update(second_factors).where(unchanged).values(secret=secret))

    def remove(self, factor: Factor, *, keep_one: bool) -> bool:
        """Remove a factor, with the recovery codes if it is the last, and tell whether."""
        of_user = second_factors.c.user_id == factor.user_id

        def work(connection: Connection) -> bool:
            _lock(connection, factor.user_id)
            ids = connection.scalars(select(second_factors.c.factor_id).where(of_user)).all()
            if ids == [factor.factor_id]:
                if keep_one:
                    raise LastFactorError
                _remove_codes(connection, factor.user_id)
            return connection.execute(delete(second_factors).where(_same(factor))).rowcount == 1

        return self._database.run_as_one(work)

    def remove_all(self, user: User) -> int:
        """Remove a user's factors and recovery codes, raise the epoch, and return how many factors."""
        removal = delete(second_factors).where(second_factors.c.user_id == user.id)

        def work(connection: Connection) -> int:
            _lock(connection, user.id, epochs=1)
            _remove_codes(connection, user.id)
            return connection.execute(removal).rowcount

        return self._database.run_as_one(work)

    def set_codes(self, user: User, code_hashes: Collection[str]) -> None:
        """Keep these recovery codes in the place of all that a user has."""
        rows = [{"code_hash": code_hash, "user_id": user.id} for code_hash in code_hashes]

        def work(connection: Connection) -> None:
            _lock(connection, user.id)
            _remove_codes(connection, user.id)
            if rows:
                connection.execute(insert(recovery_codes), rows)

        self._database.run_as_one(work)

    def use_code(self, user: User, code_hash: str) -> bool:
        """Forget a user's recovery code, and tell whether: of many who ask at once, one does."""
        same = recovery_codes.c.code_hash == code_hash, recovery_codes.c.user_id == user.id
        return self._change(delete(recovery_codes).where(*same))

    def count_codes(self, user: User) -> int:
        """Return how many recovery codes a user has left."""
        query = select(func.count()).where(recovery_codes.c.user_id == user.id)
        return self._database.run(lambda connection: connection.execute(query).scalar_one())

    def _list(self, condition: ColumnElement[bool]) -> list[Factor]:
        order = second_factors.c.added_at, second_factors.c.factor_id
        query = select(*FACTOR).where(condition).order_by(*order)
        rows = self._database.run(lambda connection: connection.execute(query).all())
        return [Factor(*row) for row in rows]

    def _change(self, statement: Update | Delete) -> bool:
        """Run a statement about one row, and tell whether it matched."""
        run = self._database.run_once
        return run(lambda connection: connection.execute(statement).rowcount) == 1


def _lock(connection: Connection, user_id: str, epochs: int = 0) -> None:
    """Let nobody else change a user's factors before this is done.

    Args:
        connection: In a transaction.
        user_id: The user.
        epochs: By how much to raise the epoch.

    Raises:
        UnknownUserError: The user does not exist.
    """
    lock = update(users).where(users.c.id == user_id).values(epoch=users.c.epoch + epochs)
    if not connection.execute(lock).rowcount:
        raise UnknownUserError(user_id)


def _remove_codes(connection: Connection, user_id: str) -> None:
    connection.execute(delete(recovery_codes).where(recovery_codes.c.user_id == user_id))


def _same(factor: Factor) -> ColumnElement[bool]:
    return second_factors.c.factor_id == factor.factor_id
