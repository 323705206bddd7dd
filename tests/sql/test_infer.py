"""Parameter types, result columns and errors are PostgreSQL's own, which is asked by Parse and Describe."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.pq import ExecStatus

from pgiris.errors import PgError
from pgiris.sql.planner import Planner
from tests.sql.schema import ENVIRONMENT, TABLES, postgres_ddl
from tests.sql.statements import ERRORS, SAME, lines
from tests.support.servers import Server


@pytest.fixture(scope="module")
def oracle(postgres: Server) -> Iterator[psycopg.Connection]:
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        for table in TABLES:
            connection.execute(f"DROP TABLE IF EXISTS {table} CASCADE".encode())
        for statement in postgres_ddl():
            connection.execute(statement.encode())
        yield connection
        for table in TABLES:
            connection.execute(f"DROP TABLE {table} CASCADE".encode())


def described(oracle: psycopg.Connection, statement: str) -> tuple[list[int], list[tuple[str, int, int, str, int]]]:
    """PostgreSQL's parameter types, and name, type, typmod, table and attribute number of each column."""
    pq = oracle.pgconn
    result = pq.prepare(b"", statement.encode())
    if result.status == ExecStatus.FATAL_ERROR:
        raise PgError(
            (result.error_field(ord("C")) or b"").decode(),
            (result.error_field(ord("M")) or b"").decode(),
            position=int(place) if (place := result.error_field(ord("P"))) else None,
        )
    result = pq.describe_prepared(b"")
    relations = oracle.execute("SELECT oid, relname FROM pg_class WHERE relname = ANY(%s)", [list(TABLES)])
    tables = dict(relations.fetchall())
    columns = [
        (
            (result.fname(i) or b"").decode(),
            result.ftype(i),
            result.fmod(i),
            tables.get(result.ftable(i), ""),
            result.ftablecol(i),
        )
        for i in range(result.nfields)
    ]
    return [result.param_type(i) for i in range(result.nparams)], columns


def planned(statement: str) -> tuple[list[int], list[tuple[str, int, int, str, int]]]:
    plan = Planner().plan(statement, ENVIRONMENT).plan
    tables = {relation.oid: relation.name for relation in ENVIRONMENT.snapshot.relations}
    assert plan.columns is not None
    columns = [(c.name, c.oid, c.typmod, tables.get(c.relation, ""), c.attribute) for c in plan.columns]
    return list(plan.parameters), columns


@pytest.mark.parametrize("statement", lines(SAME))
def test_parameters_and_columns_are_those_of_postgresql(oracle: psycopg.Connection, statement: str) -> None:
    assert planned(statement) == described(oracle, statement)


@pytest.mark.parametrize("statement", lines(ERRORS))
def test_errors_are_those_of_postgresql(oracle: psycopg.Connection, statement: str) -> None:
    with pytest.raises(PgError) as expected:
        described(oracle, statement)
    with pytest.raises(PgError) as raised:
        planned(statement)
    assert (raised.value.code, raised.value.message) == (expected.value.code, expected.value.message)
    if raised.value.position is not None:
        assert raised.value.position == expected.value.position
