"""What recorded clients send, described and run: as on PostgreSQL, or refused."""

from __future__ import annotations

import re
from collections.abc import Iterator

import psycopg
import pytest

from tests.oracle import recorded
from tests.oracle.compare import comparable, shown
from tests.oracle.recorded import Recorded
from tests.support import servers
from tests.support.servers import Server
from tests.support.wire import SYNC, Wire, describe, parse, query

pytestmark = pytest.mark.skipif(not recorded.FOLDER.is_dir(), reason=f"there are no recordings in {recorded.FOLDER}")

REFUSED = "E 0A000"
# Digest of a statement -> why pgiris answers otherwise.
UNLIKE = {
    "b9d1ced170": "the plan of a statement is IRIS's, told in its words",
    "415082af83": "sequences are not relations in IRIS",
    "e2fc41b491": "sequences are not relations in IRIS",
    "8b8e122512": "sequences are not relations in IRIS",
    "6ff7dda73d": "sequences are not relations in IRIS",
    "df1f1d15d4": "another version",
    "9d94bde24e": "another version",
    "044acdca1c": "SHOW ALL shows what this server is set to",
}
_MOMENT = re.compile(r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d\.\d+")


@pytest.fixture(scope="module")
def schemas() -> Iterator[tuple[Server, Server]]:
    """PostgreSQL and pgiris, each with the recordings' schema."""
    if reason := servers.postgres_missing():
        pytest.skip(reason)
    with servers.postgres() as postgres, servers.pgiris() as pgiris:
        for server in (postgres, pgiris):
            with psycopg.connect(server.dsn(), autocommit=True) as connection:
                for statement in recorded.schema_statements():
                    connection.execute(statement.encode())
        yield postgres, pgiris


def answer(server: Server, statement: Recorded) -> list[str]:
    with Wire(server) as wire:
        if re.search(r"\$\d", statement.sql):
            wire.send(parse(statement.sql), describe("S"), SYNC)
        else:
            wire.send(query(statement.sql))
        lines = comparable([shown(reply) for reply in wire.until("Z") if reply.kind != "S"])
    return sorted(_MOMENT.sub("a moment", line) for line in lines)  # rows come in any order, and were made just now


def test_recorded_statements_are_answered_alike_or_refused(schemas: tuple[Server, Server]) -> None:
    report = []
    for statement in recorded.replayable():
        expected, found = (answer(server, statement) for server in schemas)
        unlike = expected != found and REFUSED not in found
        if unlike != (statement.digest in UNLIKE):
            problem = "is unlike" if unlike else "is listed as unlike, and is alike"
            report.append(f"{statement.client} {statement.digest} {problem}: {statement.sql}\n  {expected}\n  {found}")
    assert not report, f"{len(report)} statements:\n" + "\n".join(report)
