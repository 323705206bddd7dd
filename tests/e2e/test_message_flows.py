"""Message flows as drivers send them, in one packet, message by message and byte by byte.

The expected lines are what PostgreSQL answers: each flow runs on it too. ``T id:23`` is a RowDescription, ``D 1`` a DataRow.
PostgreSQL: protocol-flow
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.servers import Server
from tests.support.wire import (
    BINARY,
    FLUSH,
    SYNC,
    TERMINATE,
    Wire,
    bind,
    close,
    describe,
    execute,
    message,
    parse,
    query,
)

INT4 = 23


@dataclass(frozen=True)
class Turn:
    """What the client sends at once, and what it gets before it goes on."""

    sent: tuple[bytes, ...]
    received: str


def int4(value: int) -> bytes:
    return struct.pack("!i", value)


INSERT = "INSERT INTO {t} (id, name) VALUES ($1, $2)"
BY_KEY = "SELECT id, name FROM {t} WHERE id = $1"
ORDERED = "SELECT id FROM {t} ORDER BY id"

# Rows at the start of each flow: (1, 'one'), (2, NULL), (3, 'three').
FLOWS: dict[str, tuple[Turn, ...]] = {
    "libpq with parameters: PBDES": (
        Turn((parse(BY_KEY), bind([b"1"]), describe("P"), execute(), SYNC), "1|2|T id:23 name:25|D 1 one|C SELECT 1|Z I"),
    ),
    "libpq prepared: PS, DS, BDES": (
        Turn((parse(BY_KEY, "s"), SYNC), "1|Z I"),
        Turn((describe("S", "s"), SYNC), "t 23|T id:23 name:25|Z I"),
        Turn((bind([b"2"], statement="s"), describe("P"), execute(), SYNC), "2|T id:23 name:25|D 2 NULL|C SELECT 1|Z I"),
        Turn((bind([b"9"], statement="s"), describe("P"), execute(), SYNC), "2|T id:23 name:25|C SELECT 0|Z I"),
    ),
    "asyncpg: PDH, then BES with binary results": (
        Turn((parse(BY_KEY, "a"), describe("S", "a"), FLUSH), "1|t 23|T id:23 name:25"),
        Turn(
            (bind([int4(3)], statement="a", formats=[BINARY], results=[BINARY]), execute(), SYNC),
            "2|D \\x00000003 three|C SELECT 1|Z I",
        ),
        Turn((close("S", "a"), SYNC), "3|Z I"),
    ),
    "pg8000: PH DH BH EH S": (
        Turn((parse(BY_KEY, "p"), FLUSH), "1"),
        Turn((describe("S", "p"), FLUSH), "t 23|T id:23 name:25"),
        Turn((bind([b"1"], statement="p"), FLUSH), "2"),
        Turn((execute(), FLUSH), "D 1 one|C SELECT 1"),
        Turn((SYNC,), "Z I"),
    ),
    "pgjdbc: BEGIN and the statement in one batch, then a named statement": (
        Turn(
            (
                *(parse("BEGIN"), bind(), execute()),
                *(parse(BY_KEY, "S_1"), bind([b"1"], statement="S_1"), describe("P"), execute(), SYNC),
            ),
            "1|2|C BEGIN|1|2|T id:23 name:25|D 1 one|C SELECT 1|Z T",
        ),
        Turn((bind([int4(2)], statement="S_1", formats=[BINARY]), execute(), SYNC), "2|D 2 NULL|C SELECT 1|Z T"),
        Turn((parse("COMMIT"), bind(), execute(limit=1), SYNC), "1|2|C COMMIT|Z I"),
    ),
    "pgjdbc: rows in parts through an unnamed portal in a transaction": (
        Turn((query("BEGIN"),), "C BEGIN|Z T"),
        Turn(
            (parse(ORDERED), bind(portal="C_1"), describe("P", "C_1"), execute("C_1", 2), SYNC),
            "1|2|T id:23|D 1|D 2|s|Z T",
        ),
        Turn((execute("C_1", 2), SYNC), "D 3|C SELECT 1|Z T"),
        Turn((close("P", "C_1"), SYNC), "3|Z T"),
        Turn((query("ROLLBACK"),), "C ROLLBACK|Z I"),
    ),
    "node cursors: PBDH, EH, CS": (
        Turn((parse(ORDERED), bind(), describe("P"), FLUSH), "1|2|T id:23"),
        Turn((execute(limit=1), FLUSH), "D 1|s"),
        Turn((execute(limit=1), FLUSH), "D 2|s"),
        Turn((close("P"), SYNC), "3|Z I"),
    ),
    "postgres.js: PDBES": (
        Turn(
            (parse(BY_KEY, "j"), describe("S", "j"), bind([b"3"], statement="j"), execute(), SYNC),
            "1|t 23|T id:23 name:25|2|D 3 three|C SELECT 1|Z I",
        ),
    ),
    "pgx: PDS, then BDES": (
        Turn((parse(BY_KEY, "x"), describe("S", "x"), SYNC), "1|t 23|T id:23 name:25|Z I"),
        Turn(
            (bind([int4(1)], statement="x", formats=[BINARY], results=[BINARY, 0]), describe("P"), execute(), SYNC),
            "2|T id:23:b name:25|D \\x00000001 one|C SELECT 1|Z I",
        ),
    ),
    "a pipeline with one Sync: (PBDE)+S": (
        Turn(
            (
                parse(INSERT, "i"),
                *(bind([str(n).encode(), b"n"], statement="i") + describe("P") + execute() for n in (4, 5)),
                SYNC,
            ),
            "1|2|n|C INSERT 0 1|2|n|C INSERT 0 1|Z I",
        ),
        Turn((query("SELECT count(*) FROM {t}"),), "T count:20|D 5|C SELECT 1|Z I"),
    ),
    "a pipeline with Flush: (PBDE)+H": (
        Turn((parse(BY_KEY), bind([b"1"]), describe("P"), execute(), FLUSH), "1|2|T id:23 name:25|D 1 one|C SELECT 1"),
        Turn((parse(BY_KEY), bind([b"3"]), describe("P"), execute(), FLUSH), "1|2|T id:23 name:25|D 3 three|C SELECT 1"),
        Turn((SYNC,), "Z I"),
    ),
    "an error skips what follows up to Sync and undoes the pipeline": (
        Turn(
            (
                parse(INSERT, "i"),
                bind([b"4", b"four"], statement="i"),
                execute(),
                bind([b"1", b"again"], statement="i"),
                execute(),
                bind([b"5", b"five"], statement="i"),
                execute(),
                SYNC,
            ),
            "1|2|C INSERT 0 1|2|E 23505|Z I",
        ),
        Turn((query(ORDERED),), "T id:23|D 1|D 2|D 3|C SELECT 3|Z I"),
    ),
    "statements in a failed transaction are refused until ROLLBACK": (
        Turn((query("BEGIN"),), "C BEGIN|Z T"),
        Turn((query("SELECT no_such_column FROM {t}"),), "E 42703|Z E"),
        Turn((query(ORDERED),), "E 25P02|Z E"),
        Turn((parse(ORDERED), bind(), execute(), SYNC), "E 25P02|Z E"),
        Turn((query("COMMIT"),), "C ROLLBACK|Z I"),
    ),
    "a statement that is used later stays after an error": (
        Turn((parse(BY_KEY, "kept"), SYNC), "1|Z I"),
        Turn((parse("SELECT no_such_column FROM {t}"), SYNC), "E 42703|Z I"),
        Turn((bind([b"1"], statement="kept"), execute(), SYNC), "2|D 1 one|C SELECT 1|Z I"),
    ),
    "unknown statements and portals": (
        Turn((bind(statement="nix"), SYNC), "E 26000|Z I"),
        Turn((describe("S", "nix"), SYNC), "E 26000|Z I"),
        Turn((describe("P", "nix"), SYNC), "E 34000|Z I"),
        Turn((execute("nix"), SYNC), "E 34000|Z I"),
        Turn((close("S", "nix"), close("P", "nix"), SYNC), "3|3|Z I"),
    ),
    "a name in use is refused": (
        Turn((parse(BY_KEY, "twice"), SYNC), "1|Z I"),
        Turn((parse(BY_KEY, "twice"), SYNC), "E 42P05|Z I"),
        Turn((query("BEGIN"),), "C BEGIN|Z T"),
        Turn((parse(ORDERED), bind(portal="c"), SYNC), "1|2|Z T"),
        Turn((bind(portal="c"), SYNC), "E 42P03|Z E"),
        Turn((query("ROLLBACK"),), "C ROLLBACK|Z I"),
    ),
    "a wrong number of values": (
        Turn((parse(BY_KEY), bind([]), SYNC), "1|E 08P01|Z I"),
        Turn((parse(BY_KEY), bind([b"1", b"2"]), SYNC), "1|E 08P01|Z I"),
        Turn((parse(BY_KEY), bind([b"1"], formats=[0, 0]), SYNC), "1|E 08P01|Z I"),
        Turn((parse(BY_KEY), bind([b"1"], results=[0, 0, 0]), SYNC), "1|E 08P01|Z I"),
    ),
    "empty statements": (
        Turn((query(""),), "I|Z I"),
        Turn((query(" ; "),), "I|Z I"),
        Turn((query("-- nothing"),), "I|Z I"),
        Turn((parse(""), bind(), describe("P"), execute(), SYNC), "1|2|n|I|Z I"),
    ),
    "several statements in one Query": (
        Turn(
            (query("INSERT INTO {t} (id) VALUES (7); SELECT id FROM {t} WHERE id > 2 ORDER BY id; DELETE FROM {t} WHERE id=7"),),
            "C INSERT 0 1|T id:23|D 3|D 7|C SELECT 2|C DELETE 1|Z I",
        ),
        Turn((query("INSERT INTO {t} (id) VALUES (8); INSERT INTO {t} (id) VALUES (1); SELECT 1"),), "C INSERT 0 1|E 23505|Z I"),
        Turn((query(ORDERED),), "T id:23|D 1|D 2|D 3|C SELECT 3|Z I"),
    ),
    "a syntax error among several statements, so that none of them runs": (
        Turn((query("INSERT INTO {t} (id) VALUES (8); SELECT 1 +; SELECT 2"),), "E 42601|Z I"),
        Turn((query("INSERT INTO {t} (id) VALUES (8); SELEC 1"),), "E 42601|Z I"),
        Turn((query("INSERT INTO {t} (id) VALUES (8); SET x = ; SELECT 2"),), "E 42601|Z I"),
        Turn((query(ORDERED),), "T id:23|D 1|D 2|D 3|C SELECT 3|Z I"),
    ),
    "a value that Bind cannot take": (
        Turn((parse("SELECT $1::int + 1"), bind((b"x",)), FLUSH, SYNC), "1|E 22P02|Z I"),
        Turn((parse("SELECT id FROM {t} WHERE id = $1"), bind((b"x",)), FLUSH, SYNC), "1|E 22P02|Z I"),
    ),
    "several statements with a transaction among them": (
        Turn(
            (query("BEGIN; INSERT INTO {t} (id) VALUES (7); COMMIT; SELECT 1 AS a"),),
            "C BEGIN|C INSERT 0 1|C COMMIT|T a:23|D 1|C SELECT 1|Z I"),
        Turn(
            (query("INSERT INTO {t} (id) VALUES (8); BEGIN; DELETE FROM {t} WHERE id = 7"),),
            "C INSERT 0 1|C BEGIN|C DELETE 1|Z T"),
        Turn((query("ROLLBACK"),), "C ROLLBACK|Z I"),
        Turn((query(ORDERED),), "T id:23|D 1|D 2|D 3|D 7|C SELECT 4|Z I"),
    ),
    "LOCK TABLE asks for a block, which several statements in one Query are": (
        Turn((query("LOCK TABLE {t}; LOCK TABLE {t} IN ACCESS SHARE MODE"),), "C LOCK TABLE|C LOCK TABLE|Z I"),
        Turn((query("SELECT id FROM {t} WHERE id = 1; LOCK {t}"),), "T id:23|D 1|C SELECT 1|C LOCK TABLE|Z I"),
        Turn((query("LOCK TABLE {t}"),), "E 25P01|Z I"),
        Turn((query("LOCK TABLE {t}; COMMIT; LOCK TABLE {t}"),), "C LOCK TABLE|N 25P01|C COMMIT|C LOCK TABLE|Z I"),
        Turn((parse("LOCK TABLE {t}", "s"), bind(statement="s"), execute(), SYNC), "1|2|E 25P01|Z I"),
        Turn((bind(statement="s"), execute(), SYNC), "2|E 25P01|Z I"),
        Turn((parse("BEGIN"), bind(), execute(), bind(statement="s"), execute(), SYNC), "1|2|C BEGIN|2|C LOCK TABLE|Z T"),
        Turn((query("ROLLBACK"),), "C ROLLBACK|Z I"),
    ),
    "several statements are refused in Parse": (
        Turn((parse("SELECT 1; SELECT 2"), SYNC), "E 42601|Z I"),
    ),
    "transactions that are not there, or are there already": (
        Turn((query("COMMIT"),), "N 25P01|C COMMIT|Z I"),
        Turn((query("ROLLBACK"),), "N 25P01|C ROLLBACK|Z I"),
        Turn((query("BEGIN"),), "C BEGIN|Z T"),
        Turn((query("BEGIN"),), "N 25001|C BEGIN|Z T"),
        Turn((query("SAVEPOINT a"),), "C SAVEPOINT|Z T"),
        Turn((query("ROLLBACK TO nix"),), "E 3B001|Z E"),
        Turn((query("ROLLBACK TO a"),), "C ROLLBACK|Z T"),
        Turn((query("RELEASE a"),), "C RELEASE|Z T"),
        Turn((query("COMMIT"),), "C COMMIT|Z I"),
        Turn((query("SAVEPOINT b"),), "E 25P01|Z I"),
    ),
    "a portal ends with its transaction": (
        Turn((query("BEGIN"),), "C BEGIN|Z T"),
        Turn((parse(ORDERED), bind(portal="c"), execute("c", 1), SYNC), "1|2|D 1|s|Z T"),
        Turn((query("COMMIT"),), "C COMMIT|Z I"),
        Turn((execute("c", 1), SYNC), "E 34000|Z I"),
    ),
    "a portal made outside a transaction ends at Sync": (
        Turn((parse(ORDERED), bind(portal="c"), execute("c", 1), SYNC), "1|2|D 1|s|Z I"),
        Turn((execute("c", 1), SYNC), "E 34000|Z I"),
    ),
    "a portal that was not executed ends at Sync too": (
        Turn((parse(ORDERED), bind(), bind(portal="c"), SYNC), "1|2|2|Z I"),
        Turn((execute(), SYNC), "E 34000|Z I"),
        Turn((execute("c"), SYNC), "E 34000|Z I"),
    ),
    "a Query ends the unnamed statement and portal": (
        Turn((parse(BY_KEY), SYNC), "1|Z I"),
        Turn((query("SELECT 1 AS a"),), "T a:23|D 1|C SELECT 1|Z I"),
        Turn((bind([b"1"]), SYNC), "E 26000|Z I"),
    ),
    "declared parameter types": (
        Turn((parse("SELECT $1 AS a", "d", [INT4]), describe("S", "d"), SYNC), "1|t 23|T a:23|Z I"),
        Turn((parse("SELECT $1::int AS a, $2::text AS b"), describe("S"), SYNC), "1|t 23 25|T a:23 b:25|Z I"),
        Turn((parse("SELECT $1::int + 1 AS a"), bind([b"41"]), execute(), SYNC), "1|2|D 42|C SELECT 1|Z I"),
    ),
    "cursors": (
        Turn((query("DECLARE c CURSOR FOR " + ORDERED),), "E 25P01|Z I"),
        Turn((query("BEGIN; DECLARE c CURSOR FOR " + ORDERED),), "C BEGIN|C DECLARE CURSOR|Z T"),
        Turn((query("FETCH 2 FROM c"),), "T id:23|D 1|D 2|C FETCH 2|Z T"),
        Turn((query("MOVE 1 FROM c"),), "C MOVE 1|Z T"),
        Turn((query("FETCH ALL FROM c"),), "T id:23|C FETCH 0|Z T"),
        Turn((query("CLOSE c"),), "C CLOSE CURSOR|Z T"),
        Turn((query("FETCH c"),), "E 34000|Z E"),
        Turn((query("END"),), "C ROLLBACK|Z I"),
    ),
    "PREPARE and EXECUTE": (
        Turn((query("PREPARE q (int) AS SELECT name FROM {t} WHERE id = $1"),), "C PREPARE|Z I"),
        Turn((query("EXECUTE q (1)"),), "T name:25|D one|C SELECT 1|Z I"),
        Turn((bind([b"3"], statement="q"), execute(), SYNC), "2|D three|C SELECT 1|Z I"),
        Turn((query("DEALLOCATE q"),), "C DEALLOCATE|Z I"),
        Turn((query("EXECUTE q (1)"),), "E 26000|Z I"),
    ),
    "settings": (
        Turn((query("SET application_name = 'flow'"),), "C SET|S application_name|Z I"),
        Turn((query("SHOW application_name"),), "T application_name:25|D flow|C SHOW|Z I"),
        Turn((query("SET no_such_setting = 1"),), "E 42704|Z I"),
        Turn((query("BEGIN; SET LOCAL statement_timeout = '5s'; SHOW statement_timeout; ROLLBACK; SHOW statement_timeout"),),
             "C BEGIN|C SET|T statement_timeout:25|D 5s|C SHOW|C ROLLBACK|T statement_timeout:25|D 0|C SHOW|Z I"),
    ),
    "a function that is not there, a table that is not there, a bad word": (
        Turn((query("SELECT * FROM no_such_table"),), "E 42P01|Z I"),
        Turn((query("SELECT no_such_function(1)"),), "E 42883|Z I"),
        Turn((query("SELEC 1"),), "E 42601|Z I"),
    ),
    "changes say how many rows": (
        Turn((query("UPDATE {t} SET name = 'x' WHERE id > 1"),), "C UPDATE 2|Z I"),
        Turn((query("DELETE FROM {t} WHERE id > 5"),), "C DELETE 0|Z I"),
        Turn((query("INSERT INTO {t} (id, name) VALUES (11, 'a'), (12, 'b')"),), "C INSERT 0 2|Z I"),
    ),
}  # fmt: skip

DELIVERIES: dict[str, Callable[[Wire, tuple[bytes, ...]], None]] = {
    "at once": lambda wire, sent: wire.send(*sent),
    "by message": lambda wire, sent: [wire.send(part) for part in sent] and None,
    "by byte": lambda wire, sent: wire.send_bytewise(*sent),
}


@pytest.fixture
def filled(server: Server, table: Callable[[str], str]) -> Iterator[str]:
    name = table("id int PRIMARY KEY, name text")
    with Wire(server) as wire:
        assert wire.ask(query(f"INSERT INTO {name} VALUES (1, 'one'); INSERT INTO {name} VALUES (2, NULL)"))[-1] == "Z I"
        assert wire.ask(query(f"INSERT INTO {name} VALUES (3, 'three')"))[-1] == "Z I"
    yield name


def about(part: bytes, name: str) -> bytes:
    """The messages of one part with the table's name put in; their lengths change with it."""
    out = b""
    while part:
        (length,) = struct.unpack_from("!i", part, 1)
        out += message(chr(part[0]), part[5 : length + 1].replace(b"{t}", name.encode()))
        part = part[length + 1 :]
    return out


