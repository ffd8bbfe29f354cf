"""${message}"""
<%
def quoted(revision):
    if revision is None:
        return "None"
    if isinstance(revision, str):
        return f'"{revision}"'
    return f"({', '.join(map(quoted, revision))})"
%>
# import sqlalchemy as sa
# from alembic import op
#
# from auth.stores.sql.steps import create_index, user_id_column

revision = ${quoted(up_revision)}
down_revision = ${quoted(down_revision)}
branch_labels = ${quoted(branch_labels)}
depends_on = ${quoted(depends_on)}


def upgrade() -> None:
    """Change the database. A start that was cut short begins here again."""
    # op.create_table("notes", sa.Column("text", sa.String(1000)), if_not_exists=True)
