"""pgiris beside PostgreSQL: the same work on the same machine in the same run; ``python -m tests.bench [--quick]``.

Rounds alternate between the two, PostgreSQL first, and medians are shown, so that what else the machine does hurts both alike.
Ratios are what counts; the numbers themselves are those of this machine. Results also go to var/bench/ as JSON.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg

from tests.support import servers
from tests.support.servers import Server
from tests.support.wire import BINARY, SYNC, Wire, bind, execute, message, parse, query

RESULTS = Path("var/bench")
ROWS = 100_000
NUMBERS = 1_000  # crossed with itself: a million rows
IDLE_CONNECTIONS = 1_000

Measure = Callable[[Server], float]


@dataclass(frozen=True)
class Result:
    """Medians. A ratio above 1 means that pgiris does better."""

    name: str
    unit: str
    postgres: float | None
    pgiris: float
    less_is_better: bool = False

    @property
    def ratio(self) -> float | None:
        if self.postgres is None:
            return None
        return self.postgres / self.pgiris if self.less_is_better else self.pgiris / self.postgres


@dataclass(frozen=True)
class Bench:
    postgres: Server
    pgiris: Server
    scripts: Path
    rounds: int
    seconds: int

    def compare(self, name: str, unit: str, measure: Measure, *, less_is_better: bool = False) -> Result:
        found: dict[str, list[float]] = {"postgres": [], "pgiris": []}
        for _ in range(self.rounds):
            for server in (self.postgres, self.pgiris):
                found[server.kind].append(measure(server))
        medians = {kind: statistics.median(values) for kind, values in found.items()}
        return Result(name, unit, medians["postgres"], medians["pgiris"], less_is_better)

    def script(self, name: str, text: str) -> str:
        path = self.scripts / name
        path.write_text(text)
        return str(path)


# pgbench


def pgbench(server: Server, *options: str) -> str:
    done = subprocess.run(
        ["pgbench", "-n", *options],
        env=server.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    if done.returncode or "number of failed transactions: 0 " not in done.stdout:
        sys.exit(f"pgbench failed on {server.kind}:\n{done.stdout}")
    return done.stdout


def rate(server: Server, *options: str) -> float:
    """Transactions per second, without the time to connect (with it for -C)."""
    found = re.search(r"tps = ([\d.]+)", pgbench(server, *options))
    assert found
    return float(found[1])


POINT_READ = f"\\set aid random(1, {ROWS})\nSELECT abalance FROM bench_accounts WHERE aid = :aid;\n"


def point_reads(bench: Bench) -> Iterator[Result]:
    script = bench.script("read.sql", POINT_READ)
    for clients in (1, 8, 64):
        for mode in ("simple", "extended", "prepared"):
            options = ("-f", script, "-M", mode, "-c", str(clients), "-j", "2" if clients > 1 else "1", "-T", str(bench.seconds))
            yield bench.compare(f"point reads, {mode}, {clients} clients", "/s", lambda s, o=options: rate(s, *o))


def latency(bench: Bench) -> Iterator[Result]:
    """One client's time for a read, and how much of it pgiris adds to the sandbox's own."""
    script = bench.script("read.sql", POINT_READ)
    options = ("-f", script, "-M", "prepared", "-c", "1", "-T", str(bench.seconds))
    whole = bench.compare("latency of a prepared point read", "us", lambda s: 1e6 / rate(s, *options), less_is_better=True)
    yield whole
    own = statistics.median(direct_read_us(bench.pgiris) for _ in range(bench.rounds))
    yield Result("  of it the sandbox session called directly", "us", None, own)
    yield Result("  added by pgiris", "us", None, whole.pgiris - own)


def direct_read_us(server: Server) -> float:
    """Microseconds of one read in this process, no server between."""
    import random

    from pgiris.backend.sandbox import SandboxBackend

    session = SandboxBackend(str(server.directory / "sandbox")).connect(servers.DATABASE, servers.USER, None)
    try:
        count, chance = 5_000, random.Random(1)
        keys = [chance.randint(1, ROWS) for _ in range(count)]
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
    update = bench.script(
        "update.sql", f"\\set aid random(1, {ROWS})\nUPDATE bench_accounts SET abalance = abalance + 1 WHERE aid = :aid;\n"
    )
    block = bench.script(
        "block.sql",
        f"\\set aid random(1, {ROWS})\nBEGIN;\nUPDATE bench_accounts SET abalance = abalance + 1 WHERE aid = :aid;\n"
        "SELECT abalance FROM bench_accounts WHERE aid = :aid;\nCOMMIT;\n",
    )
    for name, script in (("updates", update), ("BEGIN, UPDATE, SELECT, COMMIT", block)):
        options = ("-f", script, "-M", "prepared", "-c", "4", "-j", "2", "-T", str(bench.seconds))
        yield bench.compare(f"{name}, prepared, 4 clients", "/s", lambda s, o=options: rate(s, *o))


def connections(bench: Bench) -> Iterator[Result]:
    script = bench.script("one.sql", "SELECT 1;\n")
    options = ("-f", script, "-C", "-c", "4", "-j", "2", "-T", str(bench.seconds))
    yield bench.compare("connect, SELECT 1, disconnect; 4 clients", "/s", lambda s: rate(s, *options))


# Bulk


def drain(wire: Wire) -> int:
    """Read up to ReadyForQuery without looking at rows; how many bytes."""
    total, tail, buffer = 0, b"", bytearray(2**20)
    while not tail.endswith(b"Z\0\0\0\5I"):
        count = wire.socket.recv_into(buffer)
        if not count:
            sys.exit("the server closed the connection in the middle of a result")
        total += count
        tail = (tail + bytes(buffer[max(0, count - 64) : count]))[-64:]
    if f" {NUMBERS * NUMBERS}\0".encode() not in tail:
        sys.exit(f"a bulk transfer failed: {tail!r}")
    return total


def bulk_rate(server: Server, *messages: bytes) -> float:
    with Wire(server, timeout_s=120) as wire:
        started = time.perf_counter()
        wire.send(*messages)
        drain(wire)
        return NUMBERS * NUMBERS / (time.perf_counter() - started)


def bulk(bench: Bench) -> Iterator[Result]:
    for name, columns in (
        ("2 integers", "a.id, b.id"),
        ("integer, text, numeric, timestamp", "a.id, b.name, a.price, b.at"),
    ):
        sql = f"SELECT {columns} FROM bench_numbers a, bench_numbers b"
        yield bench.compare(f"a million rows of {name}, text", "rows/s", lambda s, q=sql: bulk_rate(s, query(q)))
        binary = (parse(sql), bind(results=[BINARY]), execute(), SYNC)
        yield bench.compare(f"a million rows of {name}, binary", "rows/s", lambda s, m=binary: bulk_rate(s, *m))


FORMATS = ("text", "csv", "binary")
COPIED = "SELECT a.id, b.name, a.price, b.at FROM bench_numbers a, bench_numbers b"
CHUNK_BYTES = 65536


def copying(bench: Bench) -> Iterator[Result]:
    """A million rows of an integer, a text, a numeric and a timestamp, out of a query and into a table without keys."""
    for form in FORMATS:
        out = query(f"COPY ({COPIED}) TO STDOUT (FORMAT {form})")
        yield bench.compare(f"COPY OUT of a million rows, {form}", "rows/s", lambda s, q=out: bulk_rate(s, q))
    for form in FORMATS:
        data = copied(bench.postgres, form)
        yield bench.compare(f"COPY IN of a million rows, {form}", "rows/s", lambda s, f=form, d=data: copy_in_rate(s, f, d))


def copied(server: Server, form: str) -> list[bytes]:
    """What a client would send to COPY IN, as messages."""
    statement = f"COPY ({COPIED}) TO STDOUT (FORMAT {form})"
    with psycopg.connect(server.dsn()) as connection, connection.cursor().copy(statement) as copy:
        data = b"".join(map(bytes, copy))
    return [message("d", data[start : start + CHUNK_BYTES]) for start in range(0, len(data), CHUNK_BYTES)]


def copy_in_rate(server: Server, form: str, data: list[bytes]) -> float:
    with Wire(server, timeout_s=300) as wire:
        wire.ask(query("TRUNCATE TABLE bench_copied"))
        started = time.perf_counter()
        wire.send(query(f"COPY bench_copied FROM STDIN (FORMAT {form})"))
        for part in data:
            wire.send(part)
        wire.send(message("c"))
        drain(wire)
        return NUMBERS * NUMBERS / (time.perf_counter() - started)


# Memory


def idle_memory(bench: Bench) -> Iterator[Result]:
    """Resident memory that an idle connection adds; PostgreSQL's is what its process has for itself."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, IDLE_CONNECTIONS + 200)), hard))
    measured = {server.kind: idle_bytes(server) / 1024 for server in (bench.postgres, bench.pgiris)}
    name = f"memory of an idle connection, {IDLE_CONNECTIONS} of them"
    yield Result(name, "KiB", measured["postgres"], measured["pgiris"], less_is_better=True)


