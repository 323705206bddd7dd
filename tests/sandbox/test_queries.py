"""SELECT in all its parts."""

from __future__ import annotations

from typing import Any

import pytest

from pgiris.backend.base import ListValue
from pgiris.backend.sandbox.session import SandboxSession
from pgiris.types import oids
from tests.sandbox.conftest import sqlcode


@pytest.fixture(autouse=True)
def shop(run: Any) -> None:
    run("CREATE TABLE item (id INTEGER PRIMARY KEY, name VARCHAR(20) COLLATE EXACT, price NUMERIC(10,2), kind INTEGER)")
    run("CREATE TABLE kind (id INTEGER PRIMARY KEY, label VARCHAR(20))")
    for id_, label in ((1, "fruit"), (2, "tool")):
        run("INSERT INTO kind (id, label) VALUES (?, ?)", id_, label)
    rows = ((1, "apple", "1.50", 1), (2, "pear", "10", 1), (3, "hammer", "9.99", 2), (4, "Void", None, None))
    for row in rows:
        run("INSERT INTO item (id, name, price, kind) VALUES (?, ?, ?, ?)", *row)


QUERIES: list[tuple[str, tuple[Any, ...], list[tuple[Any, ...]]]] = [
    ("SELECT id FROM item WHERE id = ?", (2,), [(2,)]),
    ("SELECT id FROM item WHERE id = '2'", (), [(2,)]),
    ("SELECT id FROM item WHERE id = 'two'", (), []),
    ("SELECT id FROM item WHERE id < 1.5", (), [(1,)]),
    ("SELECT id FROM item WHERE id < ?", ("1.5",), [(1,)]),
    ("SELECT id FROM item WHERE price > 9.99 ORDER BY id", (), [(2,)]),
    ("SELECT id FROM item WHERE price BETWEEN 1.5 AND ? ORDER BY id", ("9.990",), [(1,), (3,)]),
    ("SELECT id FROM item WHERE price = 10.00", (), [(2,)]),
    ("SELECT id FROM item WHERE price IN (1.5, 10) ORDER BY id", (), [(1,), (2,)]),
    ("SELECT id FROM item WHERE NOT (price > 5) ORDER BY id", (), [(1,)]),
    ("SELECT id FROM item WHERE kind IS NULL OR id = 1 ORDER BY 1", (), [(1,), (4,)]),
    ("SELECT price FROM item ORDER BY price", (), [(None,), ("1.5",), ("9.99",), ("10",)]),
    ("SELECT id FROM item ORDER BY price DESC", (), [(2,), (3,), (1,), (4,)]),
    ("SELECT id FROM item ORDER BY name", (), [(1,), (3,), (2,), (4,)]),
    ("SELECT id FROM item ORDER BY %EXACT(name)", (), [(4,), (1,), (3,), (2,)]),
    ("SELECT name AS n FROM item ORDER BY n DESC", (), [("Void",), ("pear",), ("hammer",), ("apple",)]),
    ("SELECT TOP 2 id FROM item ORDER BY id DESC", (), [(4,), (3,)]),
    ("SELECT TOP ? id FROM item ORDER BY id", (1,), [(1,)]),
    ("SELECT id FROM item ORDER BY id LIMIT 2 OFFSET 1", (), [(2,), (3,)]),
    ("SELECT id FROM item ORDER BY id LIMIT ? OFFSET ?", (1, 3), [(4,)]),
    ("SELECT id FROM item ORDER BY id OFFSET 2 ROWS FETCH NEXT 1 ROW ONLY", (), [(3,)]),
    ("SELECT id FROM item LIMIT -1", (), []),
    ("SELECT TOP 0 id FROM item", (), []),
    (
        "SELECT COUNT(*), COUNT(price), SUM(price), AVG(price), MIN(price), MAX(price) FROM item",
        (),
        [(4, 3, "21.49", "7.163333333333333333", "1.5", "10")],
    ),
    ("SELECT kind, SUM(price) FROM item GROUP BY kind HAVING COUNT(*) > 1", (), [(1, "11.5")]),
    ("SELECT COUNT(*) FROM item GROUP BY 1", (), [(4,)]),
    ("SELECT kind AS k, COUNT(*) FROM item WHERE kind IS NOT NULL GROUP BY k ORDER BY k", (), [(1, 2), (2, 1)]),
    ("SELECT LIST(name) FROM item WHERE id < 3", (), [("apple,pear",)]),
    ("SELECT COUNT(DISTINCT kind), SUM(DISTINCT kind) FROM item", (), [(2, 3)]),
    ("SELECT STDDEV_POP(id), VAR_POP(id) FROM item", (), [(1.118033988749895, 1.25)]),
    (
        "SELECT i.id, k.label FROM item i JOIN kind k ON k.id = i.kind WHERE i.price > 5 ORDER BY i.id",
        (),
        [(2, "fruit"), (3, "tool")],
    ),
    (
        "SELECT i.id, k.label FROM item i LEFT JOIN kind k ON k.id = i.kind WHERE i.id > 2 ORDER BY i.id",
        (),
        [(3, "tool"), (4, None)],
    ),
    (
        "SELECT i.id, k.id FROM item i FULL OUTER JOIN kind k ON k.id = i.id - 2 ORDER BY 1",
        (),
        [(1, None), (2, None), (3, 1), (4, 2)],
    ),
    ("SELECT COUNT(*) FROM item, kind", (), [(8,)]),
    ("SELECT COUNT(*) FROM item CROSS JOIN kind", (), [(8,)]),
    ("SELECT id FROM item JOIN kind USING (id) ORDER BY id", (), [(1,), (2,)]),
    ("SELECT * FROM kind a NATURAL JOIN kind b", (), [(1, "fruit"), (2, "tool")]),
    ("SELECT id FROM item WHERE kind IN (SELECT id FROM kind WHERE label = 'TOOL')", (), [(3,)]),
    (
        "SELECT id FROM item i WHERE EXISTS (SELECT 1 FROM kind k WHERE k.id = i.kind AND k.label LIKE 'F%') ORDER BY 1",
        (),
        [(1,), (2,)],
    ),
    ("SELECT id FROM item WHERE price >= ALL (SELECT price FROM item WHERE price IS NOT NULL)", (), [(2,)]),
    ("SELECT id FROM item WHERE id = SOME (SELECT id FROM kind) ORDER BY id", (), [(1,), (2,)]),
    ("SELECT id, (SELECT label FROM kind k WHERE k.id = i.kind) FROM item i WHERE id = 3", (), [(3, "tool")]),
    ("SELECT id FROM item WHERE id = (SELECT MAX(id) FROM item)", (), [(4,)]),
    ("SELECT q.n FROM (SELECT kind, COUNT(*) AS n FROM item GROUP BY kind) q WHERE q.kind = 1", (), [(2,)]),
    ("SELECT * FROM (SELECT TOP 1 id FROM item ORDER BY id DESC) q", (), [(4,)]),
    ("WITH cheap AS (SELECT id FROM item WHERE price < 5), also AS (SELECT id FROM cheap) SELECT * FROM also", (), [(1,)]),
    ("WITH a AS (SELECT 1 AS x), b AS (WITH a AS (SELECT 2 AS x) SELECT x FROM a) SELECT a.x, b.x FROM a, b", (), [(1, 2)]),
    ("SELECT 1 UNION SELECT 2 UNION SELECT 1 ORDER BY 1 DESC", (), [(2,), (1,)]),
    ("SELECT 1 UNION ALL SELECT 1", (), [(1,), (1,)]),
    ("SELECT id FROM item INTERSECT SELECT id FROM kind ORDER BY 1", (), [(1,), (2,)]),
    ("SELECT id FROM item EXCEPT SELECT id FROM kind ORDER BY 1", (), [(3,), (4,)]),
    ("SELECT 1 UNION ALL SELECT 2.5", (), [("1",), ("2.5",)]),
    ("SELECT id FROM item UNION ALL SELECT id FROM item ORDER BY id LIMIT 2", (), [(1,), (1,)]),
    ("SELECT id FROM kind UNION ALL SELECT id FROM kind LIMIT 1", (), [(1,), (2,), (1,)]),
    ("SELECT DISTINCT kind FROM item ORDER BY kind", (), [(None,), (1,), (2,)]),
    ("SELECT DISTINCT BY (kind) id FROM item ORDER BY id", (), [(1,), (3,), (4,)]),
    ("SELECT id, ROW_NUMBER() OVER (ORDER BY id DESC) FROM item ORDER BY id", (), [(1, 4), (2, 3), (3, 2), (4, 1)]),
    (
        "SELECT id, SUM(price) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM item ORDER BY id",
        (),
        [(1, "1.5"), (2, "11.5"), (3, "19.99"), (4, "9.99")],
    ),
    (
        "SELECT id, LAG(name, 1) OVER (ORDER BY id), RANK() OVER (PARTITION BY kind ORDER BY price) FROM item WHERE id < 3",
        (),
        [(1, None, 1), (2, "apple", 2)],
    ),
    (
        "SELECT CASE WHEN price > 5 THEN 'dear' WHEN price IS NULL THEN 'free' ELSE 'cheap' END FROM item ORDER BY id",
        (),
        [("cheap",), ("dear",), ("dear",), ("free",)],
    ),
    ("SELECT CASE kind WHEN 1 THEN 10 WHEN 2 THEN 2.5 END FROM item ORDER BY id", (), [("10",), ("10",), ("2.5",), (None,)]),
    ("SELECT id FROM item WHERE id %INLIST ? ORDER BY id", (ListValue((3, 1, 9)),), [(1,), (3,)]),
    ("SELECT id FROM item WHERE name %INLIST ?", (ListValue(("pear", "VOID")),), [(2,)]),
    ("SELECT id FROM item WHERE price %INLIST ?", (ListValue(("10.00",)),), [(2,)]),
    ("SELECT id FROM item WHERE id %INLIST ?", (None,), []),
    ("SELECT id FROM item WHERE id %INLIST ?", (ListValue(()),), []),
    ("SELECT id FROM item WHERE NOT (id %INLIST ?) ORDER BY id", (ListValue((1, 2)),), [(3,), (4,)]),
    ("SELECT %ID, id FROM item WHERE %ID = 2", (), [(2, 2)]),
    ("SELECT 1 WHERE 1 = 2", (), []),
    ("SELECT i.* FROM item i WHERE i.id = 1", (), [(1, "apple", "1.5", 1)]),
]


