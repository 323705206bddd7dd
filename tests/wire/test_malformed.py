"""What comes of messages that are wrong in themselves: the statement fails, or the connection ends.

Each case runs on PostgreSQL, which shows that the table is right, on pgiris through a socket, and on a Connection alone.
PostgreSQL: src/backend/libpq/pqformat.c, src/backend/tcop/postgres.c
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import pytest

from pgiris.errors import PgError
from pgiris.wire.connection import Connection
from pgiris.wire.phases import Phase
from tests.support.servers import Server
from tests.support.wire import SYNC, Reply, Wire, bind, close, describe, execute, message, parse, query

NO_STRING = "E ERROR 08P01 invalid string in message"
TOO_SHORT = "E ERROR 08P01 insufficient data left in message"
TOO_LONG = "E ERROR 08P01 invalid message format"
NO_DATA = "E ERROR 08P01 no data left in message"
NOT_UTF8 = 'E ERROR 22021 invalid byte sequence for encoding "UTF8":'
ALIVE = query("SELECT 7 AS a")
ALIVE_REPLY = ["T", "D", "C", "Z I"]
P = parse("SELECT $1::int AS a")
FAILING = execute("nix")
FAILED = 'E ERROR 34000 portal "nix" does not exist'


def int2(*values: int) -> bytes:
    return struct.pack(f"!{len(values)}H", *values)


def int4(*values: int) -> bytes:
    return struct.pack(f"!{len(values)}i", *values)


@dataclass(frozen=True)
class Case:
    """sent: at once, after login. replies: up to the last ReadyForQuery."""

    sent: bytes
    replies: str


def one(wrong: bytes, error: str) -> Case:
    """A step of a pipeline."""
    return Case(wrong + SYNC, f"{error}|Z I")


def after_parse(wrong: bytes, error: str) -> Case:
    return Case(P + wrong + SYNC, f"1|{error}|Z I")


# The connection lives on.
CASES: dict[str, Case] = {
    "Query without an end": Case(message("Q", b"SELECT 1"), f"{NO_STRING}|Z I"),
    "Query without a body": Case(message("Q"), f"{NO_STRING}|Z I"),
    "Query with more behind its end": Case(message("Q", b"SELECT 1\0x"), f"{TOO_LONG}|Z I"),
    "Query with two ends": Case(message("Q", b"SELECT 1\0\0"), f"{TOO_LONG}|Z I"),
    "Query in a pipeline": Case(P + message("Q", b"SELECT 1") + SYNC, f"1|{NO_STRING}|Z I|Z I"),
    "Query and the next": Case(message("Q", b"x") + query("SELECT 2 AS a"), f"{NO_STRING}|Z I|T|D|C|Z I"),
    "Query not in UTF8": Case(
        message("Q", b"SELECT '\xff'\0"), 'E ERROR 22021 invalid byte sequence for encoding "UTF8": 0xff|Z I'
    ),
    "Sync with a body": Case(message("S", b"x"), f"{TOO_LONG}|Z I"),
    "Sync with a body, and a right one": Case(message("S", b"x") + SYNC, f"{TOO_LONG}|Z I|Z I"),
    "Sync with a body after an error": Case(FAILING + message("S", b"x") + SYNC, f"{FAILED}|{TOO_LONG}|Z I|Z I"),
    "Flush with a body": one(message("H", b"x"), TOO_LONG),
    "Parse without a body": one(message("P"), NO_STRING),
    "Parse whose name has no end": one(message("P", b"abc"), NO_STRING),
    "Parse whose text has no end": one(message("P", b"a\0abc"), NO_STRING),
    "Parse without a count": one(message("P", b"\0SELECT 1\0"), TOO_SHORT),
    "Parse with half a count": one(message("P", b"\0SELECT 1\0\0"), TOO_SHORT),
    "Parse with half a type": one(message("P", b"\0SELECT 1\0\0\1\0\0"), TOO_SHORT),
    "Parse with fewer types than it says": one(message("P", b"\0SELECT 1\0\0\1"), TOO_SHORT),
    "Parse with 65535 types": one(message("P", b"\0SELECT 1\0\xff\xff"), TOO_SHORT),
    "Parse with more behind its end": one(message("P", b"\0SELECT 1\0\0\0x"), TOO_LONG),
    "Parse whose name is not UTF8": one(message("P", b"\xff\0SELECT 1\0\0\0"), f"{NOT_UTF8} 0xff"),
    "Bind without a body": after_parse(message("B"), NO_STRING),
    "Bind without a statement": after_parse(message("B", b"\0"), NO_STRING),
    "Bind without formats": after_parse(message("B", b"\0\0"), TOO_SHORT),
    "Bind with fewer formats than it says": after_parse(message("B", b"\0\0" + int2(2, 0)), TOO_SHORT),
    "Bind with 65535 formats": after_parse(message("B", b"\0\0" + int2(65535)), TOO_SHORT),
    "Bind without values": after_parse(message("B", b"\0\0" + int2(0)), TOO_SHORT),
    "Bind with a value without length": after_parse(message("B", b"\0\0" + int2(0, 1)), TOO_SHORT),
    "Bind with half a length": after_parse(message("B", b"\0\0" + int2(0, 1) + b"\0\0\0"), TOO_SHORT),
    "Bind with less than a value": after_parse(message("B", b"\0\0" + int2(0, 1) + int4(5) + b"abc"), TOO_SHORT),
    "Bind with length -2": after_parse(message("B", b"\0\0" + int2(0, 1) + int4(-2) + int2(0)), TOO_SHORT),
    "Bind with the longest length": after_parse(message("B", b"\0\0" + int2(0, 1) + int4(2**31 - 1) + int2(0)), TOO_SHORT),
    "Bind without result formats": after_parse(message("B", b"\0\0" + int2(0, 1) + int4(1) + b"1"), TOO_SHORT),
    "Bind with fewer result formats than it says": after_parse(
        message("B", b"\0\0" + int2(0, 1) + int4(1) + b"1" + int2(1)), TOO_SHORT
    ),
    "Bind with more behind its end": after_parse(message("B", bind([b"1"])[5:] + b"x"), TOO_LONG),
    "Describe without a body": one(message("D"), NO_DATA),
    "Describe without a name": one(message("D", b"S"), NO_STRING),
    "Describe whose name has no end": one(message("D", b"Sabc"), NO_STRING),
    "Describe of something else": one(describe("Q"), "E ERROR 08P01 invalid DESCRIBE message subtype 81"),
    "Describe of byte 195": one(message("D", b"\xc3\0"), "E ERROR 08P01 invalid DESCRIBE message subtype 195"),
    "Describe of byte 0": one(message("D", b"\0\0"), "E ERROR 08P01 invalid DESCRIBE message subtype 0"),
    "Describe of something else with more behind": one(message("D", b"Q\0x"), TOO_LONG),
    "Describe with more behind its end": after_parse(message("D", b"S\0x"), TOO_LONG),
    "Close without a body": one(message("C"), NO_DATA),
    "Close whose name has no end": one(message("C", b"Sabc"), NO_STRING),
    "Close of something else": one(close("Q"), "E ERROR 08P01 invalid CLOSE message subtype 81"),
    "Close with more behind its end": one(message("C", b"S\0x"), TOO_LONG),
    "Execute without a body": one(message("E"), NO_STRING),
    "Execute without a limit": one(message("E", b"\0"), TOO_SHORT),
    "Execute with half a limit": one(message("E", b"\0\0\0"), TOO_SHORT),
    "Execute whose name has no end": one(message("E", b"abc"), NO_STRING),
    "Execute with more behind its end": one(message("E", execute()[5:] + b"x"), TOO_LONG),
    "Execute whose name is not UTF8": one(message("E", b"\xff\0\0\0\0\0"), f"{NOT_UTF8} 0xff"),
    "Execute whose name ends in a letter": one(message("E", b"\xe4\xb8\0\0\0\0\0"), f"{NOT_UTF8} 0xe4 0xb8"),
    "FunctionCall without a body": Case(message("F"), f"{TOO_SHORT}|Z I"),
    "FunctionCall with half a function": Case(message("F", b"\0\0"), f"{TOO_SHORT}|Z I"),
    "FunctionCall in a pipeline": Case(P + message("F") + SYNC, f"1|{TOO_SHORT}|Z I|Z I"),
    "FunctionCall with length -2": Case(
        message("F", int4(481) + int2(0, 1) + int4(-2) + int2(0)),
        "E ERROR 08P01 invalid argument size -2 in function call message|Z I",
    ),
    "FunctionCall with less than a value": Case(message("F", int4(481) + int2(0, 1) + int4(9) + b"x"), f"{TOO_SHORT}|Z I"),
    "FunctionCall with more behind its end": Case(message("F", int4(89) + int2(0, 0, 0) + b"x"), f"{TOO_LONG}|Z I"),
    "what a COPY that failed has left, malformed": Case(message("c", b"x") + message("f") + message("f", b"x") + SYNC, "Z I"),
    "the same in a pipeline": Case(P + message("d", b"x") + message("c", b"x") + message("f") + SYNC, "1|Z I"),
    "nothing is read after an error": Case(
        FAILING + message("Q", b"x") + message("F") + message("H", b"x") + message("B") + message("f") + SYNC, f"{FAILED}|Z I"
    ),
    "a step that fails drops the rest": Case(P + message("H", b"x") + query("SELECT 2 AS a") + SYNC, f"1|{TOO_LONG}|Z I"),
    "each pipeline on its own": Case((message("D") + SYNC) * 3, "|".join([NO_DATA, "Z I"] * 3)),
}

# These need a session to fail: a Query's text is for the session to decode, an unknown portal for it to miss.
FOUND_LATER = {name for name, case in CASES.items() if FAILED in case.replies} | {"Query not in UTF8"}

# The connection ends. Where framing is lost PostgreSQL closes it without a word, pgiris says why. None: the client says goodbye.
ENDS: dict[str, tuple[bytes, str | None]] = {
    "unknown type": (message("z"), "E FATAL 08P01 invalid frontend message type 122"),
    "type 0": (b"\0\0\0\0\4", "E FATAL 08P01 invalid frontend message type 0"),
    "type 255": (b"\xff\0\0\0\4", "E FATAL 08P01 invalid frontend message type 255"),
    "a type that only servers send": (message("T"), "E FATAL 08P01 invalid frontend message type 84"),
    "a password that nobody asked for": (message("p", b"x\0"), "E FATAL 08P01 invalid frontend message type 112"),
    "unknown type with a bad length": (b"z\0\0\0\1", "E FATAL 08P01 invalid frontend message type 122"),
    "unknown type with a huge length": (b"z\x40\0\0\0", "E FATAL 08P01 invalid frontend message type 122"),
    "unknown type after an error": (FAILING + message("z") + SYNC, "E FATAL 08P01 invalid frontend message type 122"),
    "length 3": (b"Q\0\0\0\3", "E FATAL 08P01 invalid message length"),
    "length 0": (b"Q\0\0\0\0", "E FATAL 08P01 invalid message length"),
    "length -1": (b"Q\xff\xff\xff\xff", "E FATAL 08P01 invalid message length"),
    "Query of 1 GB": (b"Q" + int4(2**30 - 1), "E FATAL 08P01 invalid message length"),
    **{
        f"{tag} of 10001 bytes": (tag.encode() + int4(10_001), "E FATAL 08P01 invalid message length")
        for tag in ("S", "H", "X", "E", "D", "C", "c", "f")
    },
    "bad length after an error": (FAILING + b"Q\0\0\0\1" + SYNC, "E FATAL 08P01 invalid message length"),
    "Terminate": (message("X"), None),
    "Terminate with a body": (message("X", b"x"), None),
    "Terminate after an error": (FAILING + message("X", b"x"), None),
}


def shown(reply: Reply) -> str:
    if reply.kind == "E":
        return "E {V} {C} {M}".format(**reply.fields)
    return str(reply) if reply.kind == "Z" else reply.kind


def ready() -> Connection:
    connection = Connection()
    connection.authenticated()
    return connection


def errors_of(connection: Connection) -> list[str]:
    """What the messages that have arrived fail with, the session doing its part."""
    found = []
    while True:
        try:
            if connection.next_message() is None or connection.phase is Phase.CLOSED:
                return found
        except PgError as error:
            found.append(f"E {error.severity} {error.code} {error.message}")
            if error.severity == "FATAL":
                return found
            connection.fail()


@pytest.mark.parametrize("name", CASES)
def test_malformed_contents_fail_the_message_and_leave_the_connection(server: Server, name: str) -> None:
    case = CASES[name]
    with Wire(server) as wire:
        wire.send(case.sent, ALIVE)
        expected = [*case.replies.split("|"), *ALIVE_REPLY]
        assert [shown(wire.receive()) for _ in expected] == expected


@pytest.mark.parametrize(
    "name", [name for name, case in CASES.items() if FAILED not in case.replies and b"SELECT '" not in case.sent]
)
@pytest.mark.parametrize("piece", [10_000, 1])
def test_a_connection_alone_finds_what_is_malformed(name: str, piece: int) -> None:
    case = CASES[name]
    connection = ready()
    found = []
    for start in range(0, len(case.sent), piece):
        connection.feed(case.sent[start : start + piece])
        found += errors_of(connection)
    assert found == [line for line in case.replies.split("|") if line.startswith("E")]
    connection.feed(ALIVE)
    assert connection.next_message() is not None
    assert connection.phase is Phase.READY


@pytest.mark.parametrize("name", ENDS)
def test_what_ends_a_connection(server: Server, name: str) -> None:
    sent, error = ENDS[name]
    with Wire(server) as wire:
        wire.send(sent)
        try:
            replies = [shown(reply) for reply in wire.until("never")]
        except ConnectionResetError:
            replies = []
        last = [reply for reply in replies if reply != FAILED]
        if server.is_pgiris or last or (error and "type" in error):
            assert last == ([error] if error else [])
    with Wire(server) as wire:
        assert [shown(reply) for reply in (wire.send(ALIVE), *wire.until("Z"))[1:]] == ALIVE_REPLY


@pytest.mark.parametrize("name", [name for name in ENDS if "after an error" not in name])
def test_a_connection_alone_finds_its_end(name: str) -> None:
    sent, error = ENDS[name]
    connection = ready()
    connection.feed(sent)
    assert errors_of(connection) == ([error] if error else [])
    assert error or connection.phase is Phase.CLOSED