def idle_bytes(server: Server) -> float:
    before = own_bytes(server)
    with contextlib.ExitStack() as stack:
        for _ in range(IDLE_CONNECTIONS):
            stack.enter_context(Wire(server))
        return (own_bytes(server) - before) / IDLE_CONNECTIONS


def own_bytes(server: Server) -> int:
    return sum(process.own_bytes for process in server.processes())


# The run

GROUPS = (point_reads, latency, writes, connections, bulk, copying, idle_memory)


def fill(server: Server) -> None:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("CREATE TABLE bench_accounts (aid int PRIMARY KEY, bid int, abalance int, filler char(84))")
        connection.execute("CREATE TABLE bench_numbers (id int PRIMARY KEY, name varchar(30), price numeric(10,2), at timestamp)")
        connection.execute("CREATE TABLE bench_copied (id int, name varchar(30), price numeric(10,2), at timestamp)")
        with connection.transaction():
            cursor = connection.cursor()
            cursor.executemany("INSERT INTO bench_accounts VALUES (%s, 1, 0, 'x')", [(n,) for n in range(1, ROWS + 1)])
            numbers = [(n, f"number {n}", f"{n}.25", f"2024-01-01 00:{n % 60:02}:00") for n in range(NUMBERS)]
            cursor.executemany("INSERT INTO bench_numbers VALUES (%s, %s, %s, %s)", numbers)
        if not server.is_pgiris:
            connection.execute("VACUUM ANALYZE")


