"""Streaming: what servers hold while a client reads slowly."""

from __future__ import annotations

import time
from collections.abc import Iterator

from tests.bench.connections import own_bytes
from tests.bench.measure import Bench, Result
from tests.support.servers import Server
from tests.support.wire import Wire, query

ROWS = 5_000_000
SQL = "SELECT a.id, b.id, c.name FROM bench_numbers a, bench_numbers b, bench_numbers c WHERE c.id < 5"
PIECE_BYTES = 1 << 20
PAUSE_S = 0.03


def streaming(bench: Bench) -> Iterator[Result]:
    theirs, ours = (peak_bytes(server) / 2**20 for server in (bench.postgres, bench.pgiris))
    yield Result("memory that 5 million rows to a slow reader take", "MiB", theirs, ours, less_is_better=True)


def peak_bytes(server: Server) -> float:
    """How much more the server's processes have, at most, than before."""
    with Wire(server, timeout_s=120) as wire:
        wire.ask(query("SELECT count(*) FROM bench_numbers"))
        before = own_bytes(server)
        peak, tail, buffer = before, b"", bytearray(PIECE_BYTES)
        wire.send(query(SQL))
        while not tail.endswith(b"Z\0\0\0\5I"):
            count = _fill(wire, buffer)
            tail = bytes(buffer[max(0, count - 64) : count])
            peak = max(peak, own_bytes(server))
            time.sleep(PAUSE_S)
        assert f" {ROWS}\0".encode() in tail, tail
        return peak - before


def _fill(wire: Wire, buffer: bytearray) -> int:
    view, count = memoryview(buffer), 0
    while count < len(buffer) and not bytes(view[max(0, count - 6) : count]).endswith(b"Z\0\0\0\5I"):
        received = wire.socket.recv_into(view[count:])
        assert received, "the server closed the connection"
        count += received
    return count
