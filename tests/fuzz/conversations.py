"""Conversations as drivers have them, and ways to damage them.

In: a random.Random. Out: bytes that a client might send, most of them almost right.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Sequence

from tests.support.servers import DATABASE, USER
from tests.support.wire import (
    BINARY,
    FLUSH,
    GSSENC_REQUEST,
    SSL_REQUEST,
    SYNC,
    TERMINATE,
    bind,
    cancel_request,
    close,
    describe,
    execute,
    message,
    parse,
    query,
    startup,
)

Conversation = list[bytes]  # one item a message

STARTUP = startup(user=USER, database=DATABASE)
STARTUPS: tuple[Conversation, ...] = (
    [STARTUP],
    [SSL_REQUEST, STARTUP],
    [GSSENC_REQUEST, SSL_REQUEST, STARTUP],
    [startup(3 << 16 | 2, user=USER, database=DATABASE, application_name="fuzz", options="-c DateStyle=ISO")],
    [startup(3 << 16 | 9, **{"user": USER, "database": DATABASE, "_pq_.one": "1"})],
    [startup(2 << 16, user=USER)],
    [cancel_request(1, b"none")],
    [cancel_request(2**31 - 1, bytes(32))],
)
FUNCTION_CALL = message("F", struct.pack("!IHHHiIH", 89, 1, 1, 1, 4, 7, 0))
_BY_VALUE = "SELECT $1::int AS a, $2::text AS b"
SESSIONS: tuple[Conversation, ...] = (
    [query("SELECT 1 AS a"), query("BEGIN; SELECT 2 AS b; ROLLBACK"), query("")],
    [parse(_BY_VALUE), bind([b"1", None]), describe("P"), execute(), SYNC],
    [parse(_BY_VALUE, "s", [23, 25]), describe("S", "s"), FLUSH],
    [
        parse(_BY_VALUE, "s", [23, 25]),
        bind([b"\0\0\0\1", b"x"], portal="p", statement="s", formats=[BINARY, 0], results=[0, BINARY]),
        execute("p", 1),
        close("P", "p"),
        close("S", "s"),
        SYNC,
    ],
    [parse("SELECT 1 AS a"), bind(), execute(), bind(), execute(), SYNC, query("SELECT 3 AS c")],
    [execute("none"), query("SELECT 1 AS a"), SYNC, query("SELECT 4 AS d")],
    [message("d", b"1\t2\n"), message("c"), message("f", b"why\0"), SYNC],
    [query("COPY nowhere FROM STDIN"), message("d", b"1\t2\n"), message("f", b"why\0"), query("COPY nowhere TO STDOUT")],
    [FUNCTION_CALL, SYNC, TERMINATE],
)

_NUMBERS = (0, 1, 3, 4, 5, 7, 8, 255, 10_000, 10_001, 65_535, 65_536, 2**30 - 2, 2**30, 2**31 - 1, 2**31, 2**32 - 4, 2**32 - 1)
_TAGS = b"QPBDECHSFXdcfpRTZvKG?\0\xff"


def conversation(r: random.Random) -> Conversation:
    """What a client sends after login; sometimes several conversations in a row."""
    return [part for _ in range(r.choice((1, 1, 2, 3))) for part in r.choice(SESSIONS)]


def _flip(r: random.Random, data: bytes) -> bytes:
    at = r.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << r.randrange(8)]) + data[at + 1 :]


def _cut(r: random.Random, data: bytes) -> bytes:
    at = r.randrange(len(data))
    return data[:at] + data[at + r.randrange(1, 9) :]


def _put(r: random.Random, data: bytes) -> bytes:
    at = r.randrange(len(data) + 1)
    return data[:at] + r.choice((b"\0", b"\xff", b"'", r.randbytes(r.randrange(1, 20)))) + data[at:]


def _number(r: random.Random, data: bytes) -> bytes:
    """A number somewhere, which may be a count or a length, becomes a special one."""
    code = r.choice(("!H", "!I"))
    at = r.randrange(len(data))
    number = r.choice(_NUMBERS) & (0xFFFF if code == "!H" else 0xFFFFFFFF)
    return data[:at] + struct.pack(code, number) + data[at + struct.calcsize(code) :]


def _tag(r: random.Random, data: bytes) -> bytes:
    return bytes([r.choice(_TAGS)]) + data[1:]


_DAMAGES: tuple[Callable[[random.Random, bytes], bytes], ...] = (_flip, _cut, _put, _number, _tag)


def _with_right_length(data: bytes) -> bytes:
    return data[:1] + struct.pack("!I", len(data) - 1) + data[5:] if len(data) >= 5 else data


def damaged(r: random.Random, messages: Sequence[bytes]) -> bytes:
    """The conversation with one to four damages. Often lengths are put right again: then the contents are what is wrong."""
    parts = list(messages)
    for _ in range(r.choice((1, 1, 2, 4))):
        place = r.randrange(len(parts))
        match r.randrange(8):
            case 0:
                parts.insert(place, r.choice(parts))
            case 1:
                parts.insert(place, parts.pop(r.randrange(len(parts))))
            case 2:
                del parts[place:]
                parts.append(r.randbytes(r.randrange(30)))
            case _:
                if parts[place]:
                    parts[place] = r.choice(_DAMAGES)(r, parts[place])
                    if r.random() < 0.6:
                        parts[place] = _with_right_length(parts[place])
    return b"".join(parts)


def pieces(r: random.Random, data: bytes) -> list[bytes]:
    """The bytes as they may arrive."""
    size = r.choice((len(data) or 1, 1, 7, 100))
    return [data[start : start + size] for start in range(0, len(data), size)]
