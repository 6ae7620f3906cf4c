"""What alembic runs; the connection comes from `upgrade`."""

from alembic import context

from app.sessions.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
