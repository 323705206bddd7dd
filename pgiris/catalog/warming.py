"""Warming: the ways of catalog queries are gone once before somebody waits for them.

The first queries that Python runs through code, and the first that DuckDB runs, take up to twice the time of later ones.
"""

from __future__ import annotations

import asyncio

from pgiris.catalog.compile import Catalog
from pgiris.sql.planner import Environment, Planner
from pgiris.types.relation import Snapshot

ROUNDS = 3
# Of each kind of clause, expression and function that clients use most.
_QUERIES = (
    """
    SELECT c.oid::regclass::text AS name, format_type(a.atttypid, a.atttypmod), pg_get_userbyid(c.relowner) AS "Owner",
        CASE WHEN n.nspname ~ '^pg_' THEN 'system' ELSE n.nspname END, a.attnotnull AND NOT a.attisdropped,
        (SELECT pg_get_expr(d.adbin, d.adrelid, true) FROM pg_catalog.pg_attrdef d
         WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum AND a.atthasdef),
        array_to_string(ARRAY(SELECT rolname FROM pg_catalog.pg_roles WHERE oid = ANY (i.indkey::oid[]) ORDER BY 1), ',')
    FROM pg_catalog.pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_index i ON (i.indrelid = c.oid AND i.indisprimary), pg_attribute a
    WHERE c.relname OPERATOR(pg_catalog.~) '^(name)$' COLLATE pg_catalog.default AND a.attrelid = c.oid AND a.attnum > 0
        AND c.relkind IN ('r', 'v') AND pg_table_is_visible(c.oid) AND c.oid = '65536'
    ORDER BY 1, c.relname
    """,
    "SELECT relname FROM pg_class WHERE oid = '1' UNION SELECT attname FROM pg_attribute WHERE attrelid = '1' ORDER BY 1",
    """
    SELECT table_name, column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = 'name' ORDER BY ordinal_position
    """,
)


async def warm() -> None:
    """Plan queries, which are forgotten; the event loop has its turn after each."""
    environment = Environment(Snapshot())
    for _ in range(ROUNDS):
        planner = Planner(Catalog())
        for query in _QUERIES:
            planner.plan(query, environment)
            await asyncio.sleep(0)
