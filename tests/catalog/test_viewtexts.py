"""View texts: IRIS's SQL stays what it is, on other lines."""

from __future__ import annotations

import pytest
import sqlglot

from pgiris.catalog.viewtexts import laid_out
from pgiris.sql.iris import IRIS

LAID_OUT = {
    "SELECT a.id, b.qty AS n FROM s.a AS a LEFT JOIN s.b AS x ON x.id = a.id, s.c WHERE a.id > 1 AND x.f = 1": None,
    "SELECT o.id, i.qty FROM sales.orders AS o JOIN sales.item AS i ON i.o = o.id": (
        "SELECT o.id,\n    i.qty\n   FROM sales.orders o\n     JOIN sales.item i ON i.o = o.id"
    ),
    "SELECT city, COUNT(*) AS n FROM s.people WHERE age > 17 GROUP BY city HAVING COUNT(*) > 2 ORDER BY city DESC": (
        "SELECT city,\n    COUNT(*) AS n\n   FROM s.people\n  WHERE age > 17\n  GROUP BY city\n HAVING COUNT(*) > 2\n"
        "  ORDER BY city DESC"
    ),
    "SELECT a.x FROM a FULL JOIN b ON a.x = b.x CROSS JOIN c": (
        "SELECT a.x\n   FROM a\n     FULL JOIN b ON a.x = b.x\n     CROSS JOIN c"
    ),
    "SELECT 1 AS one": "SELECT 1 AS one",
    "SELECT TOP 5 a FROM t": None,
    "SELECT DISTINCT a FROM t": None,
    "SELECT a FROM t UNION ALL SELECT b FROM u": None,
    "SELECT a FROM (SELECT b AS a FROM u) x": None,
    "WITH w AS (SELECT 1 AS a) SELECT a FROM w": None,
    "SELECT a /* why */ FROM t": None,
    "SELECT 'it''s  --  where' AS a FROM t": None,
    "SELECT 'where  from' AS a, \"Group By\" FROM t WHERE b = ' HAVING '": (
        "SELECT 'where  from' AS a,\n    \"Group By\"\n   FROM t\n  WHERE b = ' HAVING '"
    ),
    "no SQL at all (": None,
}


@pytest.mark.parametrize("query", LAID_OUT)
def test_a_plain_select_is_laid_out_as_postgres_does_and_any_other_stays(query: str) -> None:
    assert laid_out(query) == (LAID_OUT[query] or query)


@pytest.mark.parametrize("query", [query for query, made in LAID_OUT.items() if made])
def test_what_is_laid_out_means_the_same(query: str) -> None:
    assert sqlglot.parse_one(laid_out(query), dialect=IRIS) == sqlglot.parse_one(query, dialect=IRIS)
