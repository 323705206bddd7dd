from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from tests.support.servers import Server
from tests.types.oracle import Oracle


@pytest.fixture
def oracle(postgres: Server) -> Iterator[Oracle]:
    """A session of PostgreSQL 15 with default settings in UTC; skips when PostgreSQL is not installed."""
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        oracle = Oracle(connection)
        oracle.set(TimeZone="UTC")
        yield oracle
