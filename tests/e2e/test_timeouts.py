"""Settings that end statements, transactions and sessions that take too long."""

from __future__ import annotations

import time
from collections.abc import Callable

import psycopg
import pytest
from psycopg import errors

from tests.support import servers
from tests.support.servers import Server
from tests.support.wire import Wire, query

Tables = Callable[[str], str]


def test_statement_timeout(server: Server) -> None:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("SET statement_timeout = '300ms'")
        started = time.monotonic()
        with pytest.raises(errors.QueryCanceled, match="canceling statement due to statement timeout"):
            connection.execute("SELECT pg_sleep(20)")
        assert 0.2 < time.monotonic() - started < 15
        assert connection.execute("SELECT 1").fetchone() == (1,)
        connection.execute("SET statement_timeout = 0")
        connection.execute("SELECT pg_sleep(0.5)")


def test_statement_timeout_stops_a_query_of_the_backend(server: Server, table: Tables) -> None:
    many = table("id int PRIMARY KEY")
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute(f"INSERT INTO {many} VALUES {', '.join(f'({n})' for n in range(1, 101))}")
        connection.execute("SET statement_timeout = '300ms'")
        started = time.monotonic()
        with pytest.raises(errors.QueryCanceled):
            connection.execute(f"SELECT count(*) FROM {many} a, {many} b, {many} c, {many} d WHERE a.id + b.id + c.id + d.id < 0")
        assert time.monotonic() - started < 30
        assert connection.execute(f"SELECT count(*) FROM {many}").fetchone() == (100,)


def test_idle_in_transaction_session_timeout(server: Server, table: Tables) -> None:
    kept = table("id int PRIMARY KEY")
    with Wire(server) as wire:
        wire.ask(query("SET idle_in_transaction_session_timeout = '300ms'"))
        time.sleep(0.6)  # outside a transaction it does not count
        wire.ask(query("BEGIN"))
        wire.ask(query(f"INSERT INTO {kept} VALUES (1)"))
        assert [str(reply) for reply in wire.until("never")] == ["E 25P03"]
    with psycopg.connect(server.dsn()) as connection:
        assert connection.execute(f"SELECT count(*) FROM {kept}").fetchone() == (0,)


def test_idle_session_timeout(server: Server) -> None:
    with Wire(server) as wire:
        wire.ask(query("SET idle_session_timeout = '300ms'"))
        assert [str(reply) for reply in wire.until("never")] == ["E 57P05"]


def test_transaction_timeout(pgiris: Server) -> None:
    """A setting of PostgreSQL 17."""
    with Wire(pgiris) as wire:
        wire.ask(query("SET transaction_timeout = '500ms'"))
        wire.ask(query("BEGIN"))
        wire.send(query("SELECT pg_sleep(20)"))
        assert [str(reply) for reply in wire.until("never") if reply.kind not in "TD"] == ["E 25P04"]


def test_lock_timeout(server: Server, table: Tables) -> None:
    contested = table("id int PRIMARY KEY, n int")
    with psycopg.connect(server.dsn()) as first, psycopg.connect(server.dsn()) as second:
        first.execute(f"INSERT INTO {contested} VALUES (1, 1)")
        first.commit()
        first.execute(f"UPDATE {contested} SET n = 2 WHERE id = 1")
        second.execute("SET lock_timeout = '1s'")
        started = time.monotonic()
        with pytest.raises(errors.LockNotAvailable):
            second.execute(f"UPDATE {contested} SET n = 3 WHERE id = 1")
        assert 0.5 < time.monotonic() - started < 30
        second.rollback()
        first.commit()
        second.execute(f"UPDATE {contested} SET n = 3 WHERE id = 1")
        assert second.execute(f"SELECT n FROM {contested}").fetchone() == (3,)


def test_a_writer_waits_for_another_and_goes_on(server: Server, table: Tables) -> None:
    contested = table("id int PRIMARY KEY, n int")
    with psycopg.connect(server.dsn()) as first:
        first.execute(f"INSERT INTO {contested} VALUES (1, 1)")
        first.commit()
        first.execute(f"UPDATE {contested} SET n = n + 1 WHERE id = 1")
        with Wire(server) as second:
            second.send(query(f"UPDATE {contested} SET n = n + 1 WHERE id = 1"))
            time.sleep(0.5)
            first.commit()
            assert [str(reply) for reply in second.until("Z")] == ["C UPDATE 1", "Z I"]
        assert first.execute(f"SELECT n FROM {contested}").fetchone() == (3,)


def test_settings_of_the_configuration_are_the_defaults() -> None:
    with servers.pgiris({"settings": "statement_timeout=400ms"}) as server, psycopg.connect(server.dsn()) as connection:
        assert connection.execute("SHOW statement_timeout").fetchone() == ("400ms",)
        with pytest.raises(errors.QueryCanceled):
            connection.execute("SELECT pg_sleep(20)")


def test_waiting_for_a_worker_has_an_end() -> None:
    with servers.pgiris({"pool_size": 1, "pool_wait_s": 0.5}) as server, Wire(server) as holder, Wire(server) as waiter:
        holder.ask(query("CREATE TABLE held (id int)"))
        holder.ask(query("BEGIN; INSERT INTO held VALUES (1)"))
        assert waiter.ask(query("SELECT * FROM held"))[-2:] == ["E 53300", "Z I"]
        holder.ask(query("COMMIT"))
        assert waiter.ask(query("SELECT * FROM held")) == ["T id:23", "D 1", "C SELECT 1", "Z I"]
