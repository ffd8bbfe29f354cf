"""The tables of failed logins and of the audit."""

import sqlalchemy as sa
from alembic import op

from auth.stores.sql.databases import chosen
from auth.stores.sql.steps import create_index

revision = "auth_0002"
down_revision = "auth_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create what does not exist: a start that was cut short begins here again."""
    op.create_table(
        "attempts",
        sa.Column("attempt_id", sa.String(32), primary_key=True),
        sa.Column("pair", sa.String(64), nullable=False),
        sa.Column("pair_number", sa.BigInteger, nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("name_number", sa.BigInteger, nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("address_number", sa.BigInteger, nullable=False),
        sa.Column("expires_at", chosen.TIME, nullable=False),
        if_not_exists=True,
        **chosen.TABLE_OPTIONS,
    )
    for key in ("pair", "name", "address"):
        create_index(f"attempts_by_{key}", "attempts", [key, f"{key}_number"], unique=True)
    create_index("attempts_by_expires_at", "attempts", ["expires_at"])
    op.create_table(
        "audit",
        # SQLite numbers rows by themselves only if the type is this one.
        sa.Column(
            "audit_id",
            sa.BigInteger().with_variant(sa.Integer, "sqlite"),
            sa.Identity(),
            primary_key=True,
        ),
        sa.Column("at", chosen.TIME, nullable=False),
        sa.Column("event", sa.String(32), nullable=False),
        sa.Column("username", chosen.NAME),
        sa.Column("actor", sa.String(64)),
        sa.Column("ip", sa.String(64)),
        sa.Column("session", sa.String(64)),
        if_not_exists=True,
        **chosen.TABLE_OPTIONS,
    )
    create_index("audit_by_username", "audit", ["username", "at"])
    create_index("audit_by_at", "audit", ["at"])
