"""Phases: which messages a client may send when. One table, and its walk.

There is no phase for "a Query is being answered" or "results are being copied out": a session takes the next message when it has
answered the last, so whatever comes meanwhile waits in the buffer, as with PostgreSQL.
PostgreSQL: protocol-flow, src/backend/tcop/postgres.c, src/backend/commands/copyfromparse.c
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Any, NamedTuple

from pgiris.wire.layout import Message
from pgiris.wire.messages import (
    Bind,
    Close,
    CopyData,
    CopyDone,
    CopyFail,
    Describe,
    Execute,
    Flush,
    FunctionCall,
    Parse,
    Query,
    Sync,
    Terminate,
)


class Phase(Enum):
    STARTUP = auto()  # packets without a tag
    AUTHENTICATING = auto()  # only what the server asks for, all with tag ``p``
    READY = auto()
    EXTENDED = auto()  # between the first step of a pipeline and its Sync
    SKIPPING = auto()  # after an error in a pipeline: everything up to Sync is dropped
    COPY_IN = auto()  # for a Query
    COPY_IN_EXTENDED = auto()  # for an Execute
    CLOSED = auto()

    steps: Mapping[int, Step]  # ON_RECEIVE, by tag


class Step(NamedTuple):
    """What a message means in a phase. decode: None when it is dropped unread. limit: of the length that it states."""

    decode: Callable[[bytes, str], Any] | None
    after: Phase
    limit: int


Steps = dict[type[Message], tuple[Phase, bool]]
_PIPELINE = (Parse, Bind, Describe, Execute, Close, Flush)
_COPY = (CopyData, CopyDone, CopyFail)


def _to(phase: Phase, *messages: type[Message]) -> Steps:
    return dict.fromkeys(messages, (phase, True))


def _dropped(phase: Phase, *messages: type[Message]) -> Steps:
    return dict.fromkeys(messages, (phase, False))


# On receive: phase -> message -> next phase. A missing entry is a protocol violation that ends the connection.
# Copy messages outside of a COPY are what is left of one that failed; in a COPY, Flush and Sync are from clients that send Sync
# behind every Execute.
ON_RECEIVE: dict[Phase, Steps] = {
    Phase.READY: _to(Phase.READY, Query, Sync, FunctionCall)
    | _to(Phase.EXTENDED, *_PIPELINE)
    | _dropped(Phase.READY, *_COPY)
    | _to(Phase.CLOSED, Terminate),
    Phase.EXTENDED: _to(Phase.EXTENDED, *_PIPELINE)
    | _to(Phase.READY, Query, Sync, FunctionCall)
    | _dropped(Phase.EXTENDED, *_COPY)
    | _to(Phase.CLOSED, Terminate),
    Phase.SKIPPING: _dropped(Phase.SKIPPING, Query, FunctionCall, *_PIPELINE, *_COPY)
    | _to(Phase.READY, Sync)
    | _to(Phase.CLOSED, Terminate),
    Phase.COPY_IN: _to(Phase.COPY_IN, CopyData) | _to(Phase.READY, CopyDone, CopyFail) | _dropped(Phase.COPY_IN, Flush, Sync),
    Phase.COPY_IN_EXTENDED: _to(Phase.COPY_IN_EXTENDED, CopyData)
    | _to(Phase.EXTENDED, CopyDone, CopyFail)
    | _dropped(Phase.COPY_IN_EXTENDED, Flush, Sync),
}
# When what was asked for fails; otherwise the phase stays.
ON_ERROR: dict[Phase, Phase] = {
    Phase.EXTENDED: Phase.SKIPPING,
    Phase.COPY_IN: Phase.READY,
    Phase.COPY_IN_EXTENDED: Phase.SKIPPING,
}
# When the server asks for the data of a COPY.
ON_COPY_IN: dict[Phase, Phase] = {Phase.READY: Phase.COPY_IN, Phase.EXTENDED: Phase.COPY_IN_EXTENDED}
# What is said to a message that a phase does not have; else UNKNOWN.
UNEXPECTED: dict[Phase, str] = {
    Phase.COPY_IN: "unexpected message type 0x{:02X} during COPY from stdin",
    Phase.COPY_IN_EXTENDED: "unexpected message type 0x{:02X} during COPY from stdin",
}
UNKNOWN = "invalid frontend message type {}"

for _phase in Phase:
    _phase.steps = {
        message.tag[0]: Step(message.decode if read else None, after, message.limit_bytes)
        for message, (after, read) in ON_RECEIVE.get(_phase, {}).items()
    }
