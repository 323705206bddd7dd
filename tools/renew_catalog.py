"""Write pgiris/catalog/data from a running PostgreSQL 16 with pgvector: ``renew_catalog.py "host=127.0.0.1 dbname=postgres"``.

The database has to be new but for CREATE EXTENSION vector. relations.tsv describes the relations of pg_catalog and
information_schema; each other file holds the rows of one relation, or the texts that PostgreSQL prints of its own objects.
Objects of pgvector get OIDs from 16385 on (see renew_oids.py).
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import psycopg

from pgiris.catalog.relations import CatalogColumn, duckdb_type

TARGET = Path(__file__).parent.parent / "pgiris/catalog/data"
FIRST_NORMAL_OID = 16384
TYPES = ("vector", "_vector", "halfvec", "_halfvec", "sparsevec", "_sparsevec")
VECTOR_OIDS = {("pg_type", name): number for number, name in enumerate(TYPES, start=16385)}
FIRST_OTHER_OID = 16394

# Empty in every new database, or telling of this one server only.
NOT_EXPORTED = ("pg_database", "pg_largeobject", "pg_largeobject_metadata", "pg_shdepend", "pg_shdescription", "pg_statistic")
IN_HEAP_ORDER = ("pg_opclass",)  # psql's \\dAf asks for no order

RELATIONS = """
    SELECT n.nspname, c.relname, c.relkind::text, c.oid::int8, a.attname, a.atttypid::int8, a.attnotnull,
           CASE WHEN t.typtype = 'd' THEN t.typbasetype::int8 ELSE t.oid::int8 END,
           CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
    JOIN pg_type t ON t.oid = a.atttypid
    WHERE n.nspname IN ('pg_catalog', 'information_schema') AND c.relkind IN ('r', 'v') AND a.attnum > 0
    ORDER BY n.nspname DESC, c.relname, a.attnum