def shown(result: Result) -> str:
    theirs = "" if result.postgres is None else f"{result.postgres:,.0f}"
    ratio = "" if result.ratio is None else f"{result.ratio:.2f}"
    return f"{result.name:<58} {theirs:>12} {result.pgiris:>12,.0f} {result.unit:<7} {ratio:>6}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round each: does it run?")
    parser.add_argument("--only", action="append", choices=[group.__name__ for group in GROUPS])
    arguments = parser.parse_args()
    if reason := servers.postgres_missing():
        sys.exit(f"make bench compares with PostgreSQL, and {reason}")
    rounds, seconds = (1, 1) if arguments.quick else (5, 3)
    results: list[Result] = []
    with (
        servers.postgres() as postgres,
        servers.pgiris({"max_connections": IDLE_CONNECTIONS + 100, "log_level": "warning"}) as pgiris,
        tempfile.TemporaryDirectory() as scripts,
    ):
        for server in (postgres, pgiris):
            fill(server)
        bench = Bench(postgres, pgiris, Path(scripts), rounds, seconds)
        print(f"{'':<58} {'PostgreSQL':>12} {'pgiris':>12} {'':<7} {'ratio':>6}")
        for group in GROUPS:
            if arguments.only and group.__name__ not in arguments.only:
                continue
            for result in group(bench):
                print(shown(result), flush=True)
                results.append(result)
    print("\nratio: how many times as well as PostgreSQL")
    write(results, rounds, seconds)


def write(results: list[Result], rounds: int, seconds: int) -> None:
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"{time.strftime('%Y%m%dT%H%M%S')}.json"
    facts = {"cores": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}
    rows = [{**asdict(result), "ratio": result.ratio} for result in results]
    path.write_text(json.dumps({"machine": facts, "rounds": rounds, "seconds": seconds, "results": rows}, indent=1) + "\n")
    print(f"written to {path}")


main()
