"""Records, keys and outbox."""

from __future__ import annotations

from alembic import context, op

revision = "1"
down_revision = None

_STATEMENTS = (
    """CREATE TABLE {schema}.records (
        tenant text COLLATE "C" NOT NULL, owner text COLLATE "C" NOT NULL, collection text COLLATE "C" NOT NULL,
        id text COLLATE "C" NOT NULL, version bigint NOT NULL, body text COLLATE "C" NOT NULL,
        PRIMARY KEY (tenant, owner, collection, id)
    )""",
    """CREATE INDEX records_by_collection ON {schema}.records (tenant, collection, id)
        WHERE collection IN ('people', 'cycles', 'learning_options', 'pulses')""",
    """CREATE TABLE {schema}.keys (
        tenant text COLLATE "C" NOT NULL, owner text COLLATE "C" NOT NULL, collection text COLLATE "C" NOT NULL,
        id text COLLATE "C" NOT NULL, key text COLLATE "C" NOT NULL, value text COLLATE "C" NOT NULL,
        PRIMARY KEY (tenant, owner, collection, id, key, value)
    )""",
    "CREATE INDEX keys_by_value ON {schema}.keys (tenant, collection, key, value, id) INCLUDE (owner)",
    """CREATE TABLE {schema}.outbox (
        tenant text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, topic text COLLATE "C" NOT NULL,
        about text COLLATE "C" NOT NULL, due_at timestamptz NOT NULL, attempts integer NOT NULL,
        lease_until timestamptz NOT NULL DEFAULT '-infinity',
        PRIMARY KEY (tenant, id)
    )""",
    "CREATE INDEX outbox_by_due ON {schema}.outbox (tenant, topic, due_at, id)",
    "CREATE INDEX outbox_by_about ON {schema}.outbox (tenant, about)",
)


def upgrade() -> None:
    """Lay the first tables."""
    schema = context.config.attributes["schema"]
    for statement in _STATEMENTS:
        op.execute(statement.format(schema=f'"{schema}"'))