"""
TEXTS = {
    "pgx_definition": """
        SELECT 1259 AS classid, oid::int8 AS objid, pg_get_viewdef(oid) AS text FROM pg_class WHERE relkind = 'v'
        UNION ALL SELECT 1259, indexrelid::int8, pg_get_indexdef(indexrelid) FROM pg_index
        UNION ALL SELECT 2606, oid::int8, pg_get_constraintdef(oid) FROM pg_constraint
        UNION ALL SELECT 2618, oid::int8, pg_get_ruledef(oid) FROM pg_rewrite ORDER BY 1, 2""",
    "pgx_routine": """
        SELECT oid::int8 AS oid, pg_get_function_arguments(oid) AS arguments,
               pg_get_function_identity_arguments(oid) AS identity_arguments, pg_get_function_result(oid) AS result
        FROM pg_proc ORDER BY 1""",
    "pgx_argument_default": """
        SELECT oid::int8 AS oid, place, pg_get_function_arg_default(oid, place) AS text
        FROM (SELECT oid, generate_series(1, pronargs) AS place FROM pg_proc WHERE pronargdefaults > 0) a
        WHERE pg_get_function_arg_default(oid, place) IS NOT NULL ORDER BY 1, 2""",
    "pgx_type_name": "SELECT oid::int8 AS oid, format_type(oid, NULL) AS name FROM pg_type ORDER BY 1",
}
TEXT_COLUMNS = {
    "pgx_definition": {"classid": "UINTEGER", "objid": "UINTEGER", "text": "VARCHAR"},
    "pgx_routine": {"oid": "UINTEGER", "arguments": "VARCHAR", "identity_arguments": "VARCHAR", "result": "VARCHAR"},
    "pgx_argument_default": {"oid": "UINTEGER", "place": "INTEGER", "text": "VARCHAR"},
    "pgx_type_name": {"oid": "UINTEGER", "name": "VARCHAR"},
}
# Internal trees, which only the server itself could read.
WITHOUT_TREE = {("pg_rewrite", "ev_action"): "''", ("pg_rewrite", "ev_qual"): "'<>'"}
EXPRESSIONS = {
    ("pg_attrdef", "adbin"): "pg_get_expr(adbin, adrelid)",
    ("pg_constraint", "conbin"): "pg_get_expr(conbin, 0)",
    ("pg_proc", "proargdefaults"): "pg_get_expr(proargdefaults, 0)",
}

OWNER = "_SYSTEM"  # the predefined user that owns IRIS's own things stands for the bootstrap superuser

Row = dict[str, Any]


def main() -> None:
    with psycopg.connect(sys.argv[1]) as connection:
        assert connection.info.server_version // 10000 == 16, connection.info.server_version
        relations = _relations(connection)
        _write_relations(relations)
        tables = {
            name: list(_rows(connection, schema, name, columns))
            for (schema, name), (kind, columns) in relations.items()
            if kind == "r" and name not in NOT_EXPORTED
        }
        tables |= {name: _dicts(connection, query) for name, query in TEXTS.items()}
    shapes = {name: {c.name: c.duckdb for c in columns} for (_, name), (_, columns) in relations.items()} | TEXT_COLUMNS
    oid_columns = {name: [c for c, type_ in shape.items() if type_.startswith("UINTEGER")] for name, shape in shapes.items()}
    _renumber(tables, oid_columns)
    for old in TARGET.glob("*.parquet"):
        old.unlink()
    for name, rows in tables.items():
        if rows:
            _write(name, shapes[name], rows)


def _relations(connection: psycopg.Connection) -> dict[tuple[str, str], tuple[str, list[CatalogColumn]]]:
    found: dict[tuple[str, str], tuple[str, list[CatalogColumn]]] = {}
    for schema, relation, kind, oid, column, declared, not_null, base, typmod in connection.execute(RELATIONS):
        _, columns = found.setdefault((schema, relation), (kind, []))
        columns.append(CatalogColumn(column, base, typmod, not_null, declared, duckdb_type(base)))
        OIDS[schema, relation] = oid
    return found


OIDS: dict[tuple[str, str], int] = {}


def _write_relations(relations: dict[tuple[str, str], tuple[str, list[CatalogColumn]]]) -> None:
    """One line per relation: schema, name, kind, OID, then name:oid:typmod:not null:declared of each column."""
    lines = []
    for (schema, name), (kind, columns) in relations.items():
        words = [f"{c.name}:{c.oid}:{c.typmod}:{int(c.not_null)}:{c.declared}" for c in columns]
        lines.append("\t".join([schema, name, kind, str(OIDS[schema, name]), *words]))
    TARGET.joinpath("relations.tsv").write_text("\n".join(lines) + "\n")


def _rows(connection: psycopg.Connection, schema: str, name: str, columns: list[CatalogColumn]) -> Iterator[Row]:
    words = ", ".join(f"{_value(name, c)} AS {c.name}" for c in columns)
    keys = ["ctid"] if name in IN_HEAP_ORDER else [c.name for c in columns if c.duckdb == "UINTEGER"][:3] or [columns[0].name]
    yield from _dicts(
        connection, f"SELECT {words} FROM {schema}.{name} ORDER BY {', '.join(f'{schema}.{name}.{k}' for k in keys)}"
    )


def _value(relation: str, column: CatalogColumn) -> str:
    name = column.name
    if (relation, name) in WITHOUT_TREE:
        return WITHOUT_TREE[relation, name]
    if (relation, name) in EXPRESSIONS:
        return EXPRESSIONS[relation, name]
    if column.duckdb == "UINTEGER":
        return f"{name}::text::int8" if column.oid == 28 else f"{name}::oid::int8"
    if column.duckdb == "UINTEGER[]":
        return f"{name}::oid[]::int8[]"
    if column.duckdb == "SMALLINT[]":
        return f"{name}::int2[]"
    if column.oid == 1034:  # aclitem[]: the bootstrap superuser has our name
        return f"replace({name}::text, 'postgres', '{OWNER}')::text[]"
    if column.duckdb == "VARCHAR[]":
        return f"{name}::text::text[]"
    if (relation, name) == ("pg_authid", "rolname"):
        return f"replace({name}::text, 'postgres', '{OWNER}')"
    return f"{name}::text" if column.duckdb == "VARCHAR" else name


def _dicts(connection: psycopg.Connection, query: str) -> list[Row]:
    return [json.loads(text) for (text,) in connection.execute(f"SELECT row_to_json(t)::text FROM ({query}) t")]


# pgvector's objects


def _renumber(tables: dict[str, list[Row]], oid_columns: dict[str, list[str]]) -> None:
    numbers = dict(VECTOR_OIDS)
    new: dict[int, int] = {}
    following = FIRST_OTHER_OID
    for name, rows in tables.items():
        for row in rows:
            if row.get("oid", 0) >= FIRST_NORMAL_OID and not name.startswith("pgx_"):
                known = numbers.get((name, row.get("typname", "")))
                new[row["oid"]] = known or following
                following += known is None
    for name, rows in tables.items():
        for row in rows:
            for column in oid_columns[name]:
                row[column] = _changed(row[column], new, f"{name}.{column}")


def _changed(value: Any, new: dict[int, int], where: str) -> Any:
    if isinstance(value, list):
        return [_changed(item, new, where) for item in value]
    if value is not None and value >= FIRST_NORMAL_OID and where.rpartition(".")[2] not in ("xmin", "relfrozenxid", "relminmxid"):
        return new[value]
    return value


def _write(name: str, shape: dict[str, str], rows: list[Row]) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        for row in rows:
            file.write(json.dumps(row) + "\n")
        file.flush()
        columns = ", ".join(f"'{column}': '{type_}'" for column, type_ in shape.items())
        duckdb.sql(
            f"COPY (SELECT * FROM read_json('{file.name}', format='newline_delimited', columns={{{columns}}}))"
            f" TO '{TARGET / name}.parquet' (FORMAT parquet, COMPRESSION zstd)"
        )


if __name__ == "__main__":
    main()
