"""Run by Alembic: on the connection that is given, or as text."""

from __future__ import annotations

from alembic import context
from sqlalchemy import text

from ownership.adapters.storage.sqlalchemy.schema import VERSION_TABLE

attributes = context.config.attributes
schema = attributes["schema"]
if "connection" in attributes:
    attributes["connection"].execute(text(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'))
context.configure(
    connection=attributes.get("connection"),
    dialect_name=None if "connection" in attributes else "postgresql",
    version_table=VERSION_TABLE,
    version_table_schema=schema,
    transactional_ddl=True,
)
with context.begin_transaction():
    if "connection" not in attributes:
        context.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
    context.run_migrations()
