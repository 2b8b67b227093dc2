"""The versions of the tables in PostgreSQL, for Alembic."""
