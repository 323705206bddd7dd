from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from pgiris.catalog import fill


@pytest.fixture(scope="module")
def built() -> Iterator[duckdb.DuckDBPyConnection]:
    """A catalog with PostgreSQL's own rows only."""
    with duckdb.connect() as connection:
        fill.build(connection)
        yield connection
