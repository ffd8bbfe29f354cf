"""${message}"""

import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    """Change the database. A start that was cut short begins here again."""
    # op.create_table("notes", sa.Column("text", sa.String(1000)), if_not_exists=True)
