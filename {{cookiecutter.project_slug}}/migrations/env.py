"""Run the migrations on the connection that the app hands over."""

from alembic import context

from auth.stores.sql.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # MySQL commits every change of a table by itself. So every step can be repeated, everywhere.
    transactional_ddl=False,
)
context.run_migrations()
