"""Frontend: the client's end of a connection, for tools and tests.

In: a server's bytes, as they come. Out: its messages.
PostgreSQL: protocol-flow
"""

from __future__ import annotations

from functools import partial

from pgiris.errors import ProtocolError
from pgiris.wire.framing import Frames, UnknownTag
from pgiris.wire.layout import BACKEND, Message
from pgiris.wire.messages import decode_backend
from pgiris.wire.phases import Phase, Step

_ANY_LENGTH = 2**32 - 1
_STEPS = {tag[0]: Step(partial(decode_backend, tag), Phase.READY, _ANY_LENGTH) for tag in (*BACKEND, b"R")}


class Frontend:
    """Knows no phases: takes every message that a server may ever send."""

    def __init__(self) -> None:
        self._frames = Frames()

    def feed(self, data: bytes) -> None:
        self._frames.feed(data)

    @property
    def has_buffered_bytes(self) -> bool:
        return self._frames.buffered_bytes > 0

    def next_message(self) -> Message | None:
        """The next message, None when more bytes are needed. Raises Malformed, and ProtocolError for what is no message."""
        try:
            frame = self._frames.next_message(_STEPS, _ANY_LENGTH)
        except UnknownTag as unknown:
            raise ProtocolError(f"invalid backend message type {unknown.tag}") from None
        if frame is None:
            return None
        (decode, _, _), body = frame
        assert decode is not None
        message: Message = decode(body, "utf-8")
        return message
