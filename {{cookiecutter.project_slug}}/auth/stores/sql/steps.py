"""What migrations share: steps that can be repeated, and the column that refers to a user."""

import sqlalchemy as sa
from alembic import op

from auth.stores.sql.databases import chosen


def user_id_column(name: str = "user_id", *, nullable: bool = False) -> sa.Column[str]:
    """Return a column that refers to a user, for a table of the app's own.

    The database removes its rows together with the user.

    Args:
        name: What the column is called.
        nullable: Whether a row may refer to nobody.
    """
    reference = sa.ForeignKey("users.id", ondelete="CASCADE")
    return sa.Column(name, chosen.USER_ID, reference, nullable=nullable)


def create_index(name: str, table: str, columns: list[str], *, unique: bool = False) -> None:
    """Create an index unless it exists, which not every database has words for."""
    existing = sa.inspect(op.get_bind()).get_indexes(table)
    if name not in {index["name"] for index in existing}:
        op.create_index(name, table, columns, unique=unique)