@pytest.mark.parametrize("delivery", DELIVERIES)
@pytest.mark.parametrize("flow", FLOWS)
def test_flow(server: Server, filled: str, flow: str, delivery: str) -> None:
    with Wire(server) as wire:
        for turn in FLOWS[flow]:
            DELIVERIES[delivery](wire, tuple(about(part, filled) for part in turn.sent))
            expected = turn.received.split("|")
            assert [str(wire.receive()) for _ in expected] == expected


@pytest.mark.parametrize("delivery", ["at once", "by byte"])
def test_all_turns_of_all_flows_may_arrive_before_the_first_is_answered(server: Server, filled: str, delivery: str) -> None:
    turns = [turn for name in ("libpq with parameters: PBDES", "cursors", "empty statements") for turn in FLOWS[name]]
    with Wire(server) as wire:
        DELIVERIES[delivery](wire, tuple(about(part, filled) for turn in turns for part in turn.sent))
        expected = [line for turn in turns for line in turn.received.split("|")]
        assert [str(wire.receive()) for _ in expected] == expected


@pytest.mark.parametrize(
    ("bound", "code"),
    [
        (bind([b"x"]), "22P02"),
        (bind([b"99999999999"]), "22003"),
        (bind([b"\0\0\1"], formats=[BINARY]), "08P01"),
        (bind([b"\0\0\0\1\0"], formats=[BINARY]), "22P03"),
    ],
    ids=["no number", "too large", "too short", "too long"],
)
def test_bad_values(server: Server, filled: str, bound: bytes, code: str) -> None:
    """PostgreSQL finds them at Bind. Here the worker does, at Execute, so that BindComplete comes before the error."""
    with Wire(server) as wire:
        replies = wire.ask(parse(BY_KEY.format(t=filled)), bound, execute(), SYNC)
        assert [reply for reply in replies if reply != "2" or not server.is_pgiris] == ["1", f"E {code}", "Z I"]
        assert wire.ask(query(ORDERED.format(t=filled)))[-1] == "Z I"


