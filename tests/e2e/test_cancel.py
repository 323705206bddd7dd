"""CancelRequest by hand."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.support.servers import Server
from tests.support.wire import SYNC, Wire, bind, cancel_request, execute, parse, query


@pytest.fixture
def wire(server: Server) -> Iterator[Wire]:
    with Wire(server) as wire:
        yield wire


def cancel(server: Server, pid: int, key: bytes) -> None:
    """Send the request and wait until the server closes the connection, as libpq does."""
    with Wire(server, login=False) as other:
        other.send(cancel_request(pid, key))
        assert other.until("never") == []


def test_a_cancel_stops_a_statement(server: Server, wire: Wire) -> None:
    wire.send(query("SELECT pg_sleep(30)"))
    time.sleep(0.3)
    started = time.monotonic()
    cancel(server, wire.pid, wire.key)
    assert [str(reply) for reply in wire.until("Z") if reply.kind not in "TD"] == ["E 57014", "Z I"]
    assert time.monotonic() - started < 20
    assert wire.ask(query("SELECT 1 AS a")) == ["T a:23", "D 1", "C SELECT 1", "Z I"]


def test_a_cancel_in_a_transaction_spoils_it(server: Server, wire: Wire) -> None:
    wire.ask(query("BEGIN"))
    wire.send(parse("SELECT pg_sleep(30)"), bind(), execute(), SYNC)
    time.sleep(0.3)
    cancel(server, wire.pid, wire.key)
    assert [str(reply) for reply in wire.until("Z") if reply.kind not in "TD"] == ["1", "2", "E 57014", "Z E"]
    assert wire.ask(query("ROLLBACK")) == ["C ROLLBACK", "Z I"]


def test_a_cancel_skips_the_rest_of_the_pipeline(server: Server, wire: Wire) -> None:
    wire.send(
        parse("SELECT pg_sleep(30)"), bind(), execute(), parse("SELECT 1 AS a"), bind(), execute(), SYNC, query("SELECT 2 AS b")
    )
    time.sleep(0.3)
    cancel(server, wire.pid, wire.key)
    assert [str(reply) for reply in wire.until("Z") if reply.kind not in "TD"] == ["1", "2", "E 57014", "Z I"]
    assert [str(reply) for reply in wire.until("Z")] == ["T b:23", "D 2", "C SELECT 1", "Z I"]


def test_a_wrong_key_stops_nothing(server: Server, wire: Wire) -> None:
    wire.send(query("SELECT pg_sleep(1.5)"))
    time.sleep(0.2)
    wrong = bytes(byte ^ 1 for byte in wire.key)
    for pid, key in ((wire.pid, wrong), (wire.pid + 1, wire.key), (0, wire.key)):
        cancel(server, pid, key)
    assert [str(reply) for reply in wire.until("Z") if reply.kind not in "TD"] == ["C SELECT 1", "Z I"]


def test_a_cancel_when_nothing_runs_harms_nothing(server: Server, wire: Wire) -> None:
    cancel(server, wire.pid, wire.key)
    time.sleep(0.2)
    assert wire.ask(query("SELECT 1 AS a")) == ["T a:23", "D 1", "C SELECT 1", "Z I"]


def test_a_cancel_reaches_the_right_one_of_many(server: Server) -> None:
    wires = [Wire(server) for _ in range(4)]
    try:
        for wire in wires:
            wire.send(query("SELECT pg_sleep(2)"))
        time.sleep(0.3)
        cancel(server, wires[2].pid, wires[2].key)
        outcomes = [[str(reply) for reply in wire.until("Z") if reply.kind in "CE"] for wire in wires]
    finally:
        for wire in wires:
            wire.__exit__()
    assert outcomes == [["C SELECT 1"], ["C SELECT 1"], ["E 57014"], ["C SELECT 1"]]


@pytest.mark.parametrize("body", [b"", b"\0", b"\0" * 300], ids=["no key", "a short key", "a long key"])
def test_malformed_requests_are_ignored(server: Server, body: bytes) -> None:
    cancel(server, 1, body)
    with Wire(server) as wire:
        assert wire.ask(query("SELECT 1 AS a"))[-1] == "Z I"
