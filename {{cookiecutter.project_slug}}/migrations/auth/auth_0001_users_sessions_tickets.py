"""The tables of users, sessions and tickets, with the first users."""

from contextlib import suppress

import sqlalchemy as sa
from alembic import context, op

from auth.stores.sql.databases import chosen
from auth.stores.sql.steps import create_index

revision = "auth_0001"
down_revision = None
branch_labels = "auth"
depends_on = None


def upgrade() -> None:
    """Create what does not exist: a start that was cut short begins here again."""
    op.create_table(
        "users",
        sa.Column("username", chosen.NAME, primary_key=True),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("disabled", sa.Boolean, nullable=False),
        sa.Column("roles", sa.String(1000), nullable=False),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        if_not_exists=True,
        **chosen.TABLE_OPTIONS,
    )
    # Once there is a table of sessions, a user who is missing was removed.
    if not sa.inspect(op.get_bind()).has_table("sessions"):
        _add_first_users()
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column(
            "username",
            chosen.NAME,
            sa.ForeignKey("users.username", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("created_at", chosen.TIME, nullable=False),
        sa.Column("expires_at", chosen.TIME, nullable=False),
        sa.Column("last_seen_at", chosen.TIME, nullable=False),
        if_not_exists=True,
        **chosen.TABLE_OPTIONS,
    )
    create_index("sessions_by_expires_at", "sessions", ["expires_at"])
    op.create_table(
        "tickets",
        sa.Column("ticket_hash", sa.String(64), primary_key=True),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("payload", sa.String(1000), nullable=False),
        sa.Column("expires_at", chosen.TIME, nullable=False),
        if_not_exists=True,
        **chosen.TABLE_OPTIONS,
    )
    create_index("tickets_by_expires_at", "tickets", ["expires_at"])


def _add_first_users() -> None:
    columns = ["username", "password_hash", "disabled", "roles", "epoch"]
    users = sa.table("users", *map(sa.column, columns))
    for user in context.config.attributes["first_users"]:
        values = {name: getattr(user, name) for name in columns}
        # One that exists is of a start that was cut short.
        with suppress(sa.exc.IntegrityError):
            op.execute(sa.insert(users).values({**values, "roles": " ".join(user.roles)}))
