"""The same statements on two servers, and how their answers differ.

In: a theme of the corpus and two running servers. Out: one Comparison per statement. An answer is the list of messages that
must be equal: parameter types, row description (names, types, lengths, typmods, formats, attribute numbers), rows, command tag,
SQLSTATE, notices and transaction status.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from tests.oracle.corpus import Statement, Theme
from tests.support.servers import Server
from tests.support.wire import BINARY, SYNC, TEXT, Reply, Wire, bind, describe, execute, parse, query


@dataclass(frozen=True)
class Answer:
    """messages: what must be equal. remark: the text of an error, for the reader."""

    messages: tuple[str, ...] = ()
    remark: str = ""

    @property
    def failed(self) -> bool:
        return any(line.startswith("E ") for line in self.messages)

    def __str__(self) -> str:
        return " / ".join(self.messages) + (f"   ({self.remark})" if self.remark else "")


@dataclass
class Comparison:
    """One statement; differences: mode -> what PostgreSQL and pgiris answered."""

    statement: Statement
    differences: dict[str, tuple[Answer, Answer]] = field(default_factory=dict)


def simple(statement: Statement) -> list[bytes]:
    return [] if statement.values is not None else [query(statement.sql)]


def extended(results: int) -> Callable[[Statement], list[bytes]]:
    def messages(statement: Statement) -> list[bytes]:
        values = statement.values or ()
        return [parse(statement.sql), describe("S"), bind(values, results=[results]), describe("P"), execute(), SYNC]

    return messages


MODES = {"simple": simple, "extended, text": extended(TEXT), "extended, binary": extended(BINARY)}


def compare(theme: Theme, expected: Server, found: Server) -> list[Comparison]:
    compared = [Comparison(statement) for statement in theme.script]
    with ThreadPoolExecutor(2) as pool:
        for mode in MODES:
            theirs, ours = pool.map(lambda server, mode=mode: answers(server, theme, mode), (expected, found))
            for comparison, their, our in zip(compared, theirs, ours, strict=True):
                if their.messages != our.messages:
                    comparison.differences[mode] = (their, our)
    return compared


def answers(server: Server, theme: Theme, mode: str) -> list[Answer]:
    with Wire(server) as wire:
        _prepare(wire, theme.setup)
        named = _own_types(wire) if theme.own_types else {}
        return [_ask(wire, MODES[mode](statement), named) for statement in theme.script]


def _prepare(wire: Wire, setup: Sequence[str]) -> None:
    for sql in setup:
        wire.send(query(sql))
        for reply in wire.until("Z"):
            assert reply.kind != "E", f"a statement of the setup is refused: {sql}\n{reply.fields}"


_OWN_TYPES = """
    SELECT oid, typname FROM pg_type
    WHERE typname IN ('vector', '_vector', 'halfvec', '_halfvec', 'sparsevec', '_sparsevec') OR typtype = 'e'
          OR typelem IN (SELECT oid FROM pg_type WHERE typtype = 'e')
"""


def _own_types(wire: Wire) -> dict[str, str]:
    """OIDs that each server has of its own: OID -> name of the type."""
    wire.send(query(_OWN_TYPES))
    rows = [reply.values for reply in wire.until("Z") if reply.kind == "D"]
    return {oid.decode(): name.decode() for oid, name in rows if oid and name}


def _ask(wire: Wire, messages: Sequence[bytes], named: Mapping[str, str]) -> Answer:
    if not messages:
        return Answer()
    wire.send(*messages)
    replies = [reply for reply in wire.until("Z") if reply.kind != "S"]
    remark = next((reply.fields["M"] for reply in replies if reply.kind == "E"), "")
    lines = comparable([shown(reply) for reply in replies])
    if named:
        words = re.compile(rf"\b({'|'.join(named)})\b")
        lines = [words.sub(lambda found: named[found[1]], line) if line[0] in "Tt" else line for line in lines]
        hexes = "|".join(f"{int(oid):08x}" for oid in named)
        arrays = re.compile(rf"(\\x0000000[01]0000000[01])({hexes})")  # in binary format: dimensions, NULLs, type of elements
        lines = [arrays.sub(lambda found: found[1] + named[str(int(found[2], 16))], line) for line in lines]
    return Answer(tuple(lines), remark)


def comparable(lines: list[str]) -> list[str]:
    """At which step an error is found (Parse, Describe, Bind or Execute) may differ; clients skip to Sync all the same."""
    failed = any(line.startswith("E ") for line in lines)
    return [line for line in lines if line[0] in "ENZ"] if failed else lines


def shown(reply: Reply) -> str:
    """As much of a reply as must be equal."""
    if reply.kind == "T":
        return "T " + ", ".join(_described(reply))
    if reply.kind == "D":
        return "D " + ", ".join("NULL" if value is None else _readable(value) for value in reply.values)
    return str(reply)


def _readable(value: bytes) -> str:
    return repr(value.decode()) if value.isascii() and value.decode().isprintable() else f"\\x{value.hex()}"


def _described(reply: Reply) -> list[str]:
    """Name, type, length, typmod, format, and which column of a table it is (0: none). OIDs of tables may differ."""
    found, place = [], 2
    for name, oid, length, typmod, form in reply.columns:
        place = reply.body.index(b"\0", place) + 1
        table, attribute = struct.unpack_from("!Ih", reply.body, place)
        place += 18
        found.append(f"{name} {oid} {length} {typmod} {form} {attribute if table else 0}")
    return found
