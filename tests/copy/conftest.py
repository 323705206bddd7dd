"""PostgreSQL's own COPY, with one connection for all tests here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.copy.streams import Oracle
from tests.support.servers import Server


@pytest.fixture(scope="module")
def oracle(postgres: Server) -> Iterator[Oracle]:
    found = Oracle(postgres)
    yield found
    found.close()
