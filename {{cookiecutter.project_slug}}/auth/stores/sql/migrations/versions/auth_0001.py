"""The tables of the login, with the first users in them."""

from datetime import UTC
from typing import Any

import sqlalchemy as sa
from alembic import context, op

from auth.stores.sql.databases import chosen
from auth.stores.sql.steps import create_index, user_id_column
from auth.usernames import searched_form

revision = "auth_0001"
down_revision = None
branch_labels = "auth"
depends_on = None


def upgrade() -> None:
    """Create what does not exist: a start that was cut short begins here again."""
    _create(
        "users",
        sa.Column("id", chosen.USER_ID, primary_key=True),
        sa.Column("username", chosen.NAME, nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("disabled", sa.Boolean, nullable=False),
        sa.Column("roles", sa.String(1000), nullable=False),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("unlocks", sa.BigInteger, nullable=False),
        sa.Column("password_expires_at", chosen.TIME),
        sa.Column("email", sa.String(254)),
        sa.Column("display_name", sa.String(64)),
        sa.Column("searched_name", sa.String(192)),
    )
    create_index("users_by_username", "users", ["username"], unique=True)
    create_index("users_by_email", "users", ["email"], unique=True)
    create_index("users_by_password_hash", "users", ["password_hash"])
    # Once there is a table of sessions, a user who is missing was removed.
    if not sa.inspect(op.get_bind()).has_table("sessions"):
        _add_first_users()
    _create(
        "sessions",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        user_id_column(),
        sa.Column("epoch", sa.BigInteger, nullable=False),
        sa.Column("created_at", chosen.TIME, nullable=False),
        sa.Column("expires_at", chosen.TIME, nullable=False),
        sa.Column("last_seen_at", chosen.TIME, nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("user_agent", sa.String(64), nullable=False),
    )
    create_index("sessions_by_expires_at", "sessions", ["expires_at"])
    create_index("sessions_by_user", "sessions", ["user_id", "created_at"])
    _create(
        "tickets",
        sa.Column("ticket_hash", sa.String(64), primary_key=True),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("payload", sa.String(1000), nullable=False),
        sa.Column("expires_at", chosen.TIME, nullable=False),
    )
    create_index("tickets_by_expires_at", "tickets", ["expires_at"])
    _create(
        "attempts",
        sa.Column("attempt_id", sa.String(32), primary_key=True),
        sa.Column("pair", sa.String(64), nullable=False),
        sa.Column("pair_number", sa.BigInteger, nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("name_number", sa.BigInteger, nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("address_number", sa.BigInteger, nullable=False),
        sa.Column("expires_at", chosen.TIME, nullable=False),
    )
    for key in ("pair", "name", "address"):
        create_index(f"attempts_by_{key}", "attempts", [key, f"{key}_number"], unique=True)
    create_index("attempts_by_expires_at", "attempts", ["expires_at"])
    _create(
        "devices",
        sa.Column("device_hash", sa.String(64), primary_key=True),
        user_id_column(),
        sa.Column("expires_at", chosen.TIME, nullable=False),
    )
    create_index("devices_by_expires_at", "devices", ["expires_at"])
    create_index("devices_by_user", "devices", ["user_id", "expires_at"])
    _create(
        "audit",
        # SQLite numbers rows by itself only if the type is this one.
        sa.Column(
            "audit_id",
            sa.BigInteger().with_variant(sa.Integer, "sqlite"),
            sa.Identity(),
            primary_key=True,
        ),
        sa.Column("at", chosen.TIME, nullable=False),
        sa.Column("event", sa.String(32), nullable=False),
        sa.Column("user_id", chosen.USER_ID),
        sa.Column("username", chosen.NAME),
        sa.Column("actor", sa.String(64)),
        sa.Column("address", sa.String(64)),
        sa.Column("session", sa.String(64)),
        sa.Column("count", sa.Integer, nullable=False),
    )
    create_index("audit_by_user", "audit", ["user_id", "at"])
    create_index("audit_by_username", "audit", ["username", "at"])
    create_index("audit_by_at", "audit", ["at"])


def _create(table: str, *columns: sa.Column[Any]) -> None:
    op.create_table(table, *columns, if_not_exists=True, **chosen.TABLE_OPTIONS)


def _add_first_users() -> None:
    names = ["id", "username", "password_hash", "disabled", "epoch", "unlocks"]
    names += ["email", "display_name"]
    others = ["roles", "password_expires_at", "searched_name"]
    users = sa.table("users", *map(sa.column, [*names, *others]))
    # Those that exist are of a start that was cut short.
    rows = op.get_bind().execute(sa.select(users.c.id, users.c.username)).all()
    existing = {value for row in rows for value in row}
    for user in context.config.attributes["first_users"]:
        if user.id in existing or user.username in existing:
            continue
        values = {name: getattr(user, name) for name in names}
        end = user.password_expires_at
        values["roles"] = " ".join(user.roles)
        values["password_expires_at"] = end and end.astimezone(UTC).replace(tzinfo=None)
        values["searched_name"] = user.display_name and searched_form(user.display_name)
        op.execute(sa.insert(users).values(values))