@pytest.mark.parametrize(("sql", "values", "rows"), QUERIES, ids=[sql for sql, _, _ in QUERIES])
def test_query(run: Any, sql: str, values: tuple[Any, ...], rows: list[tuple[Any, ...]]) -> None:
    assert run(sql, *values) == rows


REFUSALS = [
    ("SELECT nope FROM item", -29),
    ("SELECT i.id FROM item", -23),
    ("SELECT * FROM nowhere", -30),
    ("SELECT id FROM item a, item b", -27),
    ("SELECT id FROM item a, kind a", -20),
    ("SELECT id FROM item ORDER BY 2", -5),
    ("SELECT * FROM item ORDER BY 1", -22),
    ('SELECT 1 AS "a.b"', -1),
    ('SELECT 1 AS "*a"', -1),
    ('SELECT 1 AS "->"', -1),
    ('SELECT 1 AS "%vid"', -1),
    ("SELECT 1e400", -7),
    ("SELECT id FROM item UNION SELECT id FROM kind ORDER BY name", -6),
    ("SELECT id, name FROM item UNION SELECT id FROM kind", -9),
    ("SELECT id FROM item WHERE COUNT(*) > 1", -19),
    ("SELECT id FROM item WHERE LIST(name) = 'x'", -19),
    ("SELECT COUNT(*) AS c FROM item GROUP BY c", -19),
    ("SELECT (SELECT id, label FROM kind) FROM item", -10),
    ("SELECT nosuch(id) FROM item", -359),
    ("SELECT SLEEP(1)", -359),
    ("SELECT id AS x FROM item WHERE x = 1", -29),
    ("SELECT id FROM item WHERE price = {d '2020-01-01'}", -378),
    ("SELECT id FROM item WHERE id = CAST('2020-01-01' AS DATE)", -378),
    ("SELECT COALESCE(id, CURRENT_DATE) FROM item", -378),
    ("SELECT id FROM item WHERE CURRENT_DATE = CURRENT_TIMESTAMP", -483),
]


