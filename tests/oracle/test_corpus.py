"""Every statement of the corpus, on PostgreSQL and on pgiris: same answers, message by message."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.oracle.corpus import Statement, files, statements
from tests.support.servers import Server
from tests.support.wire import BINARY, SYNC, TEXT, Reply, Wire, bind, describe, execute, parse, query

Answer = list[str]


def simple(statement: Statement) -> list[bytes]:
    return [] if statement.values is not None else [query(statement.sql)]


def extended(results: int) -> Callable[[Statement], list[bytes]]:
    def messages(statement: Statement) -> list[bytes]:
        values = statement.values or ()
        return [parse(statement.sql), describe("S"), bind(values, results=[results]), describe("P"), execute(), SYNC]

    return messages


MODES = {"simple": simple, "extended, text": extended(TEXT), "extended, binary": extended(BINARY)}


def shown(reply: Reply) -> str:
    """As much of a reply as must be equal."""
    if reply.kind == "T":
        return "T " + ", ".join(described(reply))
    if reply.kind == "D":
        return "D " + ", ".join("NULL" if value is None else readable(value) for value in reply.values)
    return str(reply)


def readable(value: bytes) -> str:
    return repr(value.decode()) if value.isascii() and value.decode().isprintable() else f"\\x{value.hex()}"


def described(reply: Reply) -> list[str]:
    """Name, type, length, typmod, format, and which column of a table it is (0: none). OIDs of tables may differ."""
    found, place = [], 2
    for name, oid, length, typmod, form in reply.columns:
        place = reply.body.index(b"\0", place) + 1
        table, attribute = struct.unpack_from("!Ih", reply.body, place)
        place += 18
        found.append(f"{name} {oid} {length} {typmod} {form} {attribute if table else 0}")
    return found


def answers(server: Server, script: list[Statement], mode: str) -> list[Answer]:
    found = []
    with Wire(server) as wire:
        for statement in script:
            messages = MODES[mode](statement)
            if not messages:
                found.append([])
                continue
            wire.send(*messages)
            found.append(comparable([shown(reply) for reply in wire.until("Z") if reply.kind != "S"]))
    return found


def comparable(answer: Answer) -> Answer:
    """At which step an error is found (Parse, Describe, Bind or Execute) may differ; clients skip to Sync all the same."""
    failed = any(line.startswith("E ") for line in answer)
    return [line for line in answer if line[0] in "ENZ"] if failed else answer


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("file", files(), ids=lambda file: file.stem)
def test_answers_are_those_of_postgresql(postgres: Server, pgiris: Server, file: Path, mode: str) -> None:
    script = list(statements(file.read_text()))
    expected, found = answers(postgres, script, mode), answers(pgiris, script, mode)
    report = [
        f"{file.name}:{statement.line}: {problem}\n    {statement.sql.strip()}\n  PostgreSQL: {theirs}\n  pgiris:     {ours}"
        for statement, theirs, ours in zip(script, expected, found, strict=True)
        if (problem := judge(statement, theirs, ours))
    ]
    assert not report, f"{len(report)} of {len(script)} statements:\n" + "\n".join(report)


def judge(statement: Statement, expected: Answer, found: Answer) -> str | None:
    if not expected:
        return None
    if statement.unlike and expected == found:
        return "is marked as unlike, and is alike"
    if not statement.unlike and expected != found:
        return "is unlike"
    return None


def test_the_corpus_says_what_is_meant(postgres: Server) -> None:
    """A statement that PostgreSQL refuses stands in the file of errors."""
    for file in files():
        if "error" in file.stem:
            continue
        script = list(statements(file.read_text()))
        for mode in MODES:
            for statement, answer in zip(script, answers(postgres, script, mode), strict=True):
                assert not any(line.startswith("E ") for line in answer), f"{file.name}:{statement.line} {mode}: {answer}"
