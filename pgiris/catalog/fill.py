"""Filling the catalog: PostgreSQL's own rows once, what depends on the backend's schema whenever that changes.

DuckDB schemas: ``pgc`` and ``infs`` hold pg_catalog and information_schema, ``pgx`` what only the catalog itself reads:
``pgx.definition`` (what pg_get_viewdef, pg_get_indexdef, pg_get_constraintdef ... print) and ``pgx.routine``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import resources

import duckdb

from pgiris.catalog import bulk, system, views, zones
from pgiris.catalog.relations import DUCKDB_SCHEMAS, RELATIONS

HELPERS = {
    "pgx.owned_sequence": (
        "relation UINTEGER, attribute SMALLINT, sequence UINTEGER, schema VARCHAR, name VARCHAR, plain VARCHAR, qualified VARCHAR"
    ),
    "pgx.definition": "classid UINTEGER, objid UINTEGER, text VARCHAR",
    "pgx.routine": "oid UINTEGER, arguments VARCHAR, identity_arguments VARCHAR, result VARCHAR",
    "pgx.argument_default": "oid UINTEGER, place INTEGER, text VARCHAR",
    "pgx.type_name": "oid UINTEGER, name VARCHAR",
    "pgx.updatable_view": "oid UINTEGER",
    "pgx.extension": "oid UINTEGER, name VARCHAR, version VARCHAR, trusted BOOLEAN, comment VARCHAR",
    "pgx.told_role": "oid UINTEGER, name VARCHAR, superuser BOOLEAN, creates BOOLEAN",
}


def build(connection: duckdb.DuckDBPyConnection) -> None:
    """Create every relation and fill in PostgreSQL's own rows."""
    for schema in (*DUCKDB_SCHEMAS.values(), "pgx"):
        connection.execute(f"CREATE SCHEMA {schema}")
    bodies = views.bodies()
    for relation in RELATIONS.values():
        if relation in bodies:
            continue
        columns = ", ".join(f'"{column.name}" {column.duckdb}' for column in relation.columns)
        connection.execute(f"CREATE TABLE {relation.duckdb} ({columns})")
        _import(connection, relation.duckdb, relation.name)
    for name, columns in HELPERS.items():
        connection.execute(f"CREATE TABLE {name} ({columns})")
        _import(connection, name, name.replace(".", "_"))
    system.add_own_rows(connection)
    replace_rows(connection, "pg_catalog.pg_timezone_abbrevs", zones.abbreviations())
    views.create(connection, bodies)


def _import(connection: duckdb.DuckDBPyConnection, table: str, file: str) -> None:
    """The rows that are there in every database."""
    data = resources.files("pgiris.catalog").joinpath(f"data/{file}.parquet")
    if data.is_file():
        with resources.as_file(data) as path:
            connection.execute(f"INSERT INTO {table} SELECT * FROM read_parquet(?)", [str(path)])


def replace_rows(connection: duckdb.DuckDBPyConnection, name: str, rows: Iterable[Sequence[object]]) -> None:
    """Give a relation, ``pg_catalog.pg_stat_activity``, these rows and no others. Values stand in the order of its columns."""
    schema, _, word = name.partition(".")
    relation = RELATIONS[schema, word]
    given = {column.name: column.duckdb for column in relation.columns}
    connection.execute(f"DELETE FROM {relation.duckdb}")
    bulk.insert(connection, f"INSERT INTO {relation.duckdb} SELECT * FROM {{rows}}", given, rows)