@pytest.mark.parametrize(("sql", "code"), REFUSALS, ids=[sql for sql, _ in REFUSALS])
def test_a_refused_query_has_its_sqlcode(failure: Any, sql: str, code: int) -> None:
    assert sqlcode(failure(sql)) == code


def test_preparing_tells_the_columns_without_running(session: SandboxSession) -> None:
    described = session.prepare(
        "SELECT id, name AS n, price, COUNT(*), id + 1, ?, 'x', SUM(price) OVER (ORDER BY id) FROM item GROUP BY id"
    )
    assert described.parameter_count == 1
    assert described.columns is not None
    names = [column.name for column in described.columns]
    assert names == ["id", "n", "price", "Aggregate_4", "Expression_5", "HostVar_6", "HostVar_7", "Window_8"]
    types = [column.oid for column in described.columns]
    assert types == [oids.INT4, oids.VARCHAR, oids.NUMERIC, oids.INT8, oids.INT8, oids.TEXT, oids.TEXT, oids.NUMERIC]
    relation = session.introspect().find("SQLUser", "item")
    assert relation is not None
    assert [(c.relation, c.attribute) for c in described.columns[:4]] == [
        (relation.oid, 1),
        (relation.oid, 2),
        (relation.oid, 3),
        (0, 0),
    ]
    assert described.columns[2].typmod == ((10 << 16) | 2) + 4


