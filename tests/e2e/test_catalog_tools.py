"""Queries of the kind that tools browse a database with give PostgreSQL's columns and rows, OIDs aside, on the same tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import pq

from tests.catalog.test_against_postgres import SCHEMA
from tests.support import servers
from tests.support.servers import Server

QUERIES = (Path(__file__).parent / "catalog_tools.sql").read_text().split("\n\n")
FIRST_OWN_OID = 16384
_OID = re.compile(r"\b[1-9][0-9]{4,9}\b")
_OWNER = re.compile(r"\b(?:_SYSTEM|demo)\b")


@pytest.fixture(scope="module")
def shop() -> Iterator[Server]:
    with servers.pgiris() as server:
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            for statement in filter(str.strip, SCHEMA.split(";")):
                connection.execute(statement.encode())
        yield server


@pytest.fixture(scope="module")
def oracle(postgres: Server) -> Iterator[str]:
    """A connection string."""
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE tools")
    with psycopg.connect(postgres.dsn(dbname="tools"), autocommit=True) as connection:
        connection.execute(SCHEMA.encode())
    yield postgres.dsn(dbname="tools")
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute("DROP DATABASE tools")


def answer(dsn: str, query: str) -> tuple[list[tuple[str, object]], Counter[tuple[str | None, ...]]]:
    """Columns and rows."""
    with psycopg.connect(dsn) as connection:
        result = connection.pgconn.exec_(query.encode())
        assert result.status == pq.ExecStatus.TUPLES_OK, result.error_message.decode()
        columns = [((result.fname(n) or b"").decode(), _known(result.ftype(n))) for n in range(result.nfields)]
        rows = [tuple(_masked(result.get_value(row, n)) for n in range(result.nfields)) for row in range(result.ntuples)]
    return columns, Counter(rows)


def _known(oid: int) -> object:
    return oid if oid < FIRST_OWN_OID else "own"


def _masked(value: bytes | None) -> str | None:
    return None if value is None else _OWNER.sub("OWNER", _OID.sub("OID", value.decode()))


@pytest.mark.parametrize("query", QUERIES, ids=[re.sub(r"\W+", " ", query)[:60] for query in QUERIES])
def test_tools_find_what_they_find_in_postgres(query: str, shop: Server, oracle: str) -> None:
    columns, rows = answer(oracle, query)
    assert (columns, rows) == answer(shop.dsn(), query)
