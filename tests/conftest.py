"""Fixtures for all: the servers under test.

A test that takes ``server`` runs once on PostgreSQL, which shows that the test is right, and once on pgiris. The environment
variable PGIRIS_TEST_SERVERS (default ``postgres pgiris``) says on which.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import psycopg
import pytest

from tests.support import servers
from tests.support.encoders import encoder as encoder
from tests.support.servers import Server

MEASURED = pytest.StashKey[list[str]]()  # lines for the end of a run
KINDS = os.environ.get("PGIRIS_TEST_SERVERS", "postgres pgiris").split()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "server" in metafunc.fixturenames:
        metafunc.parametrize("server", KINDS, indirect=True, scope="session")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for line in config.stash.get(MEASURED, []):
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A real PostgreSQL, the oracle."""
    if reason := servers.postgres_missing():
        pytest.skip(reason)
    with servers.postgres() as server:
        yield server


@pytest.fixture(scope="session")
def pgiris() -> Iterator[Server]:
    """pgiris with its default configuration on an empty sandbox."""
    if "pgiris" not in KINDS:
        pytest.skip("PGIRIS_TEST_SERVERS leaves pgiris out")
    with servers.pgiris() as server:
        yield server


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Server:
    """Each server in turn."""
    found: Server = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def table(server: Server) -> Iterator[Callable[[str], str]]:
    """Makes a table of a name that no other test uses: ``table("id int primary key")``; dropped at the end."""
    made: list[str] = []

    def create(columns: str) -> str:
        name = next(_names)
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute(f"CREATE TABLE {name} ({columns})")
        made.append(name)
        return name

    yield create
    with psycopg.connect(server.dsn(options="-c lock_timeout=5s"), autocommit=True) as connection:
        for name in made:
            connection.execute(f"DROP TABLE {name}")


def _numbered_names() -> Iterator[str]:
    number = 0
    while True:
        number += 1
        yield f"test_{number}"


_names = _numbered_names()
