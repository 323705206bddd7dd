"""Short statements: point reads in each mode of the protocol, what pgiris adds to them, changes, TPC-B."""

from __future__ import annotations

import random
import statistics
import subprocess
import time
from collections.abc import Iterator

import psycopg

from tests.bench.measure import ACCOUNTS, Bench, Result, rate
from tests.support import servers
from tests.support.servers import Server

POINT_READ = f"\\set aid random(1, {ACCOUNTS})\nSELECT abalance FROM bench_accounts WHERE aid = :aid;\n"
UPDATE = f"\\set aid random(1, {ACCOUNTS})\nUPDATE bench_accounts SET abalance = abalance + 1 WHERE aid = :aid;\n"
BLOCK = (
    f"\\set aid random(1, {ACCOUNTS})\nBEGIN;\nUPDATE bench_accounts SET abalance = abalance + 1 WHERE aid = :aid;\n"
    "SELECT abalance FROM bench_accounts WHERE aid = :aid;\nCOMMIT;\n"
)
BRANCHES = 8  # pgbench's scale: as many as clients


def point_reads(bench: Bench) -> Iterator[Result]:
    script = bench.script("read.sql", POINT_READ)
    for clients in (1, 8, 64):
        for mode in ("simple", "extended", "prepared"):
            options = bench.timed("-f", script, "-M", mode, "-c", str(clients), "-j", "2" if clients > 1 else "1")
            name = f"point reads, {mode}, {clients} client{'s' if clients > 1 else ''}"
            yield bench.compare(name, "/s", lambda s, o=options: rate(s, *o))


def latency(bench: Bench) -> Iterator[Result]:
    """One client's time for a read, and how much of it pgiris adds to the sandbox's own."""
    options = bench.timed("-f", bench.script("read.sql", POINT_READ), "-M", "prepared", "-c", "1")
    whole = bench.compare("latency of a prepared point read", "us", lambda s: 1e6 / rate(s, *options), less_is_better=True)
    yield whole
    own = statistics.median(direct_read_us(bench.pgiris) for _ in range(bench.rounds))
    yield Result("  of it the sandbox session called directly", "us", None, own)
    yield Result("  added by pgiris", "us", None, whole.pgiris - own)


def direct_read_us(server: Server) -> float:
    """Microseconds of one read in this process, no server between."""
    from pgiris.backend.sandbox import SandboxBackend

    session = SandboxBackend(str(server.directory / "sandbox")).connect(servers.DATABASE, servers.USER, None)
    try:
        count, chance = 5_000, random.Random(1)
        keys = [chance.randint(1, ACCOUNTS) for _ in range(count)]
        sql = "SELECT abalance FROM bench_accounts WHERE aid = ?"
        session.execute(sql, [1]).fetch(10)
        started = time.perf_counter()
        for key in keys:
            rows = session.execute(sql, [key])
            rows.fetch(10)
            rows.close()
        return (time.perf_counter() - started) / count * 1e6
    finally:
        session.close()


def writes(bench: Bench) -> Iterator[Result]:
    """PostgreSQL's fsync is off, the sandbox's synchronous is normal: none waits for the disk."""
    for name, text in (("updates", UPDATE), ("BEGIN, UPDATE, SELECT, COMMIT", BLOCK)):
        options = bench.timed("-f", bench.script("write.sql", text), "-M", "prepared", "-c", "4", "-j", "2")
        yield bench.compare(f"{name}, prepared, 4 clients", "/s", lambda s, o=options: rate(s, *o))


def tpcb(bench: Bench) -> Iterator[Result]:
    """pgbench's own script on its own tables, which it makes and fills by COPY."""
    for server in (bench.postgres, bench.pgiris):
        subprocess.run(
            ["pgbench", "-i", "-q", "-I", "dtgp", "-s", str(BRANCHES)], env=server.environment, check=True, capture_output=True
        )
        if not server.is_pgiris:
            with psycopg.connect(server.dsn(), autocommit=True) as connection:
                connection.execute("VACUUM ANALYZE")
    for mode in ("simple", "prepared"):
        options = bench.timed("-b", "tpcb-like", "-M", mode, "-c", "8", "-j", "2")
        yield bench.compare(f"TPC-B-like, {mode}, 8 clients", "/s", lambda s, o=options: rate(s, *o))