def test_terminate_closes_the_connection_without_a_word(server: Server) -> None:
    with Wire(server) as wire:
        wire.send(TERMINATE)
        assert wire.closed()


@pytest.mark.parametrize(
    "sent",
    [
        message("?"),
        b"Q\0\0\0\3",
        b"Q\x7f\xff\xff\xff",
        message("Q", b"no end"),
        message("B", b"\0"),
        message("d")[:1] + b"\xff\xff\xff\xff",
    ],
)
def test_what_is_no_message_ends_the_connection(server: Server, sent: bytes) -> None:
    with Wire(server) as wire:
        wire.send(sent)
        wire.socket.shutdown(1)
        codes = [reply.fields["C"] for reply in wire.until("never") if reply.kind == "E"]
        assert set(codes) <= {"08P01"}
    with Wire(server) as wire:
        assert wire.ask(query("SELECT 1 AS a")) == ["T a:23", "D 1", "C SELECT 1", "Z I"]


def test_parameters_are_told_at_start(server: Server) -> None:
    with Wire(server, application_name="me") as wire:
        told = wire.parameter_status
        assert wire.pid and len(wire.key) == 4
    assert told["application_name"] == "me"
    assert told["client_encoding"] == "UTF8"
    assert told["server_encoding"] == "UTF8"
    assert told["standard_conforming_strings"] == "on"
    assert told["integer_datetimes"] == "on"
    assert told["DateStyle"].startswith("ISO")
    assert told["session_authorization"] == "demo"
    assert int(told["server_version"].split(".")[0]) >= 15
    assert set(told) >= {"is_superuser", "IntervalStyle", "TimeZone", "in_hot_standby", "default_transaction_read_only"}


