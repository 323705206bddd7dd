"""A worker process's loop, over real socket pairs, with a backend session made for the test."""

import os
import socket
import threading
import time
from collections.abc import Iterator, Sequence

import pytest

from pgiris.backend.base import NO_SHAPE, Described, Shape
from pgiris.backend.worker import frames
from pgiris.backend.worker.frames import ActionFrame, ColumnFrame, FrameBuffer, SourceFrame, StepFrame
from pgiris.backend.worker.main import Worker
from pgiris.errors import PgError
from pgiris.types.codec import Oid
from pgiris.types.relation import Relation, RelationColumn, Snapshot
from pgiris.types.rows import Column

INT4, TEXT = 23, 25


class CountingRows:
    columns = (Column("n", Oid(INT4)),)
    row_count = -1

    def __init__(self, count: int) -> None:
        self._numbers = iter(range(1, count + 1))
        self.closed = False

    def fetch(self, limit: int) -> Sequence[tuple[int]]:
        return [(n,) for _, n in zip(range(limit), self._numbers, strict=False)]

    def close(self) -> None:
        self.closed = True


class Counted:
    columns = None

    def __init__(self, row_count: int) -> None:
        self.row_count = row_count

    def fetch(self, limit: int) -> Sequence[tuple[int]]:
        raise AssertionError("no rows to fetch")

    def close(self) -> None:
        pass


class FakeSession:
    """``count ?`` gives so many rows, ``insert ?`` remembers, ``sleep`` waits to be interrupted, ``fail`` fails."""

    def __init__(self) -> None:
        self.log: list[object] = []
        self.rows: list[CountingRows] = []
        self._interrupted = threading.Event()

    def prepare(self, sql: str) -> Described:
        return Described(CountingRows.columns, 1)

    def execute(self, sql: str, values: Sequence[object], shape: Shape = NO_SHAPE) -> CountingRows | Counted:
        self.log.append((sql, *values))
        if sql.startswith("count"):
            self.rows.append(CountingRows(int(values[0])))
            return self.rows[-1]
        if sql == "sleep":
            assert self._interrupted.wait(10)
            self._interrupted.clear()
            raise PgError("57014", "canceling statement due to user request")
        if sql == "fail":
            raise PgError("22012", "division by zero")
        if sql == "die":
            os._exit(9)
        return Counted(1)

    def last_identity(self) -> int:
        return 77

    def begin(self, isolation: str, read_only: bool) -> None:
        self.log.append(("begin", isolation, read_only))

    def commit(self) -> None:
        self.log.append("commit")

    def rollback(self) -> None:
        self.log.append("rollback")

    def savepoint(self, name: str) -> None:
        self.log.append(("savepoint", name))

    def rollback_to(self, name: str) -> None:
        self.log.append(("rollback_to", name))

    def set_lock_timeout(self, seconds: float | None) -> None:
        self.log.append(("lock_timeout", seconds))

    def introspect(self) -> Snapshot:
        column = RelationColumn("id", Oid(INT4), "INTEGER")
        return Snapshot("2", (Relation("SQLUser", "t", (column,)),))

    def schema_version(self) -> str:
        return "2"

    def reset(self) -> None:
        self.log.append("reset")

    def interrupt(self) -> None:
        self._interrupted.set()

    def close(self) -> None:
        pass


class Front:
    """The other end of the sockets."""

    def __init__(self, data: socket.socket) -> None:
        self.data = data
        self._buffer = FrameBuffer()
        self._replies: list[frames.Reply] = []

    def send(self, *requests: frames.Frame) -> None:
        self.data.sendall(frames.encode_all(requests))

    def receive(self) -> frames.Reply:
        while not self._replies:
            data = self.data.recv(65536)
            if not data:
                raise EOFError
            self._replies += map(frames.reply_decoder.decode, self._buffer.feed(data))
        return self._replies.pop(0)


class Served:
    def __init__(self, front: Front, control: socket.socket, session: FakeSession) -> None:
        self.front, self.control, self.session = front, control, session


@pytest.fixture
def served() -> Iterator[Served]:
    session = FakeSession()
    data, worker_data = socket.socketpair()
    control, worker_control = socket.socketpair()
    data.settimeout(10)
    left = threading.Event()
    worker = Worker(worker_data, worker_control, lambda _: session, lambda _: left.set())  # type: ignore[arg-type, return-value]
    thread = threading.Thread(target=worker.run, daemon=True)
    thread.start()
    front = Front(data)
    front.send(frames.Open(frames.VERSION, "fake", {}, "USER", "u", None, 4096))
    assert isinstance(front.receive(), frames.Done)
    yield Served(front, control, session)
    data.close()
    thread.join(10)
    assert not thread.is_alive()
    control.close()
    assert left.wait(10)
    worker_data.close()
    worker_control.close()


def define(number: int, *sqls: str, oids: tuple[int, ...] = (), role: str = "RESULT", atomic: bool = False) -> frames.Define:
    sources = tuple(SourceFrame(i) for i in range(len(oids)))
    return frames.Define(number, tuple(StepFrame(sql, sources, role) for sql in sqls), oids, (ColumnFrame("n", INT4),), atomic)


def execute(number: int, *values: bytes | None, serial: int = 1, **more: object) -> frames.Execute:
    fields: dict[str, object] = {
        "before": (),
        "formats": (),
        "extra": (),
        "result_formats": (0,),
        "limit": 0,
        "portal": 0,
        "credit": 4,
        "values": values,
    }
    return frames.Execute(serial=serial, statement=number, **(fields | more))  # type: ignore[arg-type]


