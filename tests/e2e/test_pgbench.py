"""pgbench: point reads by many connections in every query mode, and transactions that must add up."""

from __future__ import annotations

import re
import resource
import shutil
import subprocess
from collections.abc import Iterator

import psycopg
import pytest

from tests.support import servers
from tests.support.servers import Server

pytestmark = pytest.mark.skipif(shutil.which("pgbench") is None, reason="pgbench is not installed")

ACCOUNTS = 100_000  # of scale 1
TABLES = {
    "pgbench_branches": "bid int PRIMARY KEY, bbalance int, filler char(88)",
    "pgbench_tellers": "tid int PRIMARY KEY, bid int, tbalance int, filler char(84)",
    "pgbench_accounts": "aid int PRIMARY KEY, bid int, abalance int, filler char(84)",
    "pgbench_history": "tid int, bid int, aid int, delta int, mtime timestamp, filler char(22)",
}


@pytest.fixture(scope="module")
def filled_servers() -> Iterator[dict[str, Server]]:
    """Servers that have pgbench's tables, by kind; made when first asked for."""
    yield {}


@pytest.fixture(scope="module")
def pgiris_for_many() -> Iterator[Server]:
    with servers.pgiris({"max_connections": 1100}) as server:
        yield server


@pytest.fixture
def bench(server: Server, filled_servers: dict[str, Server], request: pytest.FixtureRequest) -> Server:
    """The server, with pgbench's tables at scale 1."""
    if server.kind not in filled_servers:
        own: Server = request.getfixturevalue("pgiris_for_many") if server.is_pgiris else server
        fill(own)
        filled_servers[server.kind] = own
    return filled_servers[server.kind]


def fill(server: Server) -> None:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        for name, columns in TABLES.items():
            connection.execute(f"CREATE TABLE {name} ({columns})")
        with connection.transaction():
            connection.execute("INSERT INTO pgbench_branches VALUES (1, 0, '')")
            connection.execute(f"INSERT INTO pgbench_tellers VALUES {', '.join(f'({n}, 1, 0, NULL)' for n in range(1, 11))}")
            with connection.cursor().copy("COPY pgbench_accounts (aid, bid, abalance) FROM STDIN") as copy:
                copy.write("".join(f"{number}\t1\t0\n" for number in range(1, ACCOUNTS + 1)))


def pgbench(server: Server, *options: str) -> int:
    """Run it; the number of transactions it did."""
    done = subprocess.run(
        ["pgbench", "-n", *options],
        env=server.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=100,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "number of failed transactions: 0 (0.000%)" in done.stdout, done.stdout
    match = re.search(r"actually processed: (\d+)", done.stdout)
    assert match, done.stdout
    return int(match[1])


@pytest.mark.parametrize("clients", [8, 64])
@pytest.mark.parametrize("mode", ["simple", "extended", "prepared"])
def test_point_reads(bench: Server, mode: str, clients: int) -> None:
    assert pgbench(bench, "-S", "-M", mode, "-c", str(clients), "-j", "2", "-T", "1") > clients


@pytest.mark.parametrize("mode", ["simple", "prepared"])
def test_point_reads_by_a_thousand_connections(bench: Server, mode: str) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 1100:
        pytest.skip(f"only {hard} files may be open at a time here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 1100), hard))
    assert pgbench(bench, "-S", "-M", mode, "-c", "1000", "-j", "2", "-t", "5") == 5000


def test_connections_that_come_and_go(bench: Server) -> None:
    assert pgbench(bench, "-S", "-C", "-c", "4", "-t", "25") == 100


@pytest.mark.parametrize("mode", ["simple", "extended", "prepared"])
def test_transactions_add_up(bench: Server, mode: str) -> None:
    """pgbench's own script (TPC-B); eight clients wait for one another at the only branch."""
    assert pgbench(bench, "-s", "1", "-M", mode, "-c", "8", "-j", "2", "-t", "25") == 200
    with psycopg.connect(bench.dsn()) as connection:
        sums = [
            connection.execute(f"SELECT coalesce(sum({column}), 0) FROM {name}").fetchone()
            for name, column in (
                ("pgbench_branches", "bbalance"),
                ("pgbench_tellers", "tbalance"),
                ("pgbench_accounts", "abalance"),
                ("pgbench_history", "delta"),
            )
        ]
    assert sums[0] == sums[1] == sums[2] == sums[3]


def test_a_pipeline_script(bench: Server, tmp_path: object) -> None:
    script = f"{tmp_path}/pipeline.sql"
    with open(script, "w") as file:
        file.write("\\set aid random(1, 5000)\n\\startpipeline\n")
        file.write("SELECT abalance FROM pgbench_accounts WHERE aid = :aid;\n" * 5)
        file.write("\\endpipeline\n")
    assert pgbench(bench, "-f", script, "-M", "extended", "-c", "4", "-t", "50") == 200
