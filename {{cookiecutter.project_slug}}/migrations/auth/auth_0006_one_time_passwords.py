"""Until when a one-time password can be used."""

from datetime import UTC

import sqlalchemy as sa
from alembic import context, op

from auth.stores.sql.databases import chosen
from auth.stores.sql.steps import add_column

revision = "auth_0006"
down_revision = "auth_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what does not exist: a start that was cut short begins here again."""
    add_column("users", sa.Column("password_expires_at", chosen.TIME))
    _end_those_of_first_users()


def _end_those_of_first_users() -> None:
    """Keep that a password of the users file, as it stands there, is a one-time password."""
    names = ("username", "password_hash", "password_expires_at")
    users = sa.table("users", *map(sa.column, names))
    for user in context.config.attributes["first_users"]:
        if user.password_expires_at:
            has_it = sa.and_(
                chosen.exactly(users.c.username, user.username),
                users.c.password_hash == user.password_hash,
            )
            end = user.password_expires_at.astimezone(UTC).replace(tzinfo=None)
            op.execute(sa.update(users).where(has_it).values(password_expires_at=end))
