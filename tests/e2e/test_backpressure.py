"""Memory: a client that does not read, and many that do nothing."""

from __future__ import annotations

import contextlib
import resource
import time
from collections.abc import Callable, Iterator

import pytest

from tests.support import servers
from tests.support.processes import Process
from tests.support.servers import Server
from tests.support.wire import Wire, query

ROWS = 1415  # about two million in a cross join with itself
MEBIBYTE = 2**20
BOUND = 64 * MEBIBYTE
IDLE_CONNECTIONS = 1000
IDLE_BYTES = 64 * 1024  # in the front, per connection


@pytest.fixture(scope="module")
def crowded() -> Iterator[Server]:
    with servers.pgiris({"max_connections": IDLE_CONNECTIONS + 50}) as server:
        with Wire(server) as wire:
            wire.ask(query("CREATE TABLE numbers (id int PRIMARY KEY, name varchar(20))"))
            rows = ", ".join(f"({n}, 'number {n}')" for n in range(ROWS))
            assert wire.ask(query(f"INSERT INTO numbers VALUES {rows}"))[-1] == "Z I"
        yield server


BIG = "SELECT a.id, b.id, a.name, b.name FROM numbers a, numbers b"


def resident(server: Server) -> dict[Process, int]:
    return {process: process.resident_bytes for process in [server.front(), *server.workers()]}


def test_a_client_that_stops_reading_costs_a_bounded_amount_of_memory(crowded: Server) -> None:
    with Wire(crowded) as warm:
        warm.ask(query("SELECT count(*) FROM numbers"))
    before = resident(crowded)
    with Wire(crowded, timeout_s=100) as wire:
        wire.send(query(BIG))
        for _ in range(1000):
            wire.receive()
        peak = dict.fromkeys(before, 0)
        for _ in range(30):
            time.sleep(0.1)
            now = resident(crowded)
            peak = {process: max(size, peak.get(process, 0)) for process, size in now.items()}
        growth = {str(process): size - before.get(process, min(before.values())) for process, size in peak.items()}
        assert max(growth.values()) < BOUND, growth

        with Wire(crowded) as other:  # nobody else has to wait
            assert other.ask(query("SELECT count(*) FROM numbers"))[1] == f"D {ROWS}"
        assert drained(wire) == f"SELECT {ROWS * ROWS}"
    growth = {str(process): size - before.get(process, min(before.values())) for process, size in resident(crowded).items()}
    assert max(growth.values()) < BOUND, growth


def drained(wire: Wire) -> str:
    """Read everything up to ReadyForQuery as fast as Python can; the command tag."""
    tail = b""
    while not (tail[-6:-1] == b"Z\0\0\0\5" and tail.endswith(b"I")):
        data = wire.socket.recv(2**20)
        assert data
        tail = (tail + data)[-64:]
    start = tail.rindex(b"SELECT ")
    return tail[start : tail.index(b"\0", start)].decode()


def test_a_worker_waits_without_work_for_a_client_that_does_not_read(crowded: Server) -> None:
    with Wire(crowded) as wire:
        wire.send(query(BIG))
        time.sleep(1)
        processes = [crowded.front(), *crowded.workers()]
        before = {process: process.cpu_seconds for process in processes}
        time.sleep(1)
        assert max(process.cpu_seconds - before[process] for process in processes) < 0.2


def test_a_client_that_gives_up_a_big_result_frees_its_worker() -> None:
    with servers.pgiris({"pool_size": 1, "pool_wait_s": 3}) as server:
        with Wire(server) as wire:
            wire.ask(query("CREATE TABLE numbers (id int PRIMARY KEY, name varchar(20))"))
            wire.ask(query("INSERT INTO numbers VALUES " + ", ".join(f"({n}, 'n')" for n in range(ROWS))))
            wire.send(query(BIG))
            wire.receive()
        with Wire(server) as other:
            assert other.ask(query("SELECT count(*) FROM numbers"))[1] == f"D {ROWS}"


def test_a_huge_statement_and_a_huge_value(server: Server, table: Callable[[str], str]) -> None:
    texts = table("id int PRIMARY KEY, body text")
    body = "x" * 3_000_000
    with Wire(server, timeout_s=60) as wire:
        assert wire.ask(query(f"INSERT INTO {texts} VALUES (1, '{body}')")) == ["C INSERT 0 1", "Z I"]
        assert wire.ask(query(f"SELECT body FROM {texts}"))[1] == f"D {body}"


def test_a_message_longer_than_the_limit_is_refused() -> None:
    with servers.pgiris({"max_message_bytes": "64kB"}) as server, Wire(server) as wire:
        assert wire.ask(query("SELECT 1 AS a -- " + "x" * 60000))[1] == "D 1"
        wire.send(query("SELECT 1 -- " + "x" * 70000))
        assert [str(reply) for reply in wire.until("never")] in (["E 08P01"], ["E 54000"])


def test_a_thousand_idle_connections(crowded: Server) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < IDLE_CONNECTIONS + 100:
        pytest.skip(f"only {hard} files may be open at a time here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, IDLE_CONNECTIONS + 100), hard))
    front = crowded.front()
    before = front.resident_bytes
    connections: list[Wire] = []
    try:
        for _ in range(IDLE_CONNECTIONS):
            connections.append(Wire(crowded))
        each = (front.resident_bytes - before) / IDLE_CONNECTIONS
        assert each < IDLE_BYTES
        for wire in connections[:: IDLE_CONNECTIONS // 20]:
            assert wire.ask(query("SELECT count(*) FROM numbers"))[1] == f"D {ROWS}"
    finally:
        for wire in connections:
            wire.__exit__()
    with Wire(crowded) as wire:
        assert wire.ask(query("SELECT 1 AS a"))[1] == "D 1"


def test_a_client_that_only_asks_costs_a_bounded_amount_of_memory(crowded: Server) -> None:
    before = resident(crowded)
    asked = query("SELECT id, repeat('x', 5000) AS a FROM numbers WHERE id = 7")
    with Wire(crowded, timeout_s=1) as wire, contextlib.suppress(TimeoutError):
        for _ in range(100):
            wire.send(asked * 500)
    growth = {str(process): size - before.get(process, min(before.values())) for process, size in resident(crowded).items()}
    assert max(growth.values()) < BOUND, growth


def test_a_session_whose_client_does_not_read_can_be_terminated(crowded: Server) -> None:
    with Wire(crowded) as wire, Wire(crowded) as other:
        wire.send(query(BIG))
        time.sleep(0.5)
        terminate = query(f"SELECT pg_terminate_backend({wire.pid})")
        assert other.ask(terminate)[1] == "D t"
        servers.wait_until(lambda: "D f" in other.ask(terminate), 5, "the end of the session")
        with pytest.raises((EOFError, ConnectionResetError)):
            while True:
                wire.receive()