def numbers(data: bytes) -> list[int]:
    """The values of DataRow messages with one text column."""
    found = []
    while data:
        length = int.from_bytes(data[1:5], "big")
        found.append(int(data[11 : length + 1]))
        data = data[length + 1 :]
    return found


def test_a_small_result_comes_in_one_frame(served: Served) -> None:
    served.front.send(define(1, "count ?", oids=(INT4,)), execute(1, b"3"))
    reply = served.front.receive()
    assert isinstance(reply, frames.Complete)
    assert (numbers(reply.data), reply.rows) == ([1, 2, 3], 3)


def test_a_limit_suspends_and_fetch_goes_on(served: Served) -> None:
    front = served.front
    front.send(define(1, "count ?", oids=(INT4,)), execute(1, b"5", limit=2, portal=9))
    first = front.receive()
    assert isinstance(first, frames.Suspended) and numbers(first.data) == [1, 2]
    front.send(frames.Fetch(2, 9, (0,), 2, 4))
    second = front.receive()
    assert isinstance(second, frames.Suspended) and numbers(second.data) == [3, 4]
    front.send(frames.Fetch(3, 9, (0,), 2, 4))
    third = front.receive()
    assert isinstance(third, frames.Complete) and numbers(third.data) == [5]


def test_a_worker_stops_sending_when_its_credit_is_used_up(served: Served) -> None:
    front = served.front
    front.send(define(1, "count ?", oids=(INT4,)), execute(1, b"200000", credit=2))
    assert isinstance(front.receive(), frames.Block)
    assert isinstance(front.receive(), frames.Block)
    front.data.settimeout(0.2)
    with pytest.raises(TimeoutError):
        front.receive()
    front.data.settimeout(10)
    seen = 2
    while True:
        front.send(frames.Credit(1))
        reply = front.receive()
        if isinstance(reply, frames.Complete):
            break
        seen += 1
    assert reply.rows == 200000
    assert seen > 100


def test_an_interrupt_stops_the_running_request_only(served: Served) -> None:
    front = served.front
    front.send(define(1, "sleep"), execute(1, serial=5))
    time.sleep(0.05)
    served.control.sendall(frames.encode(frames.Interrupt(4)))  # an earlier one: too late
    time.sleep(0.05)
    served.control.sendall(frames.encode(frames.Interrupt(5)))
    reply = front.receive()
    assert isinstance(reply, frames.Failed) and reply.fields["code"] == "57014"
    served.control.sendall(frames.encode(frames.Interrupt(5)))  # nothing runs
    front.send(define(2, "count ?", oids=(INT4,)), execute(2, b"1", serial=6))
    assert isinstance(front.receive(), frames.Complete)


def test_an_interrupt_reaches_a_worker_that_waits_for_credit(served: Served) -> None:
    front = served.front
    front.send(define(1, "count ?", oids=(INT4,)), execute(1, b"200000", serial=8, credit=1))
    assert isinstance(front.receive(), frames.Block)
    time.sleep(0.05)
    served.control.sendall(frames.encode(frames.Interrupt(8)))
    time.sleep(0.05)
    front.send(frames.Credit(0))
    reply = front.receive()
    assert isinstance(reply, frames.Failed) and reply.fields["code"] == "57014"
    assert served.session.rows[0].closed


def test_actions_before_a_statement_are_taken_first(served: Served) -> None:
    begin = ActionFrame("begin", isolation="read committed")
    served.front.send(define(1, "insert"), execute(1, before=(begin, ActionFrame("savepoint", "s1"))))
    reply = served.front.receive()
    assert isinstance(reply, frames.Complete) and reply.rows == 1
    assert served.session.log == [("begin", "read committed", False), ("savepoint", "s1"), ("insert",)]


def test_several_steps_are_one_transaction_of_their_own(served: Served) -> None:
    served.front.send(define(1, "insert a", "insert b", role="COUNT", atomic=True), execute(1))
    reply = served.front.receive()
    assert isinstance(reply, frames.Complete) and reply.rows == 2
    assert [entry[0] if isinstance(entry, tuple) else entry for entry in served.session.log] == [
        "begin",
        "insert a",
        "insert b",
        "commit",
    ]


def test_steps_that_fail_are_undone(served: Served) -> None:
    served.front.send(define(1, "insert a", "fail", role="COUNT", atomic=True), execute(1))
    reply = served.front.receive()
    assert isinstance(reply, frames.Failed) and reply.fields["code"] == "22012"
    assert served.session.log[-1] == "rollback"


def test_a_step_can_use_the_identity_of_the_row_before(served: Served) -> None:
    steps = (StepFrame("insert", (), "RUN", notes="MADE"), StepFrame("select ?", (SourceFrame(-1),), "COUNT"))
    served.front.send(frames.Define(1, steps, (), (), True), execute(1))
    served.front.receive()
    assert ("select ?", 77) in served.session.log


def test_malformed_parameters_are_refused_before_the_backend_sees_them(served: Served) -> None:
    served.front.send(define(1, "count ?", oids=(INT4,)), execute(1, b"abc"))
    reply = served.front.receive()
    assert isinstance(reply, frames.Failed) and reply.fields["code"] == "22P02"
    assert served.session.log == []


def test_metadata_is_sent_only_when_it_is_new(served: Served) -> None:
    served.front.send(frames.Introspect(1, ""))
    reply = served.front.receive()
    assert isinstance(reply, frames.Metadata) and reply.relations is not None and reply.relations[0].name == "t"
    served.front.send(frames.Introspect(2, "2"))
    assert served.front.receive() == frames.Metadata("2", None)
