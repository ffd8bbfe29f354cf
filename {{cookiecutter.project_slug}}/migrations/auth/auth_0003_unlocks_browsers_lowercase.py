"""How often users were unlocked, the table of known browsers, and names in lower case."""

import sqlalchemy as sa
from alembic import op

from auth.settings import SettingsError
from auth.stores.sql.databases import chosen
from auth.stores.sql.steps import add_column, create_index
from auth.usernames import stored_form

revision = "auth_0003"
down_revision = "auth_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Do what is not done yet: a start that was cut short begins here again."""
    _lower_names()
    add_column("users", sa.Column("unlocks", sa.BigInteger, nullable=False, server_default="0"))
    op.create_table(
        "browsers",
        sa.Column("browser_hash", sa.String(64), primary_key=True),
        sa.Column("expires_at", chosen.TIME, nullable=False),
        if_not_exists=True,
        **chosen.TABLE_OPTIONS,
    )
    create_index("browsers_by_expires_at", "browsers", ["expires_at"])


def _lower_names() -> None:
    """Write names in lower case. Whoever gets another name is logged out by it."""
    users, sessions, audit = (
        sa.table(name, sa.column("username")) for name in ("users", "sessions", "audit")
    )
    names = op.get_bind().execute(sa.select(users.c.username)).scalars().all()
    taken: dict[str, str] = {}
    for name in names:
        other = taken.setdefault(stored_form(name), name)
        if other != name:
            raise SettingsError(
                f"The users {other} and {name} differ by case only, and the case of a name does "
                "not count any more. Remove one of them with the version of the app that you "
                "had before, and start this one again."
            )
    for lower, name in taken.items():
        if lower == name:
            continue
        # Their sessions refer to the name. The user comes last: until then this is repeated.
        op.execute(sa.delete(sessions).where(chosen.exactly(sessions.c.username, name)))
        for table in (audit, users):
            named = chosen.exactly(table.c.username, name)
            op.execute(sa.update(table).where(named).values(username=lower))
