"""Until when a one-time password can be used."""

import sqlalchemy as sa

from auth.stores.sql.databases import chosen
from auth.stores.sql.steps import add_column

revision = "auth_0006"
down_revision = "auth_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what does not exist: a start that was cut short begins here again."""
    add_column("users", sa.Column("password_expires_at", chosen.TIME))