def test_a_column_remembers_its_postgresql_type_by_its_description(session: SandboxSession, run: Any) -> None:
    run(
        "CREATE TABLE j (a TIMESTAMP %DESCRIPTION 'pgiris:timestamp with time zone', b VARCHAR(4096) %DESCRIPTION 'pgiris:jsonb')"
    )
    described = session.prepare("SELECT a, b, MAX(a) FROM j")
    assert described.columns is not None
    assert [column.oid for column in described.columns] == [oids.TIMESTAMPTZ, oids.JSONB, oids.TIMESTAMPTZ]


def test_a_statement_that_returns_no_rows_has_no_columns(session: SandboxSession) -> None:
    assert session.prepare("DELETE FROM item").columns is None


def test_a_column_of_a_subquery_has_the_name_that_the_subquery_gives(session: SandboxSession) -> None:
    described = session.prepare("SELECT a, q.b FROM (SELECT id AS a, name AS b FROM item) q")
    assert described.columns is not None
    assert [column.name for column in described.columns] == ["a", "b"]


def test_a_wrong_number_of_parameters_is_refused(failure: Any) -> None:
    assert sqlcode(failure("SELECT id FROM item WHERE id = ?")) == -466


def test_explain_gives_one_row_of_xml(run: Any) -> None:
    ((plan,),) = run("EXPLAIN SELECT id FROM item WHERE id = 1")
    assert plan.startswith("<plans><plan><sql>SELECT id FROM item WHERE id = 1</sql>")
    assert "SEARCH" in plan


def test_a_primary_key_look_up_uses_its_index(run: Any) -> None:
    for condition in ("id = ?", "id = 5", "id IN (1, 2)", "id = '5'"):
        ((plan,),) = run(f"EXPLAIN SELECT name FROM item WHERE {condition}")
        assert "USING INDEX" in plan, condition


def test_a_string_key_look_up_uses_its_index_in_every_collation(run: Any) -> None:
    for collation in ("EXACT", "SQLUPPER", "SQLSTRING"):
        run(f"CREATE TABLE k_{collation} (a VARCHAR(20) COLLATE {collation} PRIMARY KEY)")
        ((plan,),) = run(f"EXPLAIN SELECT a FROM k_{collation} WHERE a = ?")
        assert "USING" in plan and "SEARCH" in plan, collation


def test_a_numeric_key_look_up_uses_its_index(run: Any) -> None:
    run("CREATE TABLE m (a NUMERIC(10,2) PRIMARY KEY)")
    for condition in ("a = ?", "a = 1.50", "a > 1", "a IN (1, 2.5)", "a BETWEEN 1 AND 2"):
        ((plan,),) = run(f"EXPLAIN SELECT a FROM m WHERE {condition}")
        assert "SEARCH" in plan and "INDEX" in plan, condition


def test_literals_are_compared_by_value(run: Any) -> None:
    assert run("SELECT CASE WHEN 1.5 < 10.25 THEN 1 ELSE 0 END, CASE WHEN 9.5 > ? THEN 1 ELSE 0 END", "10.5") == [(1, 0)]


def test_long_statements_are_as_good_as_short_ones(run: Any, count: Any) -> None:
    run("CREATE TABLE long (a INTEGER, b VARCHAR(10))")
    assert count("INSERT INTO long (a, b) " + " UNION ALL ".join(["SELECT ?, ?"] * 1200), *[5, "x"] * 1200) == 1200
    assert run("SELECT COUNT(*) FROM long WHERE " + " OR ".join(f"a = {n}" for n in range(1500))) == [(1200,)]
    assert run("SELECT COUNT(*) FROM long WHERE " + " AND ".join(f"a <> {n}" for n in range(10, 1500))) == [(1200,)]
    assert run(f"SELECT COUNT(*) FROM long WHERE a IN ({', '.join('?' * 3000)})", *range(3000)) == [(1200,)]
    assert run("SELECT 'a'" + " || 'b'" * 1500) == [("a" + "b" * 1500,)]


def test_a_statement_nested_too_deeply_is_refused(failure: Any) -> None:
    assert failure("SELECT " + "(" * 3000 + "1" + ")" * 3000).code == "54001"
    assert failure("SELECT " + ", ".join(["1"] * 2500)).code == "54011"
