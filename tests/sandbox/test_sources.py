"""What stands in FROM: JSON_TABLE, LATERAL, ODBC's outer join; and FOR SOME."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.sandbox.conftest import sqlcode

DOCUMENT = json.dumps({"teams": [{"name": "A", "size": 3, "tags": ["x", "y"]}, {"name": "B", "ok": True}, {"name": None}]})


@pytest.fixture
def shop(run: Any) -> None:
    run("CREATE TABLE orders (id INTEGER PRIMARY KEY, customer VARCHAR(10), lines VARCHAR(1000))")
    run("CREATE TABLE items (orderid INTEGER, price NUMERIC(10,2))")
    run("INSERT INTO orders VALUES (1, 'ann', ?)", '[{"sku":"a","n":2},{"sku":"b","n":1}]')
    run("INSERT INTO orders VALUES (2, 'bob', ?)", "[]")
    for order, price in ((1, "5"), (1, "7.5"), (1, "1"), (2, "3")):
        run("INSERT INTO items VALUES (?, ?)", order, price)


JSON_TABLES: list[tuple[str, list[tuple[Any, ...]]]] = [
    ("(?, '$.teams' COLUMNS (a VARCHAR(10) PATH '$.name', b INTEGER PATH '$.size'))", [("A", 3), ("B", None), (None, None)]),
    ("(?, '$.teams[0]' COLUMNS (a VARCHAR(10) PATH '$.tags[1]', b VARCHAR(20) PATH '$.tags'))", [("y", '["x", "y"]')]),
    ("(?, '$.teams[*]' COLUMNS (a FOR ORDINALITY, b BIT PATH '$.ok'))", [(1, None), (2, 1), (3, None)]),
    ("(?, '$.teams[1 to last]' COLUMNS (name VARCHAR(5), b INTEGER PATH '$.x'))", [("B", None), (None, None)]),
    ("(?, '$.teams[*]?(@.size > 2 || exists(@.ok))' COLUMNS (a VARCHAR(9) PATH '$.name'))", [("A",), ("B",)]),
    ("(?, '$.teams[*]?(@.name starts with \"B\" && !(@.ok == false))' COLUMNS (a VARCHAR(9) PATH '$.name'))", [("B",)]),
    ("(?, '$.teams[*]?(@.size != 3)' COLUMNS (a VARCHAR(9) PATH '$.name'))", []),
    (
        "(?, '$.teams[0]' COLUMNS (a VARCHAR(9) PATH '$.tags[*]?(@ > \"x\")', b VARCHAR(9) PATH '$.tags?(@ == \"x\")'))",
        [("y", None)],
    ),
    (
        "(?, '$.teams[last, 0]' COLUMNS (a VARCHAR(9) PATH '$.name', b VARCHAR(50) PATH '$.*'))",
        [(None, "[null]"), ("A", '["A", 3, ["x", "y"]]')],
    ),
    ("(?, '$.none' COLUMNS (a INTEGER PATH '$.a', b INTEGER PATH '$.b'))", []),
]


@pytest.mark.parametrize(("call", "rows"), JSON_TABLES, ids=[call for call, _ in JSON_TABLES])
def test_json_table_gives_a_row_for_each_item(run: Any, call: str, rows: list[tuple[Any, ...]]) -> None:
    assert run(f"SELECT * FROM JSON_TABLE{call} AS j", DOCUMENT) == rows


def test_json_table_reads_a_column_of_a_table_before_it(run: Any, shop: None) -> None:
    rows = run(
        "SELECT o.customer, j.sku, j.n FROM orders o, JSON_TABLE(o.lines, '$' COLUMNS (sku VARCHAR(5) PATH '$.sku', n INTEGER"
        " PATH '$.n')) AS j WHERE j.n > 1"
    )
    assert rows == [("ann", "a", 2)]


def test_json_table_keeps_rows_without_items_in_an_outer_join(run: Any, shop: None) -> None:
    rows = run("SELECT o.id, j.s FROM orders o LEFT JOIN JSON_TABLE(o.lines, '$' COLUMNS (s VARCHAR(5) PATH '$.sku')) j ON 1 = 1")
    assert rows == [(1, "a"), (1, "b"), (2, None)]


@pytest.mark.parametrize("document", ["", "{", "nonsense"])
def test_json_table_of_what_is_no_json_fails(failure: Any, document: str) -> None:
    assert sqlcode(failure("SELECT a FROM JSON_TABLE(?, '$' COLUMNS (a INTEGER PATH '$.a')) j", document)) == -400


@pytest.mark.parametrize("path", ["$.", "a", "$[-1]", "$[a]", '$["a"]', "$[$.n]", "$?(@)", "@.a"])
def test_json_table_fails_on_what_is_no_path(failure: Any, path: str) -> None:
    for call in (f"(?, '{path}' COLUMNS (a INTEGER PATH '$'))", f"(?, '$' COLUMNS (a INTEGER PATH '{path}'))"):
        assert sqlcode(failure(f"SELECT * FROM JSON_TABLE{call} j", DOCUMENT)) == -400


def test_json_table_refuses_what_the_sandbox_lacks(failure: Any) -> None:
    for call in (
        "('[]', '$[*]?(@ like_regex \"a\")' COLUMNS (a INTEGER PATH '$'))",
        "('[]', '$[*].size()' COLUMNS (a INTEGER PATH '$'))",
        "('[]', '$' COLUMNS (NESTED PATH '$.a' COLUMNS (b INTEGER PATH '$.b')))",
        "(docs FORMAT COLLECTION, '$' COLUMNS (a INTEGER PATH '$.a'))",
    ):
        assert failure(f"SELECT * FROM JSON_TABLE{call} j").code == "0A000"


LATERALS: list[tuple[str, tuple[Any, ...], list[tuple[Any, ...]]]] = [
    (
        "SELECT o.id, x.price FROM orders o, LATERAL (SELECT TOP 2 price FROM items i WHERE i.orderid = o.id ORDER BY price DESC)"
        " AS x ORDER BY o.id, x.price",
        (),
        [(1, "5"), (1, "7.5"), (2, "3")],
    ),
    (
        "SELECT o.id, x.n FROM orders o JOIN LATERAL (SELECT COUNT(*) AS n FROM items i WHERE i.orderid = o.id AND i.price > ?) x"
        " ON x.n > ? ORDER BY o.id",
        ("2", 1),
        [(1, 2)],
    ),
    (
        "SELECT o.id, x.price FROM orders o LEFT JOIN LATERAL (SELECT price FROM items i WHERE i.orderid = o.id AND price > 4) x"
        " ON 1 = 1 ORDER BY o.id, x.price",
        (),
        [(1, "5"), (1, "7.5"), (2, None)],
    ),
    (
        "SELECT o.id, y.s FROM orders o, LATERAL (SELECT o.id + 1 AS m) x, LATERAL (SELECT x.m || o.customer AS s) y ORDER BY 1",
        (),
        [(1, "2ann"), (2, "3bob")],
    ),
]


@pytest.mark.parametrize(("sql", "values", "rows"), LATERALS, ids=[sql[:60] for sql, *_ in LATERALS])
def test_a_lateral_subquery_sees_the_tables_before_it(
    run: Any, shop: None, sql: str, values: tuple[Any, ...], rows: list[tuple[Any, ...]]
) -> None:
    assert run(sql, *values) == rows


def test_without_lateral_a_subquery_sees_no_other_table(failure: Any, shop: None) -> None:
    assert sqlcode(failure("SELECT * FROM orders o, (SELECT price FROM items WHERE orderid = o.id) x")) == -23


def test_odbc_outer_joins_are_joins(run: Any, shop: None) -> None:
    rows = run(
        "SELECT o.id, i.price FROM {oj orders o LEFT OUTER JOIN items i ON i.orderid = o.id AND i.price > 6} ORDER BY o.id"
    )
    assert rows == [(1, "7.5"), (2, None)]


def test_for_some_asks_whether_there_is_a_row(run: Any, shop: None) -> None:
    sql = "SELECT id FROM orders o WHERE FOR SOME (items AS i) (i.orderid = o.id AND i.price > 6)"
    assert run(sql) == [(1,)]
    assert run(sql.replace("FOR SOME", "NOT FOR SOME")) == [(2,)]


def test_arrow_syntax_is_for_references_of_classes(failure: Any, shop: None) -> None:
    assert sqlcode(failure("SELECT orderid->customer FROM items")) == -1
    assert sqlcode(failure("SELECT 1 FROM items JOIN orders ON orderid->customer = 'x'")) == -67


def test_there_are_no_table_valued_procedures(failure: Any) -> None:
    assert sqlcode(failure("SELECT * FROM shop.by_name('A')")) == -428