@pytest.mark.parametrize(
    ("value", "options", "code"),
    [
        (b"x", {}, "22P02"),
        (b"99999999999", {}, "22003"),
        (b"123", {"formats": [1]}, "08P01"),
        (b"x", {"portal": "p"}, "22P02"),
    ],
)
@pytest.mark.parametrize("before", [0, 3])  # executions, after which the short way is taken
def test_values_that_are_wrong_fail_at_bind(
    server: Server, table: Callable[[str], str], value: bytes, options: dict[str, Any], code: str, before: int
) -> None:
    name = table("id int PRIMARY KEY")
    text = f"SELECT id FROM {name} WHERE id = $1"
    with Wire(server) as wire:
        assert wire.ask(parse(text, "s"), SYNC) == ["1", "Z I"]
        for _ in range(before):
            assert wire.ask(bind([b"1"], statement="s"), execute(), SYNC) == ["2", "C SELECT 0", "Z I"]
        portal = options.get("portal", "")
        wire.send(bind([value], statement="s", **options), describe("P", portal), execute(portal), SYNC)
        error, ready = wire.until("Z")
        assert (str(error), str(ready)) == (f"E {code}", "Z I")
        if code != "08P01":
            where = (f'portal "{portal}"' if portal else "unnamed portal") + " parameter $1 = '...'"
            assert error.fields["W"] == where
        assert wire.ask(bind([b"1"], statement="s"), execute(), SYNC) == ["2", "C SELECT 0", "Z I"]
