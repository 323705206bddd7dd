"""Vector search: the ten nearest of 10,000 vectors, all of them compared, beside PostgreSQL 18 with pgvector."""

from __future__ import annotations

import random
import statistics
import struct
import time
from collections.abc import Iterator
from dataclasses import replace

import psycopg

from tests.bench.measure import Bench, Result
from tests.support import servers
from tests.support.servers import Server
from tests.support.wire import BINARY, SYNC, Wire, bind, execute, parse

COUNT, DIMENSIONS = 10_000, 384
SEARCHES = 20
SQL = "SELECT id FROM bench_items ORDER BY embedding <=> $1 LIMIT 10"


def vectors(bench: Bench) -> Iterator[Result]:
    if reason := servers.vectors_missing():
        print(f"no vector search: {reason}")
        return
    with servers.postgres(programs=servers.postgres_with_vectors()) as pgvector:
        pair = replace(bench, postgres=pgvector)
        for server in (pgvector, bench.pgiris):
            fill(server)
        for name, codes in (("text", ()), ("binary", (BINARY,))):
            title = f"10 nearest of {COUNT:,} x {DIMENSIONS}, parameter in {name}"
            yield pair.compare(title, "ms", lambda s, c=codes: search_ms(s, c), less_is_better=True)


def vector(chance: random.Random) -> list[float]:
    return [round(chance.uniform(-1, 1), 6) for _ in range(DIMENSIONS)]


def fill(server: Server) -> None:
    chance = random.Random(1)
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        if not server.is_pgiris:
            connection.execute("CREATE EXTENSION vector")
        connection.execute(f"CREATE TABLE bench_items (id int PRIMARY KEY, embedding vector({DIMENSIONS}))")
        with connection.cursor().copy("COPY bench_items FROM STDIN") as copy:
            for number in range(COUNT):
                copy.write(f"{number}\t[{','.join(map(str, vector(chance)))}]\n")


def search_ms(server: Server, formats: tuple[int, ...]) -> float:
    """Median time of a search, prepared once."""
    chance, times = random.Random(2), []
    with Wire(server, timeout_s=60) as wire:
        wire.ask(parse(SQL, "search"), SYNC)
        for _ in range(SEARCHES):
            wanted = vector(chance)
            value = (
                struct.pack(f"!HH{DIMENSIONS}f", DIMENSIONS, 0, *wanted)
                if formats
                else f"[{','.join(map(str, wanted))}]".encode()
            )
            started = time.perf_counter()
            replies = wire.ask(bind([value], statement="search", formats=formats), execute(), SYNC)
            times.append((time.perf_counter() - started) * 1000)
            assert sum(reply.startswith("D ") for reply in replies) == 10, replies
    return statistics.median(times)
