"""COPY of much data: in bounded memory, at the pace of the slower side, and broken off in the middle by either."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import pytest

from tests.support import servers
from tests.support.processes import Process
from tests.support.servers import Server
from tests.support.wire import Wire, cancel_request, message, query, text

MEBIBYTE = 2**20
BOUND = 64 * MEBIBYTE
ROWS = 1415  # about two million in a cross join with itself
BIG = "COPY (SELECT a.id, b.id, a.name, b.name FROM numbers a, numbers b) TO STDOUT"
LINES = b"".join(b"%d\tname of %d\n" % (n, n) for n in range(4000))
DONE = message("c")


@pytest.fixture(scope="module")
def small() -> Iterator[Server]:
    with servers.pgiris({"pool_size": 2, "pool_wait_s": 5}) as small:
        with Wire(small) as wire:
            wire.ask(query("CREATE TABLE numbers (id int PRIMARY KEY, name varchar(20))"))
            assert wire.ask(query("CREATE TABLE lines (id int, name varchar(20))")) == ["C CREATE TABLE", "Z I"]
            wire.send(query("COPY numbers FROM STDIN"))
            wire.send(*(message("d", b"%d\tnumber %d\n" % (n, n)) for n in range(ROWS)), DONE)
            assert [str(reply) for reply in wire.until("Z")][1:] == [f"C COPY {ROWS}", "Z I"]
            wire.ask(query(f"{BIG[: -len(') TO STDOUT')]} WHERE a.id = 1) TO STDOUT"))  # whatever is loaded once is loaded now
        yield small


@pytest.fixture
def wire(small: Server) -> Iterator[Wire]:
    with Wire(small, timeout_s=60) as wire:
        wire.ask(query("DELETE FROM lines"))
        yield wire


def count(small: Server) -> str:
    with Wire(small) as other:
        return other.ask(query("SELECT count(*) FROM lines"))[1]


def cancel(small: Server, wire: Wire) -> None:
    with Wire(small, login=False) as other:
        other.send(cancel_request(wire.pid, wire.key))
        assert other.until("never") == []


def outcome(wire: Wire) -> list[str]:
    return [str(reply) for reply in wire.until("Z") if reply.kind not in "dGH"]


def resident(small: Server) -> dict[Process, int]:
    return {process: process.resident_bytes for process in [small.front(), *small.workers()]}


def growth(small: Server, before: dict[Process, int]) -> int:
    return max(size - before.get(process, min(before.values())) for process, size in resident(small).items())


def test_a_client_that_stops_reading_pauses_its_worker(small: Server, wire: Wire) -> None:
    before = resident(small)
    wire.send(query(BIG))
    for _ in range(1000):
        wire.receive()
    time.sleep(3)
    assert growth(small, before) < BOUND
    processes = [small.front(), *small.workers()]
    spent = {process: process.cpu_seconds for process in processes}
    time.sleep(0.5)
    assert max(process.cpu_seconds - spent[process] for process in processes) < 0.2
    cancel(small, wire)
    assert outcome(wire) == ["E 57014", "Z I"]
    assert wire.ask(query("SELECT 1 AS a"))[1] == "D 1"


def test_a_worker_that_has_to_wait_pauses_the_client(small: Server, wire: Wire) -> None:
    with Wire(small) as owner:
        owner.ask(query("BEGIN"))
        assert owner.ask(query("INSERT INTO lines VALUES (0, 'locks all')")) == ["C INSERT 0 1", "Z T"]
        before = resident(small)
        wire.send(query("COPY lines FROM STDIN"))
        wire.socket.settimeout(2)
        sent = 0
        with pytest.raises(TimeoutError):
            while True:
                wire.send(message("d", LINES))
                sent += len(LINES)
        assert sent < 32 * MEBIBYTE  # what front, worker and the system hold between them
        assert growth(small, before) < BOUND
        owner.ask(query("ROLLBACK"))
    wire.socket.settimeout(60)


def test_many_rows_in_bounded_memory(small: Server, wire: Wire) -> None:
    before = resident(small)
    wire.send(query("COPY lines FROM STDIN"))
    peak = 0
    for _ in range(100):
        wire.send(message("d", LINES))
        peak = max(peak, growth(small, before))
    wire.send(DONE)
    assert outcome(wire) == ["C COPY 400000", "Z I"]
    assert peak < BOUND


def test_one_long_value(small: Server, wire: Wire) -> None:
    wire.ask(query("CREATE TABLE bodies (body text)"))
    body = b"x" * 1_500_000
    wire.send(query("COPY bodies FROM STDIN"), message("d", body), message("d", body), DONE)
    assert outcome(wire) == ["C COPY 1", "Z I"]
    wire.send(query("COPY bodies TO STDOUT"))
    assert [len(reply.body) for reply in wire.until("Z") if reply.kind == "d"] == [3_000_001]
    wire.ask(query("DROP TABLE bodies"))


def test_an_error_is_told_while_the_client_still_sends(small: Server, wire: Wire) -> None:
    wire.send(query("COPY lines FROM STDIN"), message("d", LINES), message("d", b"x\ty\n"))
    assert outcome(wire) == ["E 22P02", "Z I"]
    wire.send(message("d", LINES), DONE)
    assert wire.ask(query("SELECT count(*) FROM lines"))[1] == "D 0"


@pytest.mark.parametrize("block", [False, True])
def test_a_cancel_between_two_messages(small: Server, wire: Wire, block: bool) -> None:
    if block:
        wire.ask(query("BEGIN"))
    wire.send(query("COPY lines FROM STDIN"), message("d", LINES))
    time.sleep(0.3)
    cancel(small, wire)
    assert outcome(wire) == ["E 57014", "Z E" if block else "Z I"]
    wire.send(message("d", LINES), DONE)
    assert wire.ask(query("ROLLBACK"))[-1] == "Z I"
    assert count(small) == "D 0"


def test_a_statement_timeout_between_two_messages(small: Server, wire: Wire) -> None:
    wire.ask(query("SET statement_timeout = '300ms'"))
    wire.send(query("COPY lines FROM STDIN"), message("d", LINES))
    *_, error, ready = wire.until("Z")
    assert (error.fields["C"], error.fields["M"]) == ("57014", "canceling statement due to statement timeout")
    assert str(ready) == "Z I"
    wire.send(message("f", text("too late")))
    assert wire.ask(query("SELECT count(*) FROM lines"))[1] == "D 0"


def test_a_client_that_vanishes_leaves_nothing(small: Server) -> None:
    for _ in range(5):  # more often than there are workers
        with Wire(small) as leaving:
            leaving.send(query("COPY lines FROM STDIN"), message("d", LINES))
            assert leaving.receive().kind == "G"
    assert count(small) == "D 0"


def test_a_client_that_ends_its_session_in_the_middle_leaves_nothing(small: Server) -> None:
    with Wire(small) as leaving:
        leaving.send(query("COPY lines FROM STDIN"), message("d", LINES), message("X"))
        assert [str(reply) for reply in leaving.until("never") if reply.kind != "G"][:1] in ([], ["E 08P01"])
    assert count(small) == "D 0"


def test_another_message_in_the_middle_ends_the_connection(small: Server, wire: Wire) -> None:
    wire.send(query("COPY lines FROM STDIN"), message("d", LINES), query("SELECT 1"))
    assert [str(reply) for reply in wire.until("never") if reply.kind != "G"] == ["E 08P01"]
    assert count(small) == "D 0"


def test_a_worker_that_dies_costs_one_error(small: Server, wire: Wire) -> None:
    wire.send(query("COPY lines FROM STDIN"), message("d", LINES))
    assert wire.receive().kind == "G"
    for process in small.workers():
        os.kill(process.pid, signal.SIGKILL)
    assert outcome(wire) == ["E 57P02", "Z I"]
    wire.send(message("d", LINES), DONE)
    assert wire.ask(query("SELECT count(*) FROM lines"))[1] == "D 0"


def test_a_session_in_the_middle_of_a_copy_can_be_terminated(small: Server) -> None:
    with Wire(small) as wire, Wire(small) as other:
        wire.send(query("COPY lines FROM STDIN"), message("d", LINES))
        assert wire.receive().kind == "G"
        assert other.ask(query(f"SELECT pg_terminate_backend({wire.pid})"))[1] == "D t"
        assert [str(reply) for reply in wire.until("never")] == ["E 57P01"]
    assert count(small) == "D 0"


DEFAULTS = "COPY preset {columns} FROM STDIN (DEFAULT '\\D')"


@pytest.mark.parametrize(
    ("columns", "line", "row"),
    [
        ("", b"1\t\\D\t\\D", "D 1 seven 7"),
        ("", b"1\tx\t\\D", "D 1 x 7"),
        ("", b"1\t\\D\t3", "D 1 seven 3"),
        ("(a, id)", b"\\D\t1", "D 1 seven 7"),
        ("", b"1\t\\N\t\\\\D", "E 22P02"),
        ("", b"\\D\t\\D\t\\D", "E 22P04"),
    ],
)
def test_columns_take_their_defaults(small: Server, wire: Wire, columns: str, line: bytes, row: str) -> None:
    """The option DEFAULT of PostgreSQL 16."""
    wire.ask(query("DROP TABLE IF EXISTS preset"))
    wire.ask(query("CREATE TABLE preset (id int PRIMARY KEY, a text DEFAULT 'seven', b int DEFAULT 7)"))
    wire.send(query(DEFAULTS.format(columns=columns)), message("d", line + b"\n"), DONE)
    found = outcome(wire)
    if row.startswith("E"):
        assert found == [row, "Z I"]
    else:
        assert wire.ask(query("SELECT * FROM preset"))[1] == row


def test_columns_that_are_not_copied_take_their_defaults_and_numbers(small: Server, wire: Wire) -> None:
    wire.ask(query("DROP TABLE IF EXISTS preset"))
    wire.ask(query("CREATE TABLE preset (id serial PRIMARY KEY, a text DEFAULT 'seven', b int)"))
    wire.send(query("COPY preset (b) FROM STDIN"), message("d", b"1\n2\n"), DONE)
    assert outcome(wire) == ["C COPY 2", "Z I"]
    assert wire.ask(query("SELECT * FROM preset ORDER BY id"))[1:3] == ["D 1 seven 1", "D 2 seven 2"]
    wire.send(query("COPY preset FROM STDIN CSV"), message("d", b"10,x,3\n"), DONE)
    assert outcome(wire) == ["C COPY 1", "Z I"]


def test_vectors(small: Server, wire: Wire) -> None:
    wire.ask(query("DROP TABLE IF EXISTS preset"))
    wire.ask(query("CREATE TABLE preset (id int PRIMARY KEY, v vector(3))"))
    wire.send(query("COPY preset FROM STDIN"), message("d", b"1\t[1,2,3]\n2\t\\N\n"), DONE)
    assert outcome(wire) == ["C COPY 2", "Z I"]
    wire.send(query("COPY preset TO STDOUT"))
    assert [reply.body for reply in wire.until("Z") if reply.kind == "d"] == [b"1\t[1,2,3]\n", b"2\t\\N\n"]
    wire.send(query("COPY preset TO STDOUT BINARY"))
    data = [message("d", reply.body) for reply in wire.until("Z") if reply.kind == "d"]
    wire.ask(query("DELETE FROM preset"))
    wire.send(query("COPY preset FROM STDIN BINARY"), *data, DONE)
    assert outcome(wire) == ["C COPY 2", "Z I"]
    assert wire.ask(query("SELECT * FROM preset ORDER BY id"))[1:3] == ["D 1 [1,2,3]", "D 2 NULL"]


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("COPY lines FROM '/etc/passwd'", "42501"),
        ("COPY lines TO PROGRAM 'cat'", "42501"),
        ("COPY lines FROM STDIN (ON_ERROR ignore)", "0A000"),
        ("COPY lines FROM STDIN WHERE id IN (SELECT 1)", "0A000"),
    ],
)
def test_what_is_refused(wire: Wire, statement: str, code: str) -> None:
    assert wire.ask(query(statement)) == [f"E {code}", "Z I"]
