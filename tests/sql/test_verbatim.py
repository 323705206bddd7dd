"""IRIS SQL that clients send as such: it goes to IRIS unchanged, and its parameters have the types that their places ask for."""

from __future__ import annotations

import pytest

from pgiris.sql.planner import Environment, Planner
from pgiris.types import oids
from pgiris.types.codec import Oid
from pgiris.types.relation import Relation, RelationColumn, Snapshot
from tests.sql.schema import ENVIRONMENT

# Statements of IRIS alone; what stands here is what IRIS gets.
UNCHANGED = [
    "SELECT TOP 3 a FROM t WHERE b %STARTSWITH 'x'",
    "SELECT a FROM t WHERE b %INLIST $LISTBUILD('x','y')",
    "SELECT a FROM t WHERE b %MATCHES 'x*' AND b %PATTERN '1L.E'",
    "SELECT a FROM t WHERE FOR SOME %ELEMENT(b) (%VALUE = 'x')",
    "SELECT a FROM t WHERE b [ 'x'",
    "SELECT %ID, %EXACT(b), $PIECE(b, ',', 1) FROM t",
    "SELECT {fn CONCAT(b, 'x')}, {d '2020-01-01'} FROM t",
    "SELECT DISTINCT BY (b) a FROM t",
    "SELECT CONVERT(VARCHAR(20), d, 101) FROM t",
    "SELECT DATENAME('dw', d), DATEDIFF('dd', d, CURRENT_DATE) FROM t",
    "SELECT a, LIST(b) FROM t GROUP BY a",
    "SELECT ISNULL(b, '-'), NVL(b, '-'), LCASE(b) FROM t",
    "SELECT i8->name FROM t",
    "SELECT i8->name->code AS c FROM t WHERE i8->name = 'x'",
    "INSERT OR UPDATE t (id, a) VALUES (1, 2)",
    "UPDATE %NOCHECK t SET a = 1 WHERE id = 1",
    "CALL p(1)",
    "TUNE TABLE t",
    "CREATE TABLE e (name VARCHAR(20), company Sample.Company)",
    "CREATE INDEX i ON TABLE t (f) AS HNSW(Distance='Cosine')",
    "CREATE BITMAP INDEX i ON TABLE t (a)",
]


@pytest.mark.parametrize("text", UNCHANGED)
def test_a_statement_of_iris_reaches_it_as_it_is(text: str) -> None:
    plan = Planner().plan(text, ENVIRONMENT).plan
    assert [step.sql for step in plan.steps] == [text]


PARAMETERS: list[tuple[str, list[Oid]]] = [
    ("SELECT TOP $1 a FROM t", [oids.INT8]),
    ("SELECT %ID FROM t WHERE %ID = $1 AND b = $2 AND n > $3", [oids.INT8, oids.TEXT, oids.NUMERIC]),
    ("SELECT TOP 1 a FROM t x WHERE x.d = $1 AND x.ts BETWEEN $2 AND $3", [oids.DATE, oids.TIMESTAMP, oids.TIMESTAMP]),
    ("SELECT TOP 1 a FROM t WHERE a IN ($1, $2) OR b IN ($3)", [oids.INT4, oids.INT4, oids.TEXT]),
    ("SELECT TOP 1 a + $1, f * $2, -$3 + s2 FROM t", [oids.INT4, oids.FLOAT8, oids.INT2]),
    ("SELECT TOP 1 u.name FROM t JOIN u ON t.id = u.t_id WHERE u.t_id = $1 AND ok = $2", [oids.INT4, oids.BOOL]),
    ("SELECT TOP 1 a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE t_id = $1 AND f > $2)", [oids.INT4, oids.FLOAT8]),
    ("SELECT TOP 1 a FROM t GROUP BY a HAVING COUNT(*) > $1 AND MAX(n) < $2", [oids.INT8, oids.NUMERIC]),
    ("SELECT $PIECE(b, $1, $2) FROM t WHERE $LENGTH(b) = $3", [oids.TEXT, oids.INT4, oids.INT4]),
    ("SELECT DATEADD('dd', $1, d), NVL(a, $2), CAST($3 AS INTEGER) FROM t", [oids.INT4, oids.INT4, oids.INT4]),
    ("SELECT TOP 1 CASE a WHEN $1 THEN f ELSE $2 END FROM t", [oids.INT4, oids.FLOAT8]),
    ("SELECT a FROM t WHERE b %STARTSWITH $1 AND b %INLIST $2", [oids.TEXT, oids.TEXT]),
    ("SELECT TOP 1 a FROM t WHERE VECTOR_COSINE(b, TO_VECTOR($1, DOUBLE)) > $2", [oids.TEXT, oids.FLOAT8]),
    ("INSERT OR UPDATE t (id, vc, f) VALUES ($1, $2, $3)", [oids.INT4, oids.TEXT, oids.FLOAT8]),
    ("INSERT INTO u VALUES ($1, $2, ISNULL($3, 'x'))", [oids.INT4, oids.INT4, oids.TEXT]),
    ("UPDATE %NOCHECK t SET a = $1, ts = $2 WHERE id = $3", [oids.INT4, oids.TIMESTAMP, oids.INT4]),
    ("SELECT TOP 1 $1, $1 FROM t WHERE a = $2", [oids.TEXT, oids.INT4]),
    ("SELECT TOP 1 x FROM nowhere WHERE x = $1", [oids.TEXT]),
    ("SELECT TOP 1 x FROM (SELECT a AS x FROM t) s WHERE x = $1", [oids.TEXT]),
]


@pytest.mark.parametrize(("text", "types"), PARAMETERS, ids=[text for text, _ in PARAMETERS])
def test_parameters_have_the_type_of_their_place(text: str, types: list[Oid]) -> None:
    assert list(Planner().plan(text, ENVIRONMENT).plan.parameters) == types


def test_a_declared_type_stands() -> None:
    assert Planner().plan("SELECT TOP $1 a FROM t WHERE a = $2", ENVIRONMENT, (Oid(0), oids.TEXT)).plan.parameters == (
        oids.INT8,
        oids.TEXT,
    )


def test_a_table_without_schema_is_the_default_schemas() -> None:
    tables = [Relation(schema, "x", (RelationColumn("n", oid, kind),)) for schema, oid, kind in
              (("Other", oids.DATE, "DATE"), ("SQLUser", oids.INT4, "INTEGER"))]  # fmt: skip
    environment = Environment(Snapshot("1", tuple(tables)), search_path=("Other",))
    planner = Planner()
    assert planner.plan("SELECT TOP 1 n FROM x WHERE n = $1", environment).plan.parameters == (oids.INT4,)
    assert planner.plan("SELECT TOP 1 n FROM Other.x WHERE n = $1", environment).plan.parameters == (oids.DATE,)
