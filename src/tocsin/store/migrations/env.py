"""Alembic's entry: runs the migrations on the connection that `tocsin.store.migrate` hands over."""

from __future__ import annotations

from alembic import context

from tocsin.store.tables import metadata

connection = context.config.attributes["connection"]
# Batch mode: SQLite cannot alter most things of a table in place.
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
