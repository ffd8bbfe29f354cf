"""Where a session was begun: the address and the browser."""

import sqlalchemy as sa

from auth.stores.sql.steps import add_column

revision = "auth_0004"
down_revision = "auth_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what does not exist: a start that was cut short begins here again.

    The empty default is for sessions that began before, and for servers of the version before
    that are still running.
    """
    for name in ("address", "browser"):
        add_column("sessions", sa.Column(name, sa.String(64), nullable=False, server_default=""))
