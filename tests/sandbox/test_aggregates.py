"""Aggregates beside fields, of parts of the rows, of distinct values; HAVING without GROUP BY."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.conftest import sqlcode

PEOPLE = [(1, "Ann", "MA", 20), (2, "Bob", "MA", 30), (3, "Cid", "NY", 40), (4, "dan", "ny", 50), (5, "Eve", "VT", None)]


@pytest.fixture
def people(run: Any) -> None:
    run("CREATE TABLE p (id INTEGER, name VARCHAR(20), state VARCHAR(2), age INTEGER)")
    for row in PEOPLE:
        run("INSERT INTO p (id, name, state, age) VALUES (?, ?, ?, ?)", *row)


QUERIES: list[tuple[str, list[tuple[Any, ...]]]] = [
    ("SELECT COUNT(*) FROM p", [(5,)]),
    ("SELECT id, COUNT(*), MAX(age) FROM p WHERE id < 3 ORDER BY id", [(1, 2, 30), (2, 2, 30)]),
    ("SELECT id, age - AVG(age) AS off FROM p WHERE id < 3 ORDER BY off", [(1, "-5"), (2, "5")]),
    ("SELECT id, COUNT(name %FOREACH(state)) FROM p ORDER BY id", [(1, 2), (2, 2), (3, 2), (4, 2), (5, 1)]),
    ("SELECT id FROM p HAVING age > AVG(age) ORDER BY id", [(3,), (4,)]),
    ("SELECT id, COUNT(*) FROM p HAVING age > 25 ORDER BY id DESC", [(4, 5), (3, 5), (2, 5)]),
    ("SELECT id, COUNT(name), COUNT(name %AFTERHAVING) FROM p HAVING age > 25 ORDER BY id", [(2, 5, 3), (3, 5, 3), (4, 5, 3)]),
    (
        "SELECT id, LIST(age %FOREACH(state) %AFTERHAVING) FROM p HAVING age > 25 ORDER BY id",
        [(2, "30"), (3, "40,50"), (4, "40,50")],
    ),
    ("SELECT TOP 2 name, COUNT(*) FROM p HAVING age > 15 ORDER BY id", [("Ann", 5), ("Bob", 5)]),
    ("SELECT DISTINCT state, COUNT(age %FOREACH(state)) FROM p WHERE age < 35", [("MA", 2)]),
    ("SELECT COUNT(DISTINCT state) FROM p", [(3,)]),
    ("SELECT id, COUNT(DISTINCT state) FROM p WHERE id = 1", [(1, 1)]),
    ("SELECT COUNT(DISTINCT BY(state) id), LIST(DISTINCT BY(state) name) FROM p", [(3, "Ann,Cid,Eve")]),
    ("SELECT SUM(DISTINCT BY(state) age) FROM p", [(60,)]),
    ("SELECT id, COUNT(DISTINCT state %FOREACH(age)) FROM p WHERE id < 3 ORDER BY id", [(1, 1), (2, 1)]),
    ("SELECT $LISTTOSTRING(%DLIST(name)) FROM p WHERE id < 3", [("Ann,Bob",)]),
    ("SELECT state, COUNT(*) AS n FROM p GROUP BY state HAVING COUNT(*) > 1 ORDER BY n, state", [("MA", 2), ("NY", 2)]),
    ("SELECT COUNT(*) FROM p HAVING COUNT(*) > 9", []),
    ("SELECT (SELECT COUNT(*) FROM p) AS n, id FROM p WHERE id = 1", [(5, 1)]),
]


@pytest.mark.parametrize(("sql", "rows"), QUERIES, ids=lambda v: str(v)[:70])
def test_query(run: Any, people: None, sql: str, rows: list[tuple[Any, ...]]) -> None:
    assert run(sql) == rows


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("SELECT id FROM p WHERE COUNT(*) > 1", -19),
        ("SELECT state FROM p GROUP BY state ORDER BY COUNT(*)", -73),
        ("SELECT p.id FROM p JOIN p AS q ON COUNT(*) = 1", -19),
        ("SELECT id FROM p GROUP BY MAX(age)", -19),
    ],
)
def test_an_aggregate_in_the_wrong_place_has_its_sqlcode(failure: Any, people: None, sql: str, code: int) -> None:
    assert sqlcode(failure(sql)) == code


def test_what_iris_does_not_tell_is_refused(failure: Any, people: None) -> None:
    assert failure("SELECT COUNT(*) FROM p HAVING age > 3").code == "0A000"
    assert failure("SELECT state, COUNT(name %FOREACH(age)) FROM p GROUP BY state").code == "0A000"
