"""The catalog's views that DuckDB computes, written in schema/*.sql.

A view's columns and their types are those of RELATIONS whatever the order in its query: what that leaves out is NULL.
"""

from __future__ import annotations

import re
from importlib import resources

import duckdb

from pgiris.catalog.relations import RELATIONS, CatalogRelation

_HEAD = re.compile(r"^-- (pg_catalog|information_schema)\.(\w+)$", re.MULTILINE)


def _text(name: str) -> str:
    return resources.files("pgiris.catalog").joinpath(f"schema/{name}.sql").read_text("utf-8")


def bodies() -> dict[CatalogRelation, str]:
    """The queries, in an order in which each finds those that it reads."""
    found = {}
    for file in ("pg_catalog", "information_schema"):
        _, *parts = _HEAD.split(_text(file))
        for schema, name, body in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
            found[RELATIONS[schema, name]] = body.strip()
    return found


def create(connection: duckdb.DuckDBPyConnection, views: dict[CatalogRelation, str]) -> None:
    connection.execute("CREATE MACRO pgx.database() AS getvariable('pgiris_database')::VARCHAR")
    connection.execute(_text("macros"))
    waiting = dict(views)
    while waiting:
        for relation, body in list(waiting.items()):
            if not any(other.duckdb in body for other in waiting if other is not relation and _mentions(body, other)):
                _create(connection, relation, body)
                del waiting[relation]


def _mentions(body: str, relation: CatalogRelation) -> bool:
    return re.search(rf"\b{re.escape(relation.duckdb)}\b", body) is not None


def _create(connection: duckdb.DuckDBPyConnection, relation: CatalogRelation, body: str) -> None:
    given = {row[0] for row in connection.execute(f"DESCRIBE {body}").fetchall()}
    unknown = given - relation.by_name.keys()
    assert not unknown, (relation.name, unknown)
    columns = ", ".join(
        f'CAST({f"v.{chr(34)}{c.name}{chr(34)}" if c.name in given else "NULL"} AS {c.duckdb}) AS "{c.name}"'
        for c in relation.columns
    )
    connection.execute(f"CREATE VIEW {relation.duckdb} AS SELECT {columns} FROM ({body}) AS v")
