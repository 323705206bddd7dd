"""Short reads of many clients share a worker of pgiris. Whatever one of them does, the others do not notice.

The statements are short for small parameters, which is how they are made known as short, and long for large ones.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import select
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
from tests.support.wire import SYNC, Wire, bind, cancel_request, describe, execute, parse, query

ROWS = 3000
LENT_AFTER = 60
# With LARGE it takes seconds, and not for ever: PostgreSQL runs it to its end when its client is gone.
LARGE = 700
COUNT = "SELECT count(*) FROM {0} a, {0} b, {0} c WHERE a.n < $1 AND b.n < $1 AND c.n < $1 AND a.n + b.n > 10"
LIST = "SELECT a.n, a.filler FROM {0} a, {0} b WHERE a.n <= $1 AND b.n <= $1"


@pytest.fixture(scope="module")
def numbers(server: Server) -> Iterator[str]:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("CREATE TABLE short_reads (n int PRIMARY KEY, filler varchar(200))")
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO short_reads VALUES (%s, %s)", [(n, "x" * 200) for n in range(1, ROWS + 1)])
        yield "short_reads"
        connection.execute("DROP TABLE short_reads")


class Reader(Wire):
    """A client that repeats one statement with one number in it, which the server has learnt to be short for small ones.

    So many times that pgiris lends it to a worker, or not.
    """

    def __init__(self, server: Server, mode: str, repeated: int, sql: str) -> None:
        super().__init__(server)
        self._mode, self._sql = mode, sql
        if mode == "prepared":
            assert self.ask(parse(sql, "s", [23]), SYNC) == ["1", "Z I"]
        for _ in range(repeated):
            assert self.read(1)[-1] == "Z I"

    def batch(self, number: int) -> bytes:
        value = str(number)
        if self._mode == "simple":
            return query(self._sql.replace("$1", value))
        if self._mode == "unnamed":
            return parse(self._sql, "", [23]) + bind([value.encode()]) + describe("P") + execute() + SYNC
        return bind([value.encode()], statement="s") + describe("P") + execute() + SYNC

    def start(self, *numbers: int) -> None:
        self.send(*map(self.batch, numbers))

    def answer(self) -> list[str]:
        """Without ParseComplete and BindComplete."""
        return [str(reply) for reply in self.until("Z") if reply.kind not in "12"]

    def read(self, number: int) -> list[str]:
        self.start(number)
        return self.answer()


Connect = Callable[[str], Reader]


@pytest.fixture(params=itertools.product(["prepared", "unnamed", "simple"], [3, LENT_AFTER]), ids=lambda p: f"{p[0]}-{p[1]}")
def connect(server: Server, numbers: str, request: pytest.FixtureRequest) -> Iterator[Connect]:
    with contextlib.ExitStack() as stack:
        yield lambda sql: stack.enter_context(Reader(server, *request.param, sql.format(numbers)))


ONE = ["T count:20", "D 0", "C SELECT 1", "Z I"]


def test_many_clients_get_their_own_answers(connect: Connect) -> None:
    others = [connect("SELECT n FROM {} WHERE n = $1") for _ in range(12)]
    for turn in range(20):
        for number, wire in enumerate(others, 1):
            wire.start(number + turn)
        for number, wire in enumerate(others, 1):
            assert wire.answer() == ["T n:23", f"D {number + turn}", "C SELECT 1", "Z I"]


def test_errors_go_to_who_caused_them(connect: Connect) -> None:
    good, bad = (connect("SELECT 10 / (n - 2) AS a FROM {} WHERE n = $1") for _ in range(2))
    for _ in range(20):
        good.start(3)
        bad.start(2)
        good.start(1)
        assert good.answer() == ["T a:23", "D 10", "C SELECT 1", "Z I"]
        assert bad.answer()[-2:] == ["E 22012", "Z I"]
        assert good.answer() == ["T a:23", "D -10", "C SELECT 1", "Z I"]


def test_a_read_that_turns_out_long_delays_nobody(server: Server, connect: Connect) -> None:
    slow, *others = (connect(COUNT) for _ in range(6))
    slow.start(LARGE)
    for _ in range(3):
        for wire in others:
            wire.start(1)
        for wire in others:
            assert wire.answer() == ONE
    time.sleep(0.2)  # by now it has begun: who is idle is not cancelled
    assert not select.select([slow.socket], [], [], 0)[0], "the long read has ended too early to show anything"
    with Wire(server, login=False) as canceler:
        canceler.send(cancel_request(slow.pid, slow.key))
        canceler.until("never")
    assert [line for line in slow.answer() if line[0] != "T"] == ["E 57014", "Z I"]
    assert slow.read(1) == ONE


def test_a_long_answer_to_a_client_that_does_not_read_delays_nobody(connect: Connect) -> None:
    slow, *others = (connect(LIST) for _ in range(4))
    slow.start(400)
    for _ in range(10):
        for wire in others:
            assert wire.read(1)[-2:] == ["C SELECT 1", "Z I"]
    replies = slow.until("Z")
    assert sum(reply.kind == "D" for reply in replies) == 400 * 400
    assert slow.read(1)[-2:] == ["C SELECT 1", "Z I"]


def test_a_worker_that_is_killed_costs_only_the_read_that_it_was_at(server: Server, connect: Connect) -> None:
    if not server.is_pgiris:
        pytest.skip("PostgreSQL restarts when one of its processes is killed")
    slow, *others = (connect(COUNT) for _ in range(5))
    before = {process.pid: process.cpu_seconds for process in server.workers()}
    slow.start(LARGE)
    for wire in others:
        wire.start(1)
    time.sleep(0.5)
    busy = max(server.workers(), key=lambda process: process.cpu_seconds - before.get(process.pid, 0))
    os.kill(busy.pid, signal.SIGKILL)
    assert [line for line in slow.answer() if line[0] != "T"] == ["E 57P02", "Z I"]
    for wire in others:
        assert wire.answer() == ONE
    assert slow.read(1) == ONE


def test_a_client_that_closes_its_side_gets_its_answer(connect: Connect) -> None:
    wire = connect(COUNT)
    wire.start(1)
    wire.socket.shutdown(socket.SHUT_WR)
    assert wire.answer() == ONE


def test_a_client_that_leaves_disturbs_nobody(connect: Connect) -> None:
    leaving, *others = (connect(COUNT) for _ in range(4))
    leaving.start(150)
    leaving.socket.close()
    for wire in others:
        assert wire.read(1) == ONE


def test_batches_that_come_together_or_in_pieces_are_answered_in_order(connect: Connect) -> None:
    wire = connect("SELECT n FROM {} WHERE n = $1")
    wire.start(*range(1, 6))
    seen = [line for _ in range(5) for line in wire.answer() if line[0] == "D"]
    assert seen == [f"D {n}" for n in range(1, 6)]
    wire.send_bytewise(wire.batch(7), wire.batch(8))
    assert [line for _ in range(2) for line in wire.answer() if line[0] == "D"] == ["D 7", "D 8"]


def test_a_session_that_is_terminated_says_so(server: Server, connect: Connect) -> None:
    wire = connect(COUNT)
    wire.start(LARGE)
    time.sleep(0.3)
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(%s)", (wire.pid,))
    replies = [str(reply) for reply in wire.until("never") if reply.kind not in "T12"]
    assert replies == ["E 57P01"]


def test_short_reads_leave_the_only_worker_to_who_waits_for_it() -> None:
    started, stop = threading.Barrier(5), threading.Event()
    with servers.pgiris({"pool_size": 1}) as small, ThreadPoolExecutor(4) as threads:
        with psycopg.connect(small.dsn(), autocommit=True, prepare_threshold=0) as connection:
            connection.execute("CREATE TABLE t (n int PRIMARY KEY)")
            connection.execute("INSERT INTO t VALUES (1)")

        def read() -> int:
            reads = 0
            started.wait(20)
            with psycopg.connect(small.dsn(), autocommit=True, prepare_threshold=0) as connection:
                while not stop.is_set():
                    assert connection.execute("SELECT n FROM t WHERE n = %s", (1,)).fetchone() == (1,)
                    reads += 1
            return reads

        reading = [threads.submit(read) for _ in range(4)]
        started.wait(20)
        try:
            with psycopg.connect(small.dsn()) as connection:
                for n in range(2, 22):
                    connection.execute("INSERT INTO t VALUES (%s)", (n,))
                    connection.commit()
        finally:
            stop.set()
        assert sum(future.result() for future in reading) > 20
