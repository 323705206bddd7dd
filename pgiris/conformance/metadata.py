"""Metadata: result columns before a statement runs, and the schema."""

from __future__ import annotations

from pgiris.backend import metadata
from pgiris.backend.sizes import TableSize
from pgiris.conformance.check import SCHEMA, Disagreement, Ground, check, expect
from pgiris.errors import PgError
from pgiris.types import oids
from pgiris.types.iristypes import annotation, to_iris
from pgiris.types.relation import Relation
from pgiris.types.vector import halfvec_text

_EVERY = (
    "id INTEGER NOT NULL, b BIT, s SMALLINT, l BIGINT, n NUMERIC(10,2), d DOUBLE, t VARCHAR(50), dt DATE, tm TIME,"
    " ts TIMESTAMP, u UNIQUEIDENTIFIER, v VECTOR(FLOAT, 3), CONSTRAINT pgiris_key PRIMARY KEY (id)"
)
_TYPES = {
    "id": oids.INT4,
    "b": oids.BOOL,
    "s": oids.INT2,
    "l": oids.INT8,
    "n": oids.NUMERIC,
    "d": oids.FLOAT8,
    "t": oids.VARCHAR,
    "dt": oids.DATE,
    "tm": oids.TIME,
    "ts": oids.TIMESTAMP,
    "u": oids.UUID,
    "v": oids.VECTOR,
}


@check("preparing a query tells its columns and parameters without running it")
def prepare(ground: Ground) -> None:
    table = ground.table("a INTEGER, b VARCHAR(10), c NUMERIC(8,3), d DATE")
    described = ground.session.prepare(f"SELECT a, b, c, d, COUNT(*) AS n FROM {table} WHERE a = ? GROUP BY a, b, c, d")
    expect(described.parameter_count, 1, "parameters")
    columns = described.columns or ()
    expect([column.name.lower() for column in columns], ["a", "b", "c", "d", "n"], "names")
    text = (oids.TEXT, oids.VARCHAR)
    for column, wanted in zip(columns, ((oids.INT4,), text, (oids.NUMERIC,), (oids.DATE,), (oids.INT8, oids.INT4)), strict=True):
        if column.oid not in wanted:
            raise Disagreement(f"column {column.name} has type {column.oid}")


@check("preparing a change tells that it returns no rows, and changes nothing")
def prepare_change(ground: Ground) -> None:
    table = ground.table("a INTEGER")
    expect(ground.session.prepare(f"INSERT INTO {table} (a) VALUES (?)").columns, None)
    expect(ground.rows(f"SELECT COUNT(*) FROM {table}"), [(0,)])


@check("preparing a mistake raises its error")
def prepare_mistake(ground: Ground) -> None:
    try:
        ground.session.prepare(f"SELECT a FROM {SCHEMA}.nowhere")
    except Exception as error:
        expect(getattr(error, "code", ""), "42P01")
    else:
        raise Disagreement("no error")


def _relation(ground: Ground, table: str) -> Relation:
    schema, _, name = table.partition(".")
    found = ground.session.introspect().find(schema, name)
    if found is None:
        raise Disagreement(f"{table} is not in the schema")
    return found


@check("the schema tells tables, columns, types and keys")
def introspect(ground: Ground) -> None:
    relation = _relation(ground, ground.table(_EVERY))
    expect({column.name.lower(): column.oid for column in relation.columns}, _TYPES)
    expect([name.lower() for name in relation.primary_key], ["id"], "primary key")
    by_name = {column.name.lower(): column for column in relation.columns}
    expect(by_name["id"].not_null, True, "NOT NULL")
    expect(by_name["t"].typmod, 54, "typmod of VARCHAR(50)")
    expect(by_name["v"].typmod, 3, "dimensions of the vector")


