"""What users are called, in the database."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from auth.records import User
from auth.stores.sql.databases import chosen
from auth.stores.sql.engine import Database
from auth.stores.sql.tables import users
from auth.stores.uniqueness import check_unique
from auth.usernames import searched_form


def row_of(user: User) -> dict[str, Any]:
    """Return the row of a user."""
    return asdict(user) | columns_of(user.display_name)


def columns_of(display_name: str | None) -> dict[str, Any]:
    """Return the columns that have a display name."""
    searched = display_name and searched_form(display_name)
    return {"display_name": display_name, "searched_name": searched}


def logs_in_with(text: str) -> ColumnElement[bool]:
    """Return the condition that a user has exactly that name or address."""
    columns = users.c.username, users.c.email
    return or_(*(chosen.exactly(column, text) for column in columns))


def has_text(text: str) -> ColumnElement[bool]:
    """Return the condition that a text is in what a user is called."""
    columns = users.c.username, users.c.email, users.c.searched_name
    return or_(*(column.contains(text, autoescape=True) for column in columns))


def check_free(database: Database, *wanted: User) -> None:
    """Accept what users are to be called, if nobody else is.

    An address and a name that are given at the same moment may still be the same: then a login
    is the name's, as everywhere.

    Raises:
        UserExistsError, EmailTakenError: As `check_unique`.
    """
    query = select(users.c.id, users.c.username, users.c.email)
    if len(wanted) == 1:
        texts = {wanted[0].username, wanted[0].email} - {None}
        query = query.where(or_(users.c.username.in_(texts), users.c.email.in_(texts)))
    rows = database.run(lambda connection: connection.execute(query).all())
    ids = {user.id for user in wanted}
    others = [User(row.id, row.username, "", email=row.email) for row in rows if row.id not in ids]
    check_unique([*others, *wanted])
