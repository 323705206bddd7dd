"""The tables of these tests: on PostgreSQL by DDL, for the planner as a snapshot."""

from __future__ import annotations

from pgiris.sql.planner import Environment
from pgiris.types import oids
from pgiris.types.iristypes import to_iris
from pgiris.types.relation import CheckPart, Relation, RelationColumn, Snapshot
from pgiris.types.table import parse_type

# table -> column -> type; "!" is NOT NULL, "#" an identity column.
TABLES = {
    "t": {
        "id": "int4 !#",
        "a": "int4",
        "s2": "int2",
        "i8": "int8",
        "n": "numeric(10,2)",
        "f": "float8",
        "r": "float4",
        "b": "text",
        "vc": "varchar(10)",
        "ok": "bool",
        "d": "date",
        "tm": "time",
        "ts": "timestamp",
        "tz": "timestamptz",
        "u": "uuid",
        "j": "jsonb",
        "by": "bytea",
    },
    "u": {"id": "int4 !#", "t_id": "int4", "name": "varchar(20) !"},
    "accounts": {"aid": "int4 !", "bid": "int4", "abalance": "int4", "filler": "varchar(84)"},
}
KEYS = {"t": "id", "u": "id", "accounts": "aid"}


def postgres_ddl() -> list[str]:
    """For a new schema at the head of search_path."""
    statements = []
    for table, columns in TABLES.items():
        parts = []
        for name, words in columns.items():
            kind, _, flags = words.partition(" ")
            parts.append(f"{name} {kind}{' NOT NULL' if '!' in flags else ''}")
        parts.append(f"PRIMARY KEY ({KEYS[table]})")
        statements.append(f"CREATE TABLE {table} ({', '.join(parts)})")
    return statements


def relation(table: str) -> Relation:
    columns = []
    for name, words in TABLES[table].items():
        kind, _, flags = words.partition(" ")
        oid, typmod = parse_type(kind)
        iris = to_iris(oid, typmod)
        collation = "EXACT" if iris.startswith("VARCHAR") else ""
        columns.append(RelationColumn(name, oid, iris, typmod, "!" in flags, None, "serial" if "#" in flags else "", collation))
    key = (KEYS[table],)
    return Relation("SQLUser", table, tuple(columns), primary_key=key, key_names=((f"{table}_pkey", key),))


VECTORS = Relation(
    "SQLUser",
    "items",
    (
        RelationColumn("id", oids.INT4, "INTEGER", not_null=True, identity="serial"),
        RelationColumn("embedding", oids.VECTOR, "VECTOR(FLOAT,3)", 3),
        RelationColumn("precise", oids.VECTOR, "VECTOR(DOUBLE,3)", 3),
        RelationColumn("half", oids.HALFVEC, "VECTOR(FLOAT,3)", 3),
        RelationColumn("sparse", oids.SPARSEVEC, to_iris(oids.SPARSEVEC, 5), 5),
    ),
    primary_key=("id",),
)
# A table that IRIS made for itself: strings compare without case.
NATIVE = Relation(
    "Sample",
    "Person",
    (
        RelationColumn("ID", oids.INT8, "BIGINT", not_null=True, identity="serial"),
        RelationColumn("Name", oids.VARCHAR, "VARCHAR(50)", 54, collation="SQLUPPER"),
        RelationColumn("DOB", oids.DATE, "DATE"),
    ),
)
ELSEWHERE = Relation("other", "t", (RelationColumn("id", oids.INT4, "INTEGER"), RelationColumn("a", oids.INT4, "INTEGER")))
VIEW = Relation("SQLUser", "v", (RelationColumn("a", oids.INT4, "INTEGER"),), kind="view")
# A table with CHECK constraints, which pgiris guards, and a view of it.
GUARDED = Relation(
    "SQLUser",
    "stock",
    (
        RelationColumn("id", oids.INT4, "INTEGER", not_null=True),
        RelationColumn("n", oids.INT4, "INTEGER"),
        RelationColumn("code", oids.VARCHAR, "VARCHAR(10)", 14, collation="EXACT"),
        RelationColumn("note", oids.VARCHAR, "VARCHAR(10)", 14, collation="EXACT"),
    ),
    primary_key=("id",),
    checks=(
        CheckPart("capitals", ("code",), "code ~ '^[A-Z]+$'"),
        CheckPart("stock_check", ("n", "id"), "n < id"),
        CheckPart("stock_n_check", ("n",), "n > 0 OR n IS NULL"),
    ),
)
VIEW_OF_GUARDED = Relation("SQLUser", "shelf", GUARDED.columns, kind="view", definition="SELECT id, n FROM SQLUser.stock")
CHECKED = Environment(Snapshot("2", (relation("u"), GUARDED, VIEW_OF_GUARDED), noted=True))
ENVIRONMENT = Environment(Snapshot("1", (*map(relation, TABLES), VECTORS, NATIVE, ELSEWHERE, VIEW)))
