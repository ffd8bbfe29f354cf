"""Run the migrations on the connection that the app hands over."""

from alembic import context

from auth.stores.sql.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # Not every database can take back a change of a table. So every step can be repeated.
    transactional_ddl=False,
)
context.run_migrations()
