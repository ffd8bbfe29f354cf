"""The tables of second factors, with those of the file beside the users file in them."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from auth.settings import load_settings
from auth.stores.factors.file import NAME, Kept, read_factors
from auth.stores.sql.databases import chosen
from auth.stores.sql.steps import create_index, user_id_column

revision = "auth_factors_0001"
down_revision = None
branch_labels = "auth_factors"
depends_on = "auth_0001"  # a line of its own: not every project has it


def upgrade() -> None:
    """Create what does not exist: a start that was cut short begins here again."""
    kept = _read()
    _create(
        "second_factors",
        sa.Column("factor_id", sa.String(64), primary_key=True),
        user_id_column(),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("secret", sa.String(4000), nullable=False),
        sa.Column("counter", sa.BigInteger, nullable=False),
        sa.Column("added_at", chosen.TIME, nullable=False),
        sa.Column("last_used_at", chosen.TIME),
    )
    create_index("second_factors_by_user", "second_factors", ["user_id", "added_at"])
    _create(
        "recovery_codes",
        sa.Column("code_hash", sa.String(64), primary_key=True),
        user_id_column(),
    )
    create_index("recovery_codes_by_user", "recovery_codes", ["user_id"])
    _add("second_factors", [asdict(factor) for factor in kept.factors.values()])
    codes = [(owner, each) for owner, hashes in kept.codes.items() for each in hashes]
    _add("recovery_codes", [{"code_hash": each, "user_id": owner} for owner, each in codes])


def _create(table: str, *columns: sa.Column[Any]) -> None:
    op.create_table(table, *columns, if_not_exists=True, **chosen.TABLE_OPTIONS)


def _read() -> Kept:
    try:
        return read_factors(load_settings().users_file.with_name(NAME))
    except FileNotFoundError:
        return Kept()


def _add(name: str, rows: list[dict[str, Any]]) -> None:
    """Add rows of users who exist, except those that a start which was cut short has added."""
    if not rows:
        return
    key, *others = rows[0]
    table = sa.table(name, *map(sa.column, [key, *others]))
    ids = sa.select(sa.table("users", sa.column("id", sa.String)).c.id)
    users = set(op.get_bind().scalars(ids))
    existing = set(op.get_bind().scalars(sa.select(table.c[key])))
    for row in rows:
        if row["user_id"] in users and row[key] not in existing:
            values = {name: _plain(value) for name, value in row.items()}
            op.execute(sa.insert(table).values(values))


def _plain(value: object) -> object:
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value
