"""Bulk: a million rows out, drained raw and by drivers, and COPY both ways."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator

import asyncpg
import psycopg

from tests.bench.measure import NUMBERS, Bench, Result
from tests.support.servers import DATABASE, Server
from tests.support.wire import BINARY, SYNC, Wire, bind, execute, message, parse, query

ROWS = NUMBERS * NUMBERS
MIXED = "SELECT a.id, b.name, a.price, b.at, a.ratio FROM bench_numbers a, bench_numbers b"
SHAPES = (
    ("2 integers", "SELECT a.id, b.id FROM bench_numbers a, bench_numbers b"),
    ("integer, text, numeric, timestamp, float8", MIXED),
)
FORMATS = ("text", "csv", "binary")
CHUNK_BYTES = 65536


def drain(wire: Wire, rows: int = ROWS) -> int:
    """Read up to ReadyForQuery without looking at rows; how many bytes."""
    total, tail, buffer = 0, b"", bytearray(2**20)
    while not tail.endswith(b"Z\0\0\0\5I"):
        count = wire.socket.recv_into(buffer)
        if not count:
            sys.exit("the server closed the connection in the middle of a result")
        total += count
        tail = (tail + bytes(buffer[max(0, count - 64) : count]))[-64:]
    if f" {rows}\0".encode() not in tail:
        sys.exit(f"a bulk transfer failed: {tail!r}")
    return total


def bulk_rate(server: Server, *messages: bytes) -> float:
    with Wire(server, timeout_s=120) as wire:
        started = time.perf_counter()
        wire.send(*messages)
        drain(wire)
        return ROWS / (time.perf_counter() - started)


def bulk(bench: Bench) -> Iterator[Result]:
    for name, sql in SHAPES:
        yield bench.compare(f"a million rows of {name}, text", "rows/s", lambda s, q=sql: bulk_rate(s, query(q)))
        binary = (parse(sql), bind(results=[BINARY]), execute(), SYNC)
        yield bench.compare(f"a million rows of {name}, binary", "rows/s", lambda s, m=binary: bulk_rate(s, *m))


def drivers(bench: Bench) -> Iterator[Result]:
    """The same rows as Python objects: most of the time is the driver's own."""
    yield bench.compare("a million mixed rows by psycopg, text", "rows/s", lambda s: psycopg_rate(s, binary=False))
    yield bench.compare("a million mixed rows by psycopg, binary", "rows/s", lambda s: psycopg_rate(s, binary=True))
    yield bench.compare("a million mixed rows by asyncpg", "rows/s", asyncpg_rate)


def psycopg_rate(server: Server, *, binary: bool) -> float:
    with psycopg.connect(server.dsn()) as connection, connection.cursor(binary=binary) as cursor:
        started = time.perf_counter()
        rows = sum(1 for _ in cursor.stream(MIXED, size=1000))
        assert rows == ROWS
        return ROWS / (time.perf_counter() - started)


def asyncpg_rate(server: Server) -> float:
    async def run() -> float:
        connection = await asyncpg.connect(**server.parameters, database=DATABASE, ssl=False)
        try:
            started = time.perf_counter()
            assert len(await connection.fetch(MIXED)) == ROWS
            return ROWS / (time.perf_counter() - started)
        finally:
            await connection.close()

    return asyncio.run(run())


def copying(bench: Bench) -> Iterator[Result]:
    """A million rows of five columns, out of a query and into a table without keys."""
    for form in FORMATS:
        out = query(f"COPY ({MIXED}) TO STDOUT (FORMAT {form})")
        yield bench.compare(f"COPY OUT of a million rows, {form}", "rows/s", lambda s, q=out: bulk_rate(s, q))
    for form in FORMATS:
        data = copied(bench.postgres, form)
        yield bench.compare(f"COPY IN of a million rows, {form}", "rows/s", lambda s, f=form, d=data: copy_in_rate(s, f, d))


def copied(server: Server, form: str) -> list[bytes]:
    """What a client would send to COPY IN, as messages."""
    statement = f"COPY ({MIXED}) TO STDOUT (FORMAT {form})"
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
        return ROWS / (time.perf_counter() - started)