@check("types that IRIS has not are told by the descriptions of their columns")
def noted(ground: Ground) -> None:
    halfvec, sparsevec = (f"{to_iris(oid, 3)} %DESCRIPTION '{annotation(oid, 3)}'" for oid in (oids.HALFVEC, oids.SPARSEVEC))
    table = ground.table(f"h {halfvec}, s {sparsevec}")
    found = {column.name.lower(): (column.oid, column.typmod) for column in _relation(ground, table).columns}
    expect(found, {"h": (oids.HALFVEC, 3), "s": (oids.SPARSEVEC, 3)})
    insert = f"INSERT INTO {table} (h, s) VALUES (TO_VECTOR(?, FLOAT), ?)"
    ground.count(insert, "0.0999755859,65504,-2", "{1:1.5}/3", oids=(oids.HALFVEC, oids.SPARSEVEC))
    ((half, sparse),) = ground.rows(f"SELECT h, s FROM {table}", shown=(oids.HALFVEC, oids.SPARSEVEC))
    expect((halfvec_text(half), sparse), (b"[0.099975586,65504,-2]", "{1:1.5}/3"))


@check("the version of the schema changes when a table does, and only then")
def version(ground: Ground) -> None:
    table = ground.table("a INTEGER")
    before = ground.session.schema_version()
    ground.count(f"INSERT INTO {table} (a) VALUES (1)")
    expect(ground.session.schema_version(), before, "after INSERT")
    ground.session.execute(f"ALTER TABLE {table} ADD COLUMN (b INTEGER)", ()).close()
    if ground.session.schema_version() == before:
        raise Disagreement("it is the same after ALTER TABLE")
    expect([column.name.lower() for column in _relation(ground, table).columns], ["a", "b"])


@check("the description for the catalog tells constraints and indexes")
def describe(ground: Ground) -> None:
    parent = ground.table("id INTEGER NOT NULL, CONSTRAINT pgiris_key PRIMARY KEY (id)")
    child = ground.table(f"id INTEGER, CONSTRAINT pgiris_link FOREIGN KEY (id) REFERENCES {parent} (id) ON DELETE CASCADE")
    ground.session.execute(f"CREATE INDEX pgiris_index ON {child} (id)", ()).close()
    changes = ground.session.describe(b"")
    found = {(r.schema.lower(), r.name.lower()): r for _, r in map(metadata.decode_relation, changes.relations)}
    schema, _, name = child.lower().partition(".")
    meta = found[schema, name]
    ((key),) = meta.foreign_keys
    expect(
        (key.name.lower(), key.columns, key.table.lower(), key.on_delete),
        ("pgiris_link", (1,), parent.lower().partition(".")[2], "CASCADE"),
    )
    expect([index.name.lower() for index in meta.indexes], ["pgiris_index"], "indexes")
    expect(ground.session.describe(changes.digests).relations, (), "a second description")


@check("the sizes of a table and its indexes are told and grow with its rows, or an error says that they are not told")
def sizes(ground: Ground) -> None:
    table = ground.table("id INTEGER NOT NULL, t VARCHAR(100), CONSTRAINT pgiris_key PRIMARY KEY (id)")
    ground.session.execute(f"CREATE INDEX pgiris_index ON {table} (t)", ()).close()
    try:
        before = _size(ground, table)
    except PgError:
        return
    ground.session.begin("read committed", False)
    ground.session.execute_many(f"INSERT INTO {table} (id, t) VALUES (?, ?)", [(n, f"{n:0100}") for n in range(2000)])
    ground.session.commit()
    after = _size(ground, table)
    expect({index.name.lower() for index in after.each} >= {"pgiris_key", "pgiris_index"}, True, "indexes by name")
    for less, more, of in ((before.data, after.data, "rows"), (before.indexes, after.indexes, "indexes")):
        if less is None or more is None or less >= more:
            raise Disagreement(f"{of} took {less} bytes, and {more} with 2000 rows")


def _size(ground: Ground, table: str) -> TableSize:
    for one in ground.session.sizes().tables:
        if f"{one.schema}.{one.name}".lower() == table.lower():
            return one
    raise Disagreement(f"{table} is not among the tables that are told")
