from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import duckdb
import pytest

from pgiris.catalog import fill
from pgiris.catalog.facts import Facts
from pgiris.catalog.session import register


def with_functions(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """The connection, which knows what the catalog's views call."""
    register(connection, lambda function: partial(function, Facts(connection)))
    return connection


@pytest.fixture(scope="module")
def built() -> Iterator[duckdb.DuckDBPyConnection]:
    """A catalog with PostgreSQL's own rows only."""
    with with_functions(duckdb.connect()) as connection:
        fill.build(connection)
        yield connection
