"""Connection: the protocol's state on one connection, without the socket.

In: bytes, as they come. Out: messages in their legal order; and the buffer of replies.

    connection.feed(data)
    while (message := connection.next_message()) is not None: ...
    connection.append_bytes(PARSE_COMPLETE); socket.send(connection.take())

PostgreSQL: protocol-flow
"""

from __future__ import annotations

from pgiris import sqlstate
from pgiris.errors import FatalError, ProtocolError
from pgiris.wire import framing
from pgiris.wire.fields import INT32, STRING
from pgiris.wire.framing import Frames
from pgiris.wire.messages import (
    STARTUP,
    GSSENCRequest,
    Message,
    NegotiateProtocolVersion,
    SSLRequest,
    StartupMessage,
)
from pgiris.wire.phases import Phase

NEWEST_MINOR = 2
RESERVED_MINOR = 1  # PostgreSQL never had 3.1: some drivers took it for themselves
_SYNC = ord("S")
_SKIPPING = Phase.SKIPPING
_RESPONSE = ord("p")


class Connection:
    """The server's end. Only this class changes the phase."""

    def __init__(self, max_message_bytes: int = framing.MAX_MESSAGE_BYTES) -> None:
        self.phase = Phase.STARTUP
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

    def next_message(self) -> Message | StartupMessage | None:
        """The next message, None when more bytes are needed.

        Raises ProtocolError when the connection cannot go on, PgError for a message that is broken in itself only.
        """
        phase = self.phase
        if not phase.on_receive:
            return self._next_startup() if phase is Phase.STARTUP else self._next_response()
        next_frame, limit = self._frames.next_message, self._limit
        while (frame := next_frame(limit)) is not None:
            tag, body = frame
            step = phase.on_receive.get(tag)
            if step is None:
                raise ProtocolError(f"invalid frontend message type {tag}")
            decode, after = step
            self.phase = after
            if phase is not after or phase is not _SKIPPING:
                return decode(body)
        return None

    def next_is_sync(self) -> bool:
        """Whether a Sync has arrived already and is next: then what runs now is the last of its pipeline."""
        return self._frames.peek_bare_tag() == _SYNC

    def fail(self) -> None:
        """An error in a pipeline: what is left of it, up to Sync, is dropped."""
        if self.phase is Phase.EXTENDED:
            self.phase = Phase.SKIPPING

    def ask(self, response: type[Message]) -> None:
        """Authentication goes on with a message of this class."""
        self.phase = Phase.AUTHENTICATING
        self._expected = response

    def authenticated(self) -> None:
        self.phase = Phase.READY
        self._expected = None

    def _next_startup(self) -> Message | StartupMessage | None:
        body = self._frames.next_startup()
        if body is None:
            return None
        code, at = INT32.read(body, 0)
        cls = STARTUP.get(code)
        if cls is None:
            return _startup_message(code, body[at:])
        if cls in (SSLRequest, GSSENCRequest):
            if cls in self._asked:
                raise _unsupported(code >> 16, code & 0xFFFF)
            self._asked.add(cls)
        return cls.decode(body[at:])

    def _next_response(self) -> Message | None:
        frame = self._frames.next_message(framing.MAX_UNAUTHENTICATED_BYTES)
        if frame is None:
            return None
        tag, body = frame
        if tag != _RESPONSE or self._expected is None:
            raise ProtocolError(f"expected password response, got message type {tag}")
        return self._expected.decode(body)

    # Out

    def append(self, message: Message) -> None:
        self._out += message.encode()

    def append_bytes(self, data: bytes) -> None:
        self._out += data

    def take(self) -> bytes:
        """All replies so far."""
        data = bytes(self._out)
        self._out.clear()
        return data


def _startup_message(code: int, body: bytes) -> StartupMessage:
    major, minor = code >> 16 & 0xFFFF, code & 0xFFFF
    if major != 3:
        raise _unsupported(major, minor)
    parameters: dict[str, str] = {}
    at = 0
    while at < len(body) and body[at]:
        name, at = STRING.read(body, at)
        value, at = STRING.read(body, at)
        parameters[name] = value
    if at != len(body) - 1:
        raise ProtocolError("invalid startup packet layout: expected terminator as last byte")
    return StartupMessage((major, minor), parameters)


def negotiate(startup: StartupMessage) -> tuple[int, NegotiateProtocolVersion | None]:
    """(minor version that both speak, what the client has to be told when that is not what it asked for)."""
    asked = startup.version[1]
    minor = asked if asked <= NEWEST_MINOR and asked != RESERVED_MINOR else NEWEST_MINOR if asked > NEWEST_MINOR else 0
    unknown = tuple(name for name in startup.parameters if name.startswith("_pq_."))
    if minor == asked and not unknown:
        return minor, None
    return minor, NegotiateProtocolVersion(3 << 16 | minor, unknown)


def _unsupported(major: int, minor: int) -> FatalError:
    return FatalError(
        sqlstate.FEATURE_NOT_SUPPORTED,
        f"unsupported frontend protocol {major}.{minor}: server supports 3.0 to 3.{NEWEST_MINOR}",
    )
