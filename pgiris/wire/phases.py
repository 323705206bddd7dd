"""Phases: which messages a client may send when. One table, and its walk.

PostgreSQL: protocol-flow
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto

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
    Message,
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
    COPY_IN = auto()
    CLOSED = auto()

    on_receive: dict[int, tuple[Callable[[bytes], Message], Phase]]  # of ON_RECEIVE, by tag, with the message's decoder


_STEPS = (Parse, Bind, Describe, Execute, Close, Flush)
_COPY = (CopyData, CopyDone, CopyFail)  # stray ones are what is left of a COPY that failed: ignored, as by PostgreSQL


def _to(phase: Phase, *messages: type[Message]) -> dict[type[Message], Phase]:
    return dict.fromkeys(messages, phase)


# On receive: phase -> message -> next phase. A missing entry is a protocol violation.
ON_RECEIVE: dict[Phase, dict[type[Message], Phase]] = {
    Phase.READY: _to(Phase.READY, Query, Sync, FunctionCall, *_COPY)
    | _to(Phase.EXTENDED, *_STEPS)
    | _to(Phase.CLOSED, Terminate),
    Phase.EXTENDED: _to(Phase.EXTENDED, *_STEPS, *_COPY)
    | _to(Phase.READY, Query, Sync, FunctionCall)
    | _to(Phase.CLOSED, Terminate),
    Phase.SKIPPING: _to(Phase.SKIPPING, Query, FunctionCall, *_STEPS, *_COPY)
    | _to(Phase.READY, Sync)
    | _to(Phase.CLOSED, Terminate),
    Phase.COPY_IN: _to(Phase.COPY_IN, CopyData, Flush, Sync) | _to(Phase.READY, CopyDone, CopyFail),
}

for _phase in Phase:
    _phase.on_receive = {message.tag[0]: (message.decode, after) for message, after in ON_RECEIVE.get(_phase, {}).items()}
