"""Clients that are answered by a worker directly: nothing that they, others or the server do shows that they are.

What short reads have in common however they are answered is in test_short_reads.py.
"""

from __future__ import annotations

import os
import re
import signal
import time
import urllib.request
from collections.abc import Iterator

import psycopg
import pytest

from tests.support import servers
from tests.support.servers import Server, free_port, wait_until
from tests.support.wire import SYNC, Wire, bind, close, describe, execute, parse, query

READS = 200
SELECT = "SELECT a, b FROM lent WHERE a = $1"
ONE = ["2", "D 1 one", "C SELECT 1", "Z I"]


class Lending:
    """A server, and how many of its clients are lent."""

    def __init__(self, server: Server, metrics: int) -> None:
        self.server = server
        self._url = f"http://127.0.0.1:{metrics}/metrics"

    def count(self, name: str) -> float:
        text = urllib.request.urlopen(self._url, timeout=10).read().decode()
        return sum(float(value) for value in re.findall(rf"^pgiris_{name}\S* (\S+)$", text, re.MULTILINE))

    @property
    def lent(self) -> float:
        return self.count("lent_clients")

    def wait(self, clients: int) -> None:
        wait_until(lambda: self.lent == clients, 10, f"{clients} clients are lent")


@pytest.fixture(scope="module")
def lending() -> Iterator[Lending]:
    port = free_port()
    with servers.pgiris({"metrics_port": port, "pool_size": 4}) as server:
        yield Lending(server, port)


@pytest.fixture(autouse=True)
def table(lending: Lending) -> Iterator[None]:
    with psycopg.connect(lending.server.dsn(), autocommit=True) as connection:
        connection.execute("CREATE TABLE lent (a int PRIMARY KEY, b varchar(20))")
        connection.execute("INSERT INTO lent VALUES (1, 'one'), (2, 'two'), (3, 'three')")
        yield
        connection.execute("DROP TABLE lent")


def batch(value: bytes = b"1", name: str = "s") -> bytes:
    return bind([value], statement=name) + execute() + SYNC


def lent_client(lending: Lending, sql: str = SELECT, value: bytes = b"1", **startup: str) -> Wire:
    """A client with a prepared statement ``s``, which has been lent."""
    before = lending.lent
    wire = Wire(lending.server, **startup)
    assert wire.ask(parse(sql, "s", [23]), SYNC) == ["1", "Z I"]
    for _ in range(READS):
        assert wire.ask(batch(value))[-1] == "Z I"
    lending.wait(int(before) + 1)
    return wire


def test_its_statements_are_counted_as_all_others(lending: Lending) -> None:
    with lent_client(lending) as wire:
        counted = lending.count("statements_total"), lending.count("statement_seconds_count")
        for _ in range(50):
            assert wire.ask(batch()) == ONE
        assert wire.ask(query("SELECT 1")) == ["T ?column?:23", "D 1", "C SELECT 1", "Z I"]
        assert lending.count("lent_statements_total") >= 50
        assert lending.count("statements_total") >= counted[0] + 51
        assert lending.count("statement_seconds_count") >= counted[1] + 50


def test_it_stays_lent_while_it_is_idle_and_is_the_fronts_again_later(lending: Lending) -> None:
    with lent_client(lending) as wire:
        wait_until(lambda: lending.lent == 0, 20, "an idle client is given back")
        assert wire.ask(batch(b"2")) == ["2", "D 2 two", "C SELECT 1", "Z I"]


