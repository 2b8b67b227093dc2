"""Every statement of the store. Each names the tenant, and the owner where a record is meant: the key of a shard.

Values go as arrays, so that a call takes the same few statements for one record and for a thousand.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import ColumnClause, Executable, column, text

from ownership.ports.storage import LISTED

_IS_LISTED = "collection IN ('" + "', '".join(LISTED) + "')"
"""An index on a part of a table is used only for a statement that says the same words."""

_ROW = "r.collection, r.id, r.version, r.body"
_COLUMNS: list[ColumnClause[Any]] = [column(name.removeprefix("r.")) for name in _ROW.split(", ")]
_THEIR_RECORDS = """
    CROSS JOIN LATERAL (
      SELECT * FROM {schema}.records
      WHERE tenant = :tenant AND owner = k.owner AND collection = :collection AND id = k.id LIMIT 1
    ) r ORDER BY k.id"""
"""One look-up for each id, in any database at any time: statistics of several columns lead PostgreSQL astray."""

_KEYED = "k.tenant = :tenant AND k.collection = :collection AND k.key = :key AND k.id > :after"

GET = f"""
    SELECT {_ROW} FROM unnest(CAST(:owners AS text[]), CAST(:ids AS text[])) AS k (owner, id) {_THEIR_RECORDS}"""

OWNED = f"""
    SELECT {_ROW} FROM {{schema}}.records r
    WHERE r.tenant = :tenant AND r.owner = :owner AND r.collection = ANY (CAST(:collections AS text[]))
    ORDER BY r.collection, r.id"""

FIND_LISTED = f"""
    SELECT {_ROW} FROM {{schema}}.records r
    WHERE r.tenant = :tenant AND r.collection = :collection AND r.{_IS_LISTED} AND r.id > :after
    ORDER BY r.id LIMIT :limit"""

FIND_ALL = f"""
    SELECT {_ROW} FROM {{schema}}.records r
    WHERE r.tenant = :tenant AND r.collection = :collection AND r.id > :after
    ORDER BY r.id LIMIT :limit"""

FIND_EQUAL = f"""
    SELECT {_ROW} FROM (
      SELECT k.owner, k.id FROM {{schema}}.keys k WHERE {_KEYED} AND k.value = :equals ORDER BY k.id LIMIT :limit
    ) k {_THEIR_RECORDS}"""

FIND_BEFORE = f"""
    SELECT {_ROW} FROM (
      SELECT DISTINCT k.owner, k.id FROM {{schema}}.keys k
      WHERE {_KEYED} AND k.value < :before ORDER BY k.id LIMIT :limit
    ) k {_THEIR_RECORDS}"""

FIND_KEYED = FIND_BEFORE.replace("AND k.value < :before", "")

PUT = """
    WITH n AS (
      SELECT * FROM unnest(
        CAST(:owners AS text[]), CAST(:collections AS text[]), CAST(:ids AS text[]),
        CAST(:versions AS bigint[]), CAST(:bodies AS text[])
      ) AS n (owner, collection, id, version, body)
    ), k AS (
      SELECT * FROM unnest(
        CAST(:key_owners AS text[]), CAST(:key_collections AS text[]), CAST(:key_ids AS text[]),
        CAST(:keys AS text[]), CAST(:values AS text[])
      ) AS k (owner, collection, id, key, value)
    ), new AS (
      INSERT INTO {schema}.records (tenant, owner, collection, id, version, body)
      SELECT :tenant, n.* FROM n WHERE n.version = 1
      ON CONFLICT DO NOTHING RETURNING collection, id
    ), changed AS (
      UPDATE {schema}.records r SET version = n.version, body = n.body FROM n
      WHERE n.version > 1 AND r.tenant = :tenant AND r.owner = n.owner AND r.collection = n.collection AND r.id = n.id
        AND r.version = n.version - 1
      RETURNING r.collection, r.id
    ), dropped AS (
      DELETE FROM {schema}.keys o USING n
      WHERE n.version > 1 AND o.tenant = :tenant AND o.owner = n.owner AND o.collection = n.collection AND o.id = n.id
        AND (o.collection, o.id, o.key, o.value) NOT IN (SELECT k.collection, k.id, k.key, k.value FROM k)
    ), added AS (
      INSERT INTO {schema}.keys (tenant, owner, collection, id, key, value) SELECT :tenant, k.* FROM k
      ON CONFLICT DO NOTHING
    )
    SELECT collection, id FROM new UNION ALL SELECT collection, id FROM changed"""
"""Records with their keys, and which of them were written. Keys that stay are left alone: most changes change none."""

REMOVE = """
    WITH gone AS (
      SELECT owner, id FROM unnest(CAST(:owners AS text[]), CAST(:ids AS text[])) AS n (owner, id)
    ), keys AS (
      DELETE FROM {schema}.keys k USING gone
      WHERE k.tenant = :tenant AND k.owner = gone.owner AND k.collection = :collection AND k.id = gone.id
    ), entries AS (
      DELETE FROM {schema}.outbox WHERE tenant = :tenant AND about = ANY (CAST(:ids AS text[]))
    )
    DELETE FROM {schema}.records r USING gone
    WHERE r.tenant = :tenant AND r.owner = gone.owner AND r.collection = :collection AND r.id = gone.id"""

EMIT = """
    INSERT INTO {schema}.outbox (tenant, id, topic, about, due_at, attempts)
    SELECT :tenant, n.* FROM unnest(
      CAST(:ids AS text[]), CAST(:topics AS text[]), CAST(:abouts AS text[]),
      CAST(:dues AS timestamptz[]), CAST(:attempts AS integer[])
    ) AS n
    ON CONFLICT DO NOTHING"""

CLAIM = """
    WITH due AS (
      SELECT tenant, id FROM {schema}.outbox
      WHERE tenant = :tenant AND topic = :topic AND due_at <= :now AND lease_until <= :now
      ORDER BY due_at, id LIMIT :limit FOR UPDATE SKIP LOCKED
    )
    UPDATE {schema}.outbox o SET lease_until = :lease_until, attempts = o.attempts + 1
    FROM due WHERE o.tenant = :tenant AND o.tenant = due.tenant AND o.id = due.id
    RETURNING o.id, o.about, o.due_at, o.attempts"""
"""Entries that another worker is claiming are passed over, not waited for."""

SETTLE = "DELETE FROM {schema}.outbox WHERE tenant = :tenant AND id = ANY (CAST(:ids AS text[]))"

POSTPONE = """
    UPDATE {schema}.outbox SET due_at = :until, lease_until = '-infinity'
    WHERE tenant = :tenant AND id = ANY (CAST(:ids AS text[]))"""

PENDING = "SELECT count(*) FROM {schema}.outbox WHERE tenant = :tenant AND topic = :topic"


@cache
def said(statement: str, schema: str) -> Executable:
    """Give a statement with the schema in which the tables lie, and with its columns: SQLAlchemy then asks for none."""
    spoken = text(statement.format(schema=f'"{schema}"'))
    return spoken.columns(*_COLUMNS) if _ROW in statement else spoken
