"""Steps of a migration that can be repeated, where Alembic's own cannot."""

from typing import Any

import sqlalchemy as sa
from alembic import op


def add_column(table: str, column: sa.Column[Any]) -> None:
    """Add a column unless it exists, which not every database has words for."""
    existing = sa.inspect(op.get_bind()).get_columns(table)
    if column.name not in {found["name"] for found in existing}:
        op.add_column(table, column)


def create_index(name: str, table: str, columns: list[str], *, unique: bool = False) -> None:
    """Create an index unless it exists, which not every database has words for."""
    existing = sa.inspect(op.get_bind()).get_indexes(table)
    if name not in {index["name"] for index in existing}:
        op.create_index(name, table, columns, unique=unique)