def test_a_write_between_reads_is_seen_by_the_next_one(lending: Lending) -> None:
    with lent_client(lending) as wire:
        for turn in range(5):
            wire.ask(query(f"UPDATE lent SET b = 'turn {turn}' WHERE a = 1"))
            for _ in range(READS // 4):
                assert wire.ask(batch())[1] == f"D 1 turn {turn}"


def test_what_others_write_is_seen(lending: Lending) -> None:
    with lent_client(lending) as wire, psycopg.connect(lending.server.dsn(), autocommit=True) as other:
        for turn in range(5):
            other.execute("UPDATE lent SET b = %s WHERE a = 1", (f"turn {turn}",))
            assert wire.ask(batch())[1] == f"D 1 turn {turn}"


def test_privileges_hold_for_it(lending: Lending) -> None:
    with psycopg.connect(lending.server.dsn(), autocommit=True) as owner:
        owner.execute("CREATE USER guest PASSWORD 'secret'")
        owner.execute("GRANT SELECT, UPDATE ON lent TO guest")
        for sql, word in (("UPDATE lent SET b = 'mine' WHERE a = $1", "UPDATE"), (SELECT, "SELECT")):
            with lent_client(lending, sql, user="guest") as wire:
                owner.execute(f"REVOKE {word} ON lent FROM guest".encode())
                assert wire.ask(batch()) == ["2", "E 42501", "Z I"]
                assert wire.ask(batch()) == ["2", "E 42501", "Z I"]
        owner.execute("DROP USER guest")


def test_a_name_that_is_given_to_another_statement_means_that_one(lending: Lending) -> None:
    with lent_client(lending) as wire:
        assert wire.ask(close("S", "s"), parse("SELECT b FROM lent WHERE a = $1 + 1", "s", [23]), SYNC) == ["3", "1", "Z I"]
        for _ in range(READS):
            assert wire.ask(batch()) == ["2", "D two", "C SELECT 1", "Z I"]


def test_the_unnamed_statement_is_the_one_that_was_parsed_last(lending: Lending) -> None:
    def read(column: str) -> list[str]:
        sql = f"SELECT {column} FROM lent WHERE a = $1"
        return wire.ask(parse(sql, "", [23]), bind([b"3"]), describe("P"), execute(), SYNC)

    with Wire(lending.server) as wire:
        for _ in range(READS):
            assert read("a")[3] == "D 3"
            assert read("b")[3] == "D three"
        lending.wait(1)
        assert wire.ask(bind([b"2"]), execute(), SYNC) == ["2", "D two", "C SELECT 1", "Z I"]


def test_a_query_drops_the_unnamed_statement(lending: Lending) -> None:
    with Wire(lending.server) as wire:
        for _ in range(READS):
            wire.ask(parse(SELECT, "", [23]), bind([b"1"]), describe("P"), execute(), SYNC)
            assert wire.ask(query("SELECT a FROM lent WHERE a = 2"))[1] == "D 2"
        lending.wait(1)
        assert wire.ask(bind([b"2"]), execute(), SYNC) == ["E 26000", "Z I"]


def test_queries_that_differ_in_literals_get_their_own_answers(lending: Lending) -> None:
    words = {1: "one", 2: "two", 3: "three"}
    with Wire(lending.server) as wire:
        for turn in range(READS):
            number = turn % 3 + 1
            assert wire.ask(query(f"SELECT b FROM lent WHERE b <> ';{turn}' AND a = {number};"))[1] == f"D {words[number]}"
            assert wire.ask(query("SELECT b FROM lent WHERE a = 1 ORDER BY 1"))[1] == "D one"
            assert wire.ask(query(f"SELECT count(*) FROM lent LIMIT {turn % 2}"))[1:-1] == (
                ["D 3", "C SELECT 1"] if turn % 2 else ["C SELECT 0"]
            )
        assert lending.lent == 1


def test_others_see_what_it_asked_last(lending: Lending) -> None:
    asked = "SELECT query FROM pg_stat_activity WHERE pid = %s"
    with Wire(lending.server) as wire, Wire(lending.server) as other:
        for number in range(READS):
            for client, offset in ((wire, 0), (other, 1)):
                client.ask(query(f"SELECT b FROM lent WHERE a = {(number + offset) % 3}"))
        lending.wait(2)
        for client in (wire, other):
            assert client.ask(parse("SELECT 1 FROM nowhere"), SYNC) == ["E 42P01", "Z I"]
        with psycopg.connect(lending.server.dsn(), autocommit=True) as connection:
            assert connection.execute(asked, (wire.pid,)).fetchone() == ("SELECT b FROM lent WHERE a = 1",)
            assert connection.execute(asked, (other.pid,)).fetchone() == ("SELECT b FROM lent WHERE a = 2",)


def test_a_table_that_another_session_alters_changes_its_answers_at_once(lending: Lending) -> None:
    with lent_client(lending, "SELECT * FROM lent WHERE a = $1") as wire:
        with psycopg.connect(lending.server.dsn(), autocommit=True) as other:
            other.execute("ALTER TABLE lent ADD COLUMN c int")
        assert wire.ask(query("SELECT * FROM lent WHERE a = 1")) == ["T a:23 b:1043 c:23", "D 1 one NULL", "C SELECT 1", "Z I"]
        assert wire.ask(parse("SELECT * FROM lent WHERE a = $1", "", [23]), bind([b"1"]), execute(), SYNC)[2] == "D 1 one NULL"


def test_a_table_that_is_dropped_is_gone(lending: Lending) -> None:
    with psycopg.connect(lending.server.dsn(), autocommit=True) as other:
        other.execute("CREATE TABLE dropped (a int PRIMARY KEY)")
        with lent_client(lending, "SELECT a FROM dropped WHERE a = $1") as wire:
            other.execute("DROP TABLE dropped")
            assert wire.ask(batch()) == ["E 42P01", "Z I"]


def test_settings_count_from_the_next_statement_on(lending: Lending) -> None:
    with lent_client(lending, "SELECT TIMESTAMPTZ '2026-01-01 00:00:00+00' FROM lent WHERE a = $1") as wire:
        for zone, shown in (("UTC", "2026-01-01 00:00:00+00"), ("Asia/Tokyo", "2026-01-01 09:00:00+09")):
            wire.ask(query(f"SET TimeZone = '{zone}'"))
            for _ in range(READS // 2):
                assert wire.ask(batch())[1] == f"D {shown}"


def test_transactions_are_the_fronts(lending: Lending) -> None:
    with lent_client(lending) as wire:
        assert wire.ask(query("BEGIN")) == ["C BEGIN", "Z T"]
        wire.ask(query("UPDATE lent SET b = 'mine' WHERE a = 1"))
        for _ in range(READS):
            assert wire.ask(batch()) == ["2", "D 1 mine", "C SELECT 1", "Z T"]
        wire.ask(query("ROLLBACK"))
        assert wire.ask(batch()) == ONE


UPDATE = "UPDATE lent SET b = $1 WHERE a = 1"
UPDATED = ["2", "C UPDATE 1", "Z I"]


def lent_writer(lending: Lending, sql: str = UPDATE, value: bytes = b"new") -> Wire:
    """A client with a prepared change ``s``, which has been lent."""
    before = lending.lent
    wire = Wire(lending.server)
    assert wire.ask(parse(sql, "s"), SYNC) == ["1", "Z I"]
    for _ in range(READS):
        assert wire.ask(batch(value))[-1] == "Z I"
    lending.wait(int(before) + 1)
    return wire


def test_what_it_changes_is_permanent_and_seen_by_others(lending: Lending) -> None:
    with lent_writer(lending) as wire, psycopg.connect(lending.server.dsn(), autocommit=True) as other:
        for turn in range(5):
            assert wire.ask(batch(f"turn {turn}".encode())) == UPDATED
            assert other.execute("SELECT b FROM lent WHERE a = 1").fetchall() == [(f"turn {turn}",)]
        assert lending.lent == 1


def test_changes_of_several_clients_and_their_literals_all_happen(lending: Lending) -> None:
    with psycopg.connect(lending.server.dsn(), autocommit=True) as other:
        other.execute("CREATE TABLE counted (a int PRIMARY KEY, n int)")
        with Wire(lending.server) as one, Wire(lending.server) as two:
            for number in range(READS):
                for wire, start in ((one, 0), (two, READS)):
                    assert wire.ask(query(f"INSERT INTO counted VALUES ({start + number}, 0)")) == ["C INSERT 0 1", "Z I"]
                    changed = wire.ask(query(f"UPDATE counted SET n = n + {number} WHERE a <= {start}"))
                    assert changed == [f"C UPDATE {1 if not start else number + 2}", "Z I"]
            lending.wait(2)
        assert other.execute("SELECT count(*) FROM counted").fetchone() == (2 * READS,)
        assert other.execute("SELECT n FROM counted WHERE a = 0").fetchone() == (READS * (READS - 1),)
        other.execute("DROP TABLE counted")


def test_a_change_that_fails_changes_nothing_and_says_why(lending: Lending) -> None:
    sql = "UPDATE lent SET b = $1 WHERE a < 3"
    with lent_writer(lending, sql) as wire, psycopg.connect(lending.server.dsn(), autocommit=True) as other:
        assert wire.ask(batch(b"x" * 21)) == ["2", "E 22001", "Z I"]
        assert other.execute("SELECT b FROM lent ORDER BY a").fetchall() == [("new",), ("new",), ("three",)]
        assert wire.ask(batch(b"y")) == ["2", "C UPDATE 2", "Z I"]


def test_a_change_waits_for_the_lock_that_a_transaction_holds(lending: Lending) -> None:
    with lent_writer(lending) as wire, lent_client(lending) as reader, psycopg.connect(lending.server.dsn()) as other:
        other.execute("UPDATE lent SET b = 'other' WHERE a = 2")
        wire.send(batch(b"late"))
        for _ in range(3):  # nobody else waits with it
            assert reader.ask(batch()) == ["2", "D 1 new", "C SELECT 1", "Z I"]
        other.commit()
        assert list(map(str, wire.until("Z"))) == UPDATED
        assert reader.ask(batch()) == ["2", "D 1 late", "C SELECT 1", "Z I"]


def test_a_session_that_may_only_read_is_refused_its_changes(lending: Lending) -> None:
    with lent_writer(lending) as wire:
        wire.ask(query("SET default_transaction_read_only = on"))
        for _ in range(READS):
            assert wire.ask(batch(b"no")) == ["2", "E 25006", "Z I"]
            assert wire.ask(query("SELECT b FROM lent WHERE a = 1"))[1] == "D new"
        for _ in range(READS):
            assert wire.ask(query("SELECT b FROM lent WHERE a = 1"))[1] == "D new"
        lending.wait(1)
        sql = "UPDATE lent SET b = 'shared' WHERE a = 1"
        with Wire(lending.server) as writer:  # which has the worker know it
            for _ in range(READS):
                assert writer.ask(query(sql)) == ["C UPDATE 1", "Z I"]
            lending.wait(2)
            assert wire.ask(query(sql)) == ["E 25006", "Z I"]


def run_block(wire: Wire, value: bytes, end: str = "COMMIT") -> list[list[str]]:
    asked = [query("BEGIN"), batch(value), query("SELECT b FROM lent WHERE a = 1"), query(end)]
    return [wire.ask(part) for part in asked]


def done(value: str, end: str = "COMMIT") -> list[list[str]]:
    return [["C BEGIN", "Z T"], ["2", "C UPDATE 1", "Z T"], ["T b:1043", f"D {value}", "C SELECT 1", "Z T"], [f"C {end}", "Z I"]]


def lent_in_blocks(lending: Lending) -> Wire:
    """A client whose transactions a worker carries out, and has a prepared change ``s``."""
    before = lending.lent
    wire = Wire(lending.server)
    assert wire.ask(parse(UPDATE, "s"), SYNC) == ["1", "Z I"]
    for _ in range(READS):
        assert run_block(wire, b"new") == done("new")
    lending.wait(int(before) + 1)
    return wire


def test_its_transactions_are_committed_and_rolled_back(lending: Lending) -> None:
    with lent_in_blocks(lending) as wire, psycopg.connect(lending.server.dsn(), autocommit=True) as other:
        counted = lending.count("lent_statements_total")
        for turn in range(20):
            assert run_block(wire, f"turn {turn}".encode()) == done(f"turn {turn}")
            assert other.execute("SELECT b FROM lent WHERE a = 1").fetchone() == (f"turn {turn}",)
            assert run_block(wire, b"undone", "ROLLBACK") == done("undone", "ROLLBACK")
            assert other.execute("SELECT b FROM lent WHERE a = 1").fetchone() == (f"turn {turn}",)
        assert wire.ask(query("SELECT 1")) == ["T ?column?:23", "D 1", "C SELECT 1", "Z I"]
        assert lending.count("lent_statements_total") >= counted + 80


def test_others_do_not_see_what_a_transaction_has_not_committed(lending: Lending) -> None:
    with lent_in_blocks(lending) as wire, lent_client(lending) as reader, lent_in_blocks(lending) as second:
        for turn in range(10):
            assert run_block(wire, b"before")[3] == ["C COMMIT", "Z I"]
            for part in (query("BEGIN"), batch(f"turn {turn}".encode())):
                wire.ask(part)
            assert reader.ask(batch()) == ["2", "D 1 before", "C SELECT 1", "Z I"]
            assert second.ask(query("SELECT b FROM lent WHERE a = 1"))[1] == "D before"
            second.ask(query("BEGIN"))
            second.send(batch(b"second"))
            assert wire.ask(query("COMMIT")) == ["C COMMIT", "Z I"]
            assert list(map(str, second.until("Z"))) == ["2", "C UPDATE 1", "Z T"]
            assert second.ask(query("COMMIT")) == ["C COMMIT", "Z I"]
            assert reader.ask(batch()) == ["2", "D 1 second", "C SELECT 1", "Z I"]


def test_the_front_goes_on_with_a_transaction_in_which_something_else_is_wanted(lending: Lending) -> None:
    with psycopg.connect(lending.server.dsn(), autocommit=True) as other:
        for turn in range(3):
            with lent_in_blocks(lending) as wire:
                assert wire.ask(query("BEGIN")) == ["C BEGIN", "Z T"]
                assert wire.ask(batch(b"first")) == ["2", "C UPDATE 1", "Z T"]
                assert wire.ask(query("SAVEPOINT one")) == ["C SAVEPOINT", "Z T"]
                assert wire.ask(batch(b"second")) == ["2", "C UPDATE 1", "Z T"]
                assert wire.ask(query("ROLLBACK TO one")) == ["C ROLLBACK", "Z T"]
                assert wire.ask(query("SELECT b FROM lent WHERE a = 1"))[1] == "D first"
                assert other.execute("SELECT b FROM lent WHERE a = 1").fetchone() == ("new",)
                wire.ask(batch(f"turn {turn}".encode()))
                assert wire.ask(query("COMMIT")) == ["C COMMIT", "Z I"]
                assert other.execute("SELECT b FROM lent WHERE a = 1").fetchone() == (f"turn {turn}",)


def test_an_error_in_its_transaction_undoes_all_of_it(lending: Lending) -> None:
    with lent_in_blocks(lending) as wire, psycopg.connect(lending.server.dsn(), autocommit=True) as other:
        wire.ask(query("BEGIN"))
        assert wire.ask(batch(b"first")) == ["2", "C UPDATE 1", "Z T"]
        assert wire.ask(batch(b"x" * 21)) == ["2", "E 22001", "Z E"]
        assert wire.ask(batch(b"y")) == ["E 25P02", "Z E"]
        assert wire.ask(query("COMMIT")) == ["C ROLLBACK", "Z I"]
        assert other.execute("SELECT b FROM lent WHERE a = 1").fetchone() == ("new",)
        assert run_block(wire, b"again") == done("again")


def test_a_client_that_leaves_in_its_transaction_has_changed_nothing(lending: Lending) -> None:
    with lent_in_blocks(lending) as wire:
        wire.ask(query("BEGIN"))
        wire.ask(batch(b"first"))
    with psycopg.connect(lending.server.dsn(), autocommit=True) as other:
        other.execute("UPDATE lent SET b = 'theirs' WHERE a = 2")  # nobody holds the lock
        assert other.execute("SELECT b FROM lent WHERE a < 3 ORDER BY a").fetchall() == [("new",), ("theirs",)]


def test_a_client_that_thinks_in_its_transaction_keeps_it(lending: Lending) -> None:
    with lent_in_blocks(lending) as wire:
        assert wire.ask(query("BEGIN")) == ["C BEGIN", "Z T"]
        assert wire.ask(batch(b"slowly")) == ["2", "C UPDATE 1", "Z T"]
        lending.wait(0)
        with psycopg.connect(lending.server.dsn(), autocommit=True) as other:
            assert other.execute("SELECT b FROM lent WHERE a = 1").fetchone() == ("new",)
            state = other.execute("SELECT state FROM pg_stat_activity WHERE pid = %s", (wire.pid,)).fetchone()
            assert state == ("idle in transaction",)
        assert wire.ask(query("SELECT b FROM lent WHERE a = 1"))[1] == "D slowly"
        assert wire.ask(query("COMMIT")) == ["C COMMIT", "Z I"]
        assert wire.ask(query("SELECT b FROM lent WHERE a = 1"))[1] == "D slowly"


def test_a_worker_that_is_killed_in_its_transaction_commits_nothing_and_is_not_silent(lending: Lending) -> None:
    with lent_in_blocks(lending) as wire:
        wire.ask(query("BEGIN"))
        wire.ask(batch(b"lost"))
        for worker in lending.server.workers():
            os.kill(worker.pid, signal.SIGKILL)
        lending.wait(0)
        time.sleep(0.2)  # all other workers are missed, too
        wire.send(query("COMMIT"))
        said = [str(reply) for reply in wire.until("never")]
        assert said and said[0].startswith("E 57P02")
    with psycopg.connect(lending.server.dsn(), autocommit=True) as other:
        assert other.execute("SELECT b FROM lent WHERE a = 1").fetchone() == ("new",)


def test_the_time_of_its_transactions_stands_still_in_each(lending: Lending) -> None:
    with lent_in_blocks(lending) as wire, psycopg.connect(lending.server.dsn(), autocommit=True) as other:
        other.execute("CREATE TABLE moments (a int, b timestamptz, c timestamp)")
        insert = query("INSERT INTO moments VALUES (1, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)")
        for _ in range(READS):
            for part in (query("BEGIN"), insert, insert, query("COMMIT")):
                wire.ask(part)
        assert other.execute("SELECT count(*), count(DISTINCT b), count(DISTINCT c) FROM moments").fetchone() == (
            2 * READS, READS, READS,
        )  # fmt: skip
        late = "SELECT count(*) FROM moments WHERE b < now() - interval '1 hour' OR b > now() OR b <> c"
        assert other.execute(late).fetchone() == (0,)
        other.execute("DROP TABLE moments")


def test_values_that_are_none_and_values_that_are_wrong(lending: Lending) -> None:
    with lent_client(lending) as wire:
        for _ in range(3):
            assert wire.ask(bind([None], statement="s"), execute(), SYNC) == ["2", "C SELECT 0", "Z I"]
            assert wire.ask(batch(b"x")) == ["E 22P02", "Z I"]
            assert wire.ask(bind([b"1", b"2"], statement="s"), execute(), SYNC) == ["E 08P01", "Z I"]
            assert wire.ask(bind([(1).to_bytes(4, "big")], formats=[1], statement="s"), execute(), SYNC) == ONE
            assert wire.ask(batch(name="t")) == ["E 26000", "Z I"]
            assert wire.ask(batch()) == ONE


def test_what_is_no_message_ends_the_connection_with_an_error(lending: Lending) -> None:
    with lent_client(lending) as wire:
        wire.send(b"?\0\0\0\4")
        assert [str(reply) for reply in wire.until("never")] == ["E 08P01"]


def test_notifications_reach_a_client_that_begins_to_listen(lending: Lending) -> None:
    with lent_client(lending) as wire, psycopg.connect(lending.server.dsn(), autocommit=True) as other:
        wire.ask(query("LISTEN news"))
        for _ in range(READS):
            assert wire.ask(batch()) == ONE
        other.execute("NOTIFY news, 'hello'")
        assert wire.receive().kind == "A"


def test_a_worker_that_is_killed_while_its_clients_are_idle_costs_them_nothing(lending: Lending) -> None:
    with lent_client(lending) as one, lent_client(lending) as other:
        for worker in lending.server.workers():
            os.kill(worker.pid, signal.SIGKILL)
        lending.wait(0)
        time.sleep(0.2)  # all other workers are missed, too
        for wire in (one, other):
            assert wire.ask(batch()) == ONE


def test_it_gives_way_to_transactions_that_need_its_worker() -> None:
    port = free_port()
    with servers.pgiris({"metrics_port": port, "pool_size": 2}) as server:
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute("CREATE TABLE lent (a int PRIMARY KEY, b varchar(20))")
            connection.execute("INSERT INTO lent VALUES (1, 'one')")
        lending = Lending(server, port)
        with lent_client(lending) as wire:
            with psycopg.connect(server.dsn()) as one, psycopg.connect(server.dsn()) as other:
                for connection in (one, other):
                    assert connection.execute("SELECT b FROM lent").fetchall() == [("one",)]
                assert lending.lent == 0
                wire.send(batch())
            assert list(map(str, wire.until("Z"))) == ONE


def test_it_is_told_when_the_server_stops() -> None:
    port = free_port()
    with servers.pgiris({"metrics_port": port}) as server:
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute("CREATE TABLE lent (a int PRIMARY KEY, b varchar(20))")
            connection.execute("INSERT INTO lent VALUES (1, 'one')")
        with lent_client(Lending(server, port)) as wire:
            server.process.send_signal(signal.SIGTERM)
            assert [str(reply) for reply in wire.until("never")] == ["E 57P01"]


def test_nobody_is_lent_when_that_is_switched_off() -> None:
    port = free_port()
    with (
        servers.pgiris({"metrics_port": port, "lend_clients": False}) as server,
        psycopg.connect(server.dsn(), autocommit=True, prepare_threshold=0) as connection,
    ):
        connection.execute("CREATE TABLE lent (a int PRIMARY KEY)")
        for _ in range(READS):
            connection.execute("SELECT a FROM lent WHERE a = %s", (1,))
        assert Lending(server, port).lent == 0
