"""Short prepared reads of many clients share a worker of pgiris. Whatever one of them does, the others do not notice.

The statements are short for small parameters, which is how they are made known as short, and long for large ones.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.support import servers
from tests.support.servers import Server
from tests.support.wire import SYNC, Wire, bind, cancel_request, describe, execute, parse

ROWS = 3000
COUNT = "SELECT count(*) FROM {0} a, {0} b WHERE a.n < $1 AND b.n < $1 AND a.n + b.n > 10"
LIST = "SELECT a.n, a.filler FROM {0} a, {0} b WHERE a.n <= $1 AND b.n <= $1"


@pytest.fixture(scope="module")
def numbers(server: Server) -> Iterator[str]:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("CREATE TABLE short_reads (n int PRIMARY KEY, filler varchar(200))")
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO short_reads VALUES (%s, %s)", [(n, "x" * 200) for n in range(1, ROWS + 1)])
        yield "short_reads"
        connection.execute("DROP TABLE short_reads")


@pytest.fixture
def wires(server: Server, numbers: str) -> Iterator[Callable[[str], Wire]]:
    """Makes connections with a prepared statement ``s`` that the server knows as short."""
    made: list[Wire] = []

    def connect(sql: str) -> Wire:
        wire = Wire(server)
        made.append(wire)
        assert wire.ask(parse(sql.format(numbers), "s", [23]), SYNC) == ["1", "Z I"]
        for _ in range(3):
            assert answer(wire, 1)[-1] == "Z I"
        return wire

    yield connect
    for wire in made:
        wire.__exit__()


def batch(number: int) -> bytes:
    return bind(statement="s", values=[str(number).encode()]) + describe("P") + execute() + SYNC


def answer(wire: Wire, number: int) -> list[str]:
    return wire.ask(batch(number))


ONE = ["2", "T count:20", "D 0", "C SELECT 1", "Z I"]


def test_many_clients_get_their_own_answers(wires: Callable[[str], Wire]) -> None:
    others = [wires("SELECT n FROM {} WHERE n = $1") for _ in range(12)]
    for turn in range(20):
        for number, wire in enumerate(others, 1):
            wire.send(batch(number + turn))
        for number, wire in enumerate(others, 1):
            assert [str(reply) for reply in wire.until("Z")] == ["2", "T n:23", f"D {number + turn}", "C SELECT 1", "Z I"]


def test_errors_go_to_who_caused_them(wires: Callable[[str], Wire]) -> None:
    good, bad = (wires("SELECT 10 / (n - 2) AS a FROM {} WHERE n = $1") for _ in range(2))
    for _ in range(20):
        good.send(batch(3))
        bad.send(batch(2))
        good.send(batch(1))
        assert [str(reply) for reply in good.until("Z")] == ["2", "T a:23", "D 10", "C SELECT 1", "Z I"]
        assert [str(reply) for reply in bad.until("Z")][-2:] == ["E 22012", "Z I"]
        assert [str(reply) for reply in good.until("Z")] == ["2", "T a:23", "D -10", "C SELECT 1", "Z I"]


def test_a_read_that_turns_out_long_delays_nobody(server: Server, wires: Callable[[str], Wire]) -> None:
    slow, *others = (wires(COUNT) for _ in range(6))
    slow.send(batch(10**6))
    began = time.monotonic()
    for _ in range(3):
        for wire in others:
            wire.send(batch(1))
        for wire in others:
            assert [str(reply) for reply in wire.until("Z")] == ONE
    assert time.monotonic() - began < 1
    with Wire(server, login=False) as canceler:
        canceler.send(cancel_request(slow.pid, slow.key))
        canceler.until("never")
    assert [str(reply) for reply in slow.until("Z") if reply.kind not in "T2"] == ["E 57014", "Z I"]
    assert answer(slow, 1) == ONE


def test_a_long_answer_to_a_client_that_does_not_read_delays_nobody(wires: Callable[[str], Wire]) -> None:
    slow, *others = (wires(LIST) for _ in range(4))
    slow.send(batch(400))
    for _ in range(10):
        for wire in others:
            assert answer(wire, 1)[-2:] == ["C SELECT 1", "Z I"]
    replies = slow.until("Z")
    assert sum(reply.kind == "D" for reply in replies) == 400 * 400
    assert answer(slow, 1)[-2:] == ["C SELECT 1", "Z I"]


def test_a_worker_that_is_killed_costs_only_the_read_that_it_was_at(server: Server, wires: Callable[[str], Wire]) -> None:
    if not server.is_pgiris:
        pytest.skip("PostgreSQL restarts when one of its processes is killed")
    slow, *others = (wires(COUNT) for _ in range(5))
    before = {process.pid: process.cpu_seconds for process in server.workers()}
    slow.send(batch(10**6))
    for wire in others:
        wire.send(batch(1))
    time.sleep(0.5)
    busy = max(server.workers(), key=lambda process: process.cpu_seconds - before[process.pid])
    os.kill(busy.pid, signal.SIGKILL)
    assert [str(reply) for reply in slow.until("Z") if reply.kind not in "T2"] == ["E 57P02", "Z I"]
    for wire in others:
        assert [str(reply) for reply in wire.until("Z")] == ONE
    assert answer(slow, 1) == ONE


def test_a_client_that_closes_its_side_gets_its_answer(wires: Callable[[str], Wire]) -> None:
    wire = wires(COUNT)
    wire.send(batch(1))
    wire.socket.shutdown(socket.SHUT_WR)
    assert [str(reply) for reply in wire.until("Z")] == ONE


def test_a_client_that_leaves_disturbs_nobody(wires: Callable[[str], Wire]) -> None:
    leaving, *others = (wires(COUNT) for _ in range(4))
    leaving.send(batch(10**6))
    leaving.socket.close()
    for wire in others:
        assert answer(wire, 1) == ONE


def test_batches_that_come_together_or_in_pieces_are_answered_in_order(wires: Callable[[str], Wire]) -> None:
    wire = wires("SELECT n FROM {} WHERE n = $1")
    wire.send(*(batch(n) for n in range(1, 6)))
    seen = [str(reply) for _ in range(5) for reply in wire.until("Z") if reply.kind == "D"]
    assert seen == [f"D {n}" for n in range(1, 6)]
    wire.send_bytewise(batch(7), batch(8))
    assert [str(reply) for _ in range(2) for reply in wire.until("Z") if reply.kind == "D"] == ["D 7", "D 8"]


def test_a_session_that_is_terminated_says_so(server: Server, wires: Callable[[str], Wire]) -> None:
    wire = wires(COUNT)
    wire.send(batch(10**6))
    time.sleep(0.3)
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(%s)", (wire.pid,))
    replies = [str(reply) for reply in wire.until("never") if reply.kind not in "T2"]
    assert replies == ["E 57P01"]


def test_short_reads_leave_the_only_worker_to_who_waits_for_it() -> None:
    stop = threading.Event()
    with servers.pgiris({"pool_size": 1}) as small, ThreadPoolExecutor(4) as threads:
        with psycopg.connect(small.dsn(), autocommit=True, prepare_threshold=0) as connection:
            connection.execute("CREATE TABLE t (n int PRIMARY KEY)")
            connection.execute("INSERT INTO t VALUES (1)")

        def read() -> int:
            reads = 0
            with psycopg.connect(small.dsn(), autocommit=True, prepare_threshold=0) as connection:
                while not stop.is_set():
                    assert connection.execute("SELECT n FROM t WHERE n = %s", (1,)).fetchone() == (1,)
                    reads += 1
            return reads

        reading = [threads.submit(read) for _ in range(4)]
        try:
            with psycopg.connect(small.dsn()) as connection:
                for n in range(2, 22):
                    connection.execute("INSERT INTO t VALUES (%s)", (n,))
                    connection.commit()
        finally:
            stop.set()
        assert all(future.result() > 20 for future in reading)
