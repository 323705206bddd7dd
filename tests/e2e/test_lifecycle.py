"""Ends: of workers, of clients, of the server, wished for or not."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator

import psycopg
import pytest

from tests.support import servers
from tests.support.processes import Process
from tests.support.servers import Server
from tests.support.wire import SYNC, Wire, bind, execute, parse, query

WORKER_LOST = ("57P02", "08006")


@pytest.fixture
def own() -> Iterator[Server]:
    """pgiris that a test may harm; with one worker, so that it is known which one serves."""
    with servers.pgiris({"pool_size": 1, "pool_wait_s": 5}) as server:
        with Wire(server) as wire:
            wire.ask(query("CREATE TABLE kept (id int PRIMARY KEY)"))
        yield server


def kill(process: Process) -> None:
    os.kill(process.pid, signal.SIGKILL)
    servers.wait_until(lambda: not process.command, 5, f"{process.pid} ends")


def count(server: Server) -> str:
    with Wire(server) as wire:
        return wire.ask(query("SELECT count(*) FROM kept"))[1]


# Workers


def test_a_worker_that_dies_in_a_statement_is_one_clear_error(own: Server) -> None:
    with Wire(own) as wire:
        wire.send(query("SELECT count(*) FROM kept a, kept b"))
        wire.until("Z")
        wire.ask(query("BEGIN; INSERT INTO kept VALUES (1)"))
        many = " UNION ALL ".join(["SELECT 1 AS n"] * 10)
        cross = ", ".join(f"({many}) t{n}" for n in range(9))
        wire.send(query(f"SELECT count(*) FROM kept, {cross}"))
        time.sleep(0.5)
        (worker,) = own.workers()
        kill(worker)
        replies = wire.until("Z")
    found = [reply.fields["C"] for reply in replies if reply.kind == "E"]
    assert len(found) == 1
    assert found[0] in WORKER_LOST
    assert count(own) == "D 0"


def test_a_worker_that_dies_in_a_transaction_loses_it_and_says_so(own: Server) -> None:
    with Wire(own) as wire:
        assert wire.ask(query("BEGIN; INSERT INTO kept VALUES (1)"))[-1] == "Z T"
        (worker,) = own.workers()
        kill(worker)
        wire.send(query("INSERT INTO kept VALUES (2)"), query("COMMIT"))
        replies = [str(reply) for reply in [*wire.until("Z"), *wire.until("Z")]]
    errors = [reply for reply in replies if reply[0] == "E"]
    assert errors and errors[0].removeprefix("E ") in WORKER_LOST
    assert "C COMMIT" not in replies
    assert count(own) == "D 0"


def test_an_idle_worker_that_dies_is_replaced_without_a_word(own: Server) -> None:
    with Wire(own) as wire:
        wire.ask(parse("SELECT id FROM kept WHERE id = $1", "s"), SYNC)
        for _ in range(3):
            (worker,) = own.workers()
            kill(worker)
            time.sleep(0.1)
            assert wire.ask(bind([b"1"], statement="s"), execute(), SYNC) == ["2", "C SELECT 0", "Z I"]
            assert wire.ask(query("SELECT count(*) FROM kept")) == ["T count:20", "D 0", "C SELECT 1", "Z I"]


def test_other_sessions_do_not_notice_the_death_of_a_worker() -> None:
    with servers.pgiris({"pool_size": 3}) as server, Wire(server) as first, Wire(server) as second:
        first.ask(query("CREATE TABLE a (id int)"))
        for wire in (first, second):
            assert wire.ask(query("BEGIN; SELECT count(*) FROM a"))[-1] == "Z T"
        victim = server.workers()[0]
        kill(victim)
        outcomes = [wire.ask(query("SELECT count(*) FROM a"))[-1] for wire in (first, second)]
        assert outcomes.count("Z T") >= 1
        for wire, outcome in zip((first, second), outcomes, strict=True):
            if outcome == "Z T":
                assert wire.ask(query("COMMIT")) == ["C COMMIT", "Z I"]


def test_workers_that_are_not_needed_do_not_pile_up(own: Server) -> None:
    for _ in range(20):
        with Wire(own) as wire:
            wire.ask(query("SELECT count(*) FROM kept"))
    assert len(own.workers()) == 1


# Clients


@pytest.mark.parametrize("statement", ["SELECT pg_sleep(60)", "INSERT INTO kept VALUES (1)"], ids=["busy", "idle in transaction"])
def test_a_client_that_vanishes_frees_its_worker_and_loses_its_transaction(own: Server, statement: str) -> None:
    with Wire(own) as wire:
        wire.ask(query("BEGIN; INSERT INTO kept VALUES (7)"))
        wire.send(query(statement))
        time.sleep(0.3)
    started = time.monotonic()
    assert count(own) == "D 0"
    assert time.monotonic() - started < 30


def test_a_client_that_vanishes_in_a_long_query_stops_it(own: Server) -> None:
    with Wire(own) as wire:
        wire.ask(query("INSERT INTO kept VALUES " + ", ".join(f"({n})" for n in range(100))))
        wire.send(query("SELECT count(*) FROM kept a, kept b, kept c, kept d, kept e WHERE a.id + b.id + c.id + d.id + e.id < 0"))
        time.sleep(0.3)
    assert count(own) == "D 100"


# The server


def test_sigterm_lets_statements_end_and_tells_idle_clients(own: Server) -> None:
    with Wire(own) as busy, Wire(own) as idle, Wire(own) as in_transaction:
        in_transaction.ask(query("BEGIN"))
        busy.send(query("SELECT pg_sleep(1.5)"))
        time.sleep(0.3)
        own.process.terminate()
        assert [str(reply) for reply in idle.until("never")] == ["E 57P01"]
        assert [str(reply) for reply in in_transaction.until("never")] == ["E 57P01"]
        assert not servers.accepts_connections(own.port)
        replies = [str(reply) for reply in busy.until("never") if reply.kind not in "TD"]
        assert replies in (["C SELECT 1", "Z I", "E 57P01"], ["C SELECT 1", "E 57P01"])
    assert own.process.wait(5) == 0


def test_statements_are_not_waited_for_longer_than_the_deadline() -> None:
    with servers.pgiris({"shutdown_deadline_s": 0.5}) as server, Wire(server) as wire:
        wire.send(query("SELECT pg_sleep(60)"))
        time.sleep(0.3)
        server.process.terminate()
        assert server.process.wait(5) == 0


def test_a_second_sigterm_ends_it_at_once(own: Server) -> None:
    with Wire(own) as wire:
        wire.send(query("SELECT pg_sleep(60)"))
        time.sleep(0.3)
        own.process.terminate()
        time.sleep(0.3)
        own.process.terminate()
        assert own.process.wait(5) == 0


def test_control_c_ends_it(own: Server) -> None:
    own.process.send_signal(signal.SIGINT)
    assert own.process.wait(5) == 0


@pytest.mark.parametrize("fronts", [1, 2])
def test_a_server_that_is_stopped_as_soon_as_it_listens_ends_in_order(fronts: int) -> None:
    for _ in range(3):
        with servers.pgiris({"fronts": fronts}) as running:
            running.process.terminate()
            assert running.process.wait(20) == 0


def test_a_killed_server_leaves_no_process_behind(own: Server) -> None:
    with Wire(own) as busy:
        busy.ask(query("BEGIN; INSERT INTO kept VALUES (1)"))
        busy.send(query("SELECT count(*) FROM kept a, kept b"))
        assert len(own.mark.processes()) >= 3
        own.process.kill()
        own.process.wait()
        assert [str(process) for process in own.mark.wait_until_gone(5)] == []


def test_committed_rows_survive_a_kill_and_others_do_not(own: Server) -> None:
    with Wire(own) as wire:
        wire.ask(query("INSERT INTO kept VALUES (1)"))
        wire.ask(query("BEGIN; INSERT INTO kept VALUES (2)"))
        own.process.kill()
        own.process.wait()
        own.mark.wait_until_gone(5)
    with servers.pgiris({"sandbox_path": own.directory / "sandbox"}) as again:
        assert count(again) == "D 1"


def test_several_fronts_share_a_port_and_a_cancel_finds_its_own() -> None:
    with servers.pgiris({"fronts": 3}) as server:
        connections = [psycopg.connect(server.dsn(), autocommit=True) for _ in range(12)]
        connections[0].execute("CREATE TABLE shared (id int)")
        connections[0].execute("INSERT INTO shared VALUES (1)")
        for connection in connections:
            servers.wait_until(lambda c=connection: _sees_the_table(c), 10, "all fronts see a new table")
        for connection in connections:
            connection.pgconn.send_query(b"SELECT pg_sleep(30)")
        time.sleep(0.5)
        for connection in connections:
            connection.cancel_safe()
        for connection in connections:
            result = connection.pgconn.get_result()
            assert result is not None
            assert result.error_field(psycopg.pq.DiagnosticField.SQLSTATE) == b"57014"
            connection.close()


def _sees_the_table(connection: psycopg.Connection[tuple[object, ...]]) -> bool:
    try:
        return connection.execute("SELECT count(*) FROM shared").fetchone() == (1,)
    except psycopg.errors.UndefinedTable:
        return False
