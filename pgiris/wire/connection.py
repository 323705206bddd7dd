"""Connection: the protocol's state on one connection, without the socket.

In: bytes, as they come. Out: messages in their legal order; and the buffer of replies.
PostgreSQL: protocol-flow
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from pgiris import sqlstate
from pgiris.errors import FatalError, ProtocolError, UnansweredError
from pgiris.wire.fields import Malformed
from pgiris.wire.framing import MAX_MESSAGE_BYTES, MAX_UNAUTHENTICATED_BYTES, Frames, UnknownTag
from pgiris.wire.layout import STARTUP, Message
from pgiris.wire.messages import (
    Bind,
    CancelRequest,
    Describe,
    Execute,
    GSSENCRequest,
    NegotiateProtocolVersion,
    Parse,
    Query,
    SSLRequest,
    StartupMessage,
    Sync,
    protocol_version,
)
from pgiris.wire.phases import ON_COPY_IN, ON_ERROR, UNEXPECTED, UNKNOWN, Phase, Step

NEWEST_MINOR = 2
MAX_CANCEL_KEY_BYTES = 256  # PostgreSQL: protocol-message-formats#PROTOCOL-MESSAGE-FORMATS-CANCELREQUEST
_SYNC = ord("S")
_COPY_DATA = ord("d")
_COPYING = (Phase.COPY_IN, Phase.COPY_IN_EXTENDED)
# What a man in the middle may have put in front of an encrypted stream (CVE-2021-23214).
_UNENCRYPTED: dict[type[Message], str] = {
    SSLRequest: "received unencrypted data after SSL request",
    GSSENCRequest: "received unencrypted data after GSSAPI encryption request",
}


@dataclass(frozen=True)
class BatchEnd:
    """The messages on the unnamed portal that end a batch, as bytes."""

    raw: bytes
    described: bool


_EXECUTE_SYNC = Execute("", 0).encode() + Sync().encode()


@dataclass(slots=True)
class Batch:
    """A Query; or Bind, maybe with Parse before it and Describe behind it, then Execute of all rows and Sync."""

    query: Query | None = None
    parse: Parse | None = None
    bind: Bind | None = None
    described: bool = False


_BATCH_ENDS = (BatchEnd(Describe(b"P", "").encode() + _EXECUTE_SYNC, True), BatchEnd(_EXECUTE_SYNC, False))


def _batch(bodies: list[bytes], encoding: str, parsed: bool, described: bool) -> Batch | None:
    """None when it is not the unnamed portal that is described and executed to its end."""
    if bodies[-2] != _EXECUTE_BODY or (described and bodies[-3] != _DESCRIBE_BODY) or bodies[-1]:
        return None
    parse = Parse.decode(bodies[0], encoding) if parsed else None
    return Batch(None, parse, Bind.decode(bodies[parsed], encoding), described)


_EXECUTE_BODY, _DESCRIBE_BODY = Execute("", 0).encode()[5:], Describe(b"P", "").encode()[5:]
_BATCHES: Mapping[tuple[int, ...], Callable[[list[bytes], str], Batch | None]] = {
    tuple(b"Q"): lambda bodies, encoding: Batch(Query.decode(bodies[0], encoding)),
    tuple(b"BES"): partial(_batch, parsed=False, described=False),
    tuple(b"BDES"): partial(_batch, parsed=False, described=True),
    tuple(b"PBES"): partial(_batch, parsed=True, described=False),
    tuple(b"PBDES"): partial(_batch, parsed=True, described=True),
}
_LONGEST_BATCH = max(map(len, _BATCHES))


class Connection:
    """The server's end. Only this class changes the phase.

    max_message_bytes: of what a client may send once it is authenticated; PostgreSQL's own limits hold besides.
    encoding: Python's name of the client's encoding, in which names of statements and portals are read.
    """

    def __init__(self, max_message_bytes: int = MAX_MESSAGE_BYTES) -> None:
        self.phase = Phase.STARTUP
        self.encoding = "utf-8"
        self._frames = Frames()
        self._limit = max_message_bytes
        self._asked: set[type] = set()
        self._expected: type[Message] | None = None
        self._out = bytearray()

    # In

    def feed(self, data: bytes) -> None:
        self._frames.feed(data)

    @property
    def buffered_bytes(self) -> int:
        """Bytes received and not yet taken as messages."""
        return self._frames.buffered_bytes

    @property
    def has_buffered_bytes(self) -> bool:
        return self._frames.buffered_bytes > 0

    def next_message(self) -> Message | None:
        """The next message, None when more bytes are needed.

        Raises ProtocolError or another FatalError when the connection cannot go on. Raises Malformed (08P01 or 22021,
        severity ERROR) for a message that is broken in itself only: it counts as one that failed, and is answered by an
        ErrorResponse and then, unless ``skipping``, by ReadyForQuery.
        """
        phase = self.phase
        steps = phase.steps
        if not steps:
            return self._next_before_ready()
        next_frame = self._frames.next_message
        try:
            while (frame := next_frame(steps, self._limit)) is not None:
                (decode, after, _), body = frame
                if after is not phase:
                    self.phase = after
                if decode is not None:
                    return decode(body, self.encoding)  # type: ignore[no-any-return]
        except Malformed:
            self.fail()
            raise
        except UnknownTag as unknown:
            raise ProtocolError(UNEXPECTED.get(phase, UNKNOWN).format(unknown.tag)) from None
        return None

    def take_copy_data(self) -> list[bytes]:
        """The data of the CopyData messages that have arrived whole, up to some other message."""
        if self.phase not in _COPYING:
            return []
        return self._frames.take_run(_COPY_DATA, self._limit)

    def next_is_sync(self) -> bool:
        """Whether a Sync has arrived already and is next: then what runs now is the last of its pipeline."""
        return self._frames.next_is_bare(_SYNC)

    def take_execute_and_sync(self) -> BatchEnd | None:
        """Take what usually follows a Bind: Describe or not, Execute of all rows, Sync. None: something else does."""
        if self.phase is not Phase.EXTENDED:
            return None
        for end in _BATCH_ENDS:
            if self._frames.take_exactly(end.raw):
                self.phase = Phase.READY
                return end
        return None

    def look_for_batch(self) -> Batch | None:
        """All that has arrived, when it is one batch; it stays until take_batch()."""
        if self.phase is not Phase.READY or (found := self._frames.whole_messages(_LONGEST_BATCH)) is None:
            return None
        layout = _BATCHES.get(tuple([tag for tag, _ in found]))
        if layout is None or any(len(body) > self._limit for _, body in found):
            return None
        try:
            return layout([body for _, body in found], self.encoding)
        except Malformed:  # next_message() will say so
            return None

    @property
    def arrived(self) -> bytes:
        """The bytes of the batch that look_for_batch() has found."""
        return self._frames.arrived

    def take_batch(self) -> None:
        """Drop the batch that look_for_batch() has found."""
        self._frames.take_all()

    # What the server's answers mean for what may come

    def ask(self, response: type[Message]) -> None:
        """Authentication goes on with a message of this class."""
        self.phase = Phase.AUTHENTICATING
        self._expected = response

    def authenticated(self) -> None:
        self.phase = Phase.READY
        self._expected = None

    def copy_in(self) -> None:
        """The client is about to be sent a CopyInResponse, up to its CopyDone or CopyFail, or fail()."""
        self.phase = ON_COPY_IN[self.phase]

    def fail(self) -> None:
        """What the client asked for failed: what is left of a pipeline, up to Sync, is dropped; so is what is left of a COPY."""
        self.phase = ON_ERROR.get(self.phase, self.phase)

    @property
    def skipping(self) -> bool:
        """Whether a pipeline has failed and its Sync is still to come, which ReadyForQuery answers."""
        return self.phase is Phase.SKIPPING

    # Before the session

    def _next_before_ready(self) -> Message | None:
        try:
            if self.phase is Phase.STARTUP:
                return self._next_startup()
            if self.phase is Phase.AUTHENTICATING:
                return self._next_response()
        except Malformed as error:  # nothing but a session outlives an error
            raise ProtocolError(error.message, error.code) from None
        return None

    def _next_startup(self) -> Message | None:
        body = self._frames.next_startup()
        if body is None:
            return None
        code = int.from_bytes(body[:4], "big")
        cls = STARTUP.get(code)
        if cls is None:
            major, minor = protocol_version(code)
            if major != 3:
                raise _unsupported(major, minor)
            self.phase = Phase.AUTHENTICATING
            return StartupMessage.decode(body)
        if cls is CancelRequest:
            self.phase = Phase.CLOSED
            return _cancel_request(body[4:])
        if cls in self._asked:
            raise _unsupported(*protocol_version(code))
        self._asked.add(cls)
        if self.has_buffered_bytes:
            raise FatalError(
                sqlstate.PROTOCOL_VIOLATION,
                _UNENCRYPTED[cls],
                detail="This could be either a client-software bug or evidence of an attempted man-in-the-middle attack.",
            )
        return cls.decode(body[4:])

    def _next_response(self) -> Message | None:
        expected = self._expected
        if expected is None:
            return None
        try:
            frame = self._frames.next_message(_RESPONSES, MAX_UNAUTHENTICATED_BYTES)
        except UnknownTag as unknown:
            raise ProtocolError(f"expected {expected.what} response, got message type {unknown.tag}") from None
        if frame is None:
            return None
        self._expected = None
        return expected.decode(frame[1])

    # Out

    def append(self, message: Message) -> None:
        self._out += message.encode()

    def append_bytes(self, data: bytes) -> None:
        """Whole messages."""
        self._out += data

    def take(self) -> bytes:
        """All replies so far."""
        data = bytes(self._out)
        self._out.clear()
        return data


_RESPONSES = {ord("p"): Step(None, Phase.AUTHENTICATING, MAX_UNAUTHENTICATED_BYTES)}


def negotiate(startup: StartupMessage) -> tuple[int, NegotiateProtocolVersion | None]:
    """(minor version that both speak, what the client has to be told when that is not all it asked for).

    PostgreSQL never had a 3.1, and takes it for what it asks.
    PostgreSQL: protocol-flow#PROTOCOL-FLOW-START-UP
    """
    asked = startup.version[1]
    minor = min(asked, NEWEST_MINOR)
    unknown = tuple(name for name in startup.parameters if name.startswith("_pq_."))
    if minor == asked and not unknown:
        return minor, None
    return minor, NegotiateProtocolVersion(3 << 16 | minor, unknown)


def _cancel_request(body: bytes) -> CancelRequest:
    if len(body) < 4:
        raise ProtocolError("invalid length of cancel request packet")
    cancel = CancelRequest.decode(body)
    if not 1 <= len(cancel.secret) <= MAX_CANCEL_KEY_BYTES:
        raise UnansweredError("invalid length of cancel key in cancel request packet")
    return cancel


def _unsupported(major: int, minor: int) -> FatalError:
    return FatalError(
        sqlstate.FEATURE_NOT_SUPPORTED,
        f"unsupported frontend protocol {major}.{minor}: server supports 3.0 to 3.{NEWEST_MINOR}",
    )
