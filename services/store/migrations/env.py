"""Alembic's way in: run the migrations on the connection that the store hands over."""

from alembic import context

from services.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
