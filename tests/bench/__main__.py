"""pgiris beside PostgreSQL: the same work on the same machine in the same run; ``python -m tests.bench [--quick]``.

Rounds alternate between the two, and medians are shown, so that what else the machine does hurts both alike. Ratios are what
counts; the numbers themselves are those of this machine. Results also go to var/bench/ as JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import psycopg

from pgiris.types import native
from tests.bench.bulk import bulk, copying, drivers
from tests.bench.connections import cancel, connections, idle_memory
from tests.bench.measure import ACCOUNTS, NUMBERS, Bench, Result
from tests.bench.planning import planning
from tests.bench.reads import latency, point_reads, tpcb, writes
from tests.bench.stalls import stalls
from tests.bench.streaming import streaming
from tests.bench.vectors import vectors
from tests.support import servers
from tests.support.servers import Server

RESULTS = Path("var/bench")
GROUPS = (
    point_reads, latency, planning, stalls, writes, tpcb, bulk, drivers, copying, vectors, connections, cancel, idle_memory,
    streaming,
)  # fmt: skip
NUMBERED = "id int, name varchar(30), price numeric(10,2), at timestamp, ratio double precision"


def fill(server: Server) -> None:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("CREATE TABLE bench_accounts (aid int PRIMARY KEY, bid int, abalance int, filler char(84))")
        connection.execute(f"CREATE TABLE bench_numbers ({NUMBERED.replace('int', 'int PRIMARY KEY', 1)})")
        connection.execute(f"CREATE TABLE bench_copied ({NUMBERED})")
        accounts = (f"{number}\t1\t0\tx\n" for number in range(1, ACCOUNTS + 1))
        numbers = (f"{n}\tnumber {n}\t{n}.25\t2024-01-01 00:{n % 60:02}:00\t{n / 7}\n" for n in range(NUMBERS))
        for table, lines in (("bench_accounts", accounts), ("bench_numbers", numbers)):
            with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                copy.write("".join(lines))
        if not server.is_pgiris:
            connection.execute("VACUUM ANALYZE")


def run(bench: Bench, only: list[str] | None) -> Iterator[tuple[str, Result]]:
    for group in GROUPS:
        if only and group.__name__ not in only:
            continue
        for result in group(bench):
            print(shown(result), flush=True)
            yield group.__name__, result


def shown(result: Result) -> str:
    theirs = "" if result.postgres is None else number(result.postgres)
    ratio = "" if result.ratio is None else f"{result.ratio:.2f}"
    return f"{result.name:<64} {theirs:>12} {number(result.pgiris):>12} {result.unit:<7} {ratio:>6}"


def number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round each: does it run?")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", action="append", choices=[group.__name__ for group in GROUPS])
    arguments = parser.parse_args()
    if reason := servers.postgres_missing():
        sys.exit(f"make bench compares with PostgreSQL, and {reason}")
    rounds, seconds = (1, 1) if arguments.quick else (arguments.rounds, 3)
    with (
        servers.postgres() as postgres,
        servers.pgiris({"max_connections": 200, "log_level": "warning"}) as pgiris,
        tempfile.TemporaryDirectory() as scripts,
    ):
        for server in (postgres, pgiris):
            fill(server)
        facts = machine(postgres)
        print(f"{'':<64} {'PostgreSQL':>12} {'pgiris':>12} {'':<7} {'ratio':>6}")
        bench = Bench(postgres, pgiris, Path(scripts), rounds, seconds)
        results = list(run(bench, arguments.only))
    print("\nratio: how many times as well as PostgreSQL")
    write(results, {"machine": facts, "measured": time.strftime("%Y-%m-%d"), "rounds": rounds, "seconds": seconds})


def machine(postgres: Server) -> dict[str, object]:
    with psycopg.connect(postgres.dsn()) as connection:
        version = connection.info.parameter_status("server_version")
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "memory_gib": round(memory),
        "system": f"{platform.system()} {platform.release().partition('-')[0]}",
        "python": platform.python_version(),
        "postgresql": (version or "").partition(" ")[0],
        "encoder": native.description(),
    }


def write(results: list[tuple[str, Result]], facts: dict[str, object]) -> None:
    RESULTS.mkdir(parents=True, exist_ok=True)
    path = RESULTS / f"{time.strftime('%Y%m%dT%H%M%S')}.json"
    rows = [{"group": group, **asdict(result), "ratio": result.ratio} for group, result in results]
    path.write_text(json.dumps({**facts, "results": rows}, indent=1) + "\n")
    print(f"written to {path}")


main()
