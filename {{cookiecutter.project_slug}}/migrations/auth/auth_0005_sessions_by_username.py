"""The index by which a user's sessions are found."""

from auth.stores.sql.steps import create_index

revision = "auth_0005"
down_revision = "auth_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create what does not exist: a start that was cut short begins here again."""
    create_index("sessions_by_username", "sessions", ["username", "created_at"])
