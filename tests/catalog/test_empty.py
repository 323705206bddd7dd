"""Relations without rows: that they have none, and what queries of them give."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pgiris.catalog.compile import Catalog as CatalogPlanner
from pgiris.catalog.empty import EMPTY
from pgiris.sql.planner import Environment, Planner
from pgiris.types.relation import Snapshot
from tests.catalog.test_store import SCHEMA, Catalog

EMPTY_QUERIES = (
    "SELECT polname FROM pg_policy",
    "SELECT relname FROM pg_class, pg_inherits WHERE oid = inhrelid",
    "SELECT relname FROM pg_class JOIN pg_foreign_table ON ftrelid = oid LEFT JOIN pg_type ON true",
    "SELECT relname FROM pg_class RIGHT JOIN pg_policy ON polrelid = pg_class.oid",
    "SELECT relname FROM pg_class CROSS JOIN (pg_type JOIN pg_policy ON polrelid = pg_type.oid)",
    "SELECT (SELECT count(*) FROM pg_class WHERE oid = polrelid) FROM pg_policy ORDER BY 1",
)
OTHER_QUERIES = (
    "SELECT count(*) FROM pg_policy",
    "SELECT relname FROM pg_class LEFT JOIN pg_inherits ON oid = inhrelid",
    "SELECT relname FROM pg_policy RIGHT JOIN pg_class ON polrelid = pg_class.oid",
    "SELECT relname FROM pg_class FULL JOIN pg_policy ON polrelid = pg_class.oid",
    "SELECT relname FROM pg_class WHERE oid NOT IN (SELECT inhrelid FROM pg_inherits)",
    "SELECT polname FROM pg_policy UNION ALL SELECT relname FROM pg_class",
    "SELECT polname, count(*) FROM pg_policy GROUP BY GROUPING SETS ((polname), ())",
    "SELECT max(polname) FROM pg_policy HAVING count(*) IS NOT NULL",
)


def test_relations_that_are_said_to_be_empty_have_no_rows(built: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    catalog = Catalog(tmp_path)
    catalog.script(SCHEMA)
    assert {"pg_policy", "pg_inherits", "pg_publication"} <= EMPTY
    for connection in (built, catalog.connection):
        for name in EMPTY:
            assert connection.execute(f"SELECT 1 FROM pgc.{name}").fetchall() == []
    catalog.connection.close()


def planned(query: str) -> str:
    plan = Planner(CatalogPlanner()).plan(query, Environment(Snapshot())).plan
    return plan.steps[-1].sql


@pytest.mark.parametrize("query", EMPTY_QUERIES)
def test_queries_that_can_have_no_row_read_nothing(query: str, built: duckdb.DuckDBPyConnection) -> None:
    sql = planned(query)
    assert "FROM" not in sql
    assert built.execute(sql).fetchall() == []


@pytest.mark.parametrize("query", OTHER_QUERIES)
def test_queries_that_have_rows_without_an_empty_relation_read_it(query: str, built: duckdb.DuckDBPyConnection) -> None:
    assert built.execute(planned(query)).fetchall()
