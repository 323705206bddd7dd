"""Framing: a growing buffer of bytes -> startup packets and tagged messages, within limits.

PostgreSQL: protocol-message-formats, src/backend/libpq/pqcomm.c
"""

from __future__ import annotations

from struct import Struct

from pgiris.errors import ProtocolError

MAX_STARTUP_BYTES = 10_000  # PostgreSQL: MAX_STARTUP_PACKET_LENGTH in src/include/libpq/pqcomm.h
MIN_STARTUP_BYTES = 8  # its length and its code
MAX_UNAUTHENTICATED_BYTES = 65_535  # PostgreSQL: PG_MAX_AUTH_TOKEN_LENGTH in src/include/libpq/auth.h
MAX_MESSAGE_BYTES = 2**30 - 1  # PostgreSQL: PQ_LARGE_MESSAGE_LIMIT in src/include/libpq/libpq.h
_COMPACT_BYTES = 64 * 1024  # taken bytes stay in front of the buffer up to here
_HEAD = Struct("!BI")
_LENGTH = Struct("!I")
_BARE = b"\0\0\0\4"  # the length of a message without a body


class Frames:
    """Bytes in, frames out. What arrives whole is not copied before it is taken; what arrives in pieces once."""

    __slots__ = ("_data", "_start")

    def __init__(self) -> None:
        self._data: bytes | bytearray = b""
        self._start = 0

    def feed(self, data: bytes) -> None:
        if self._start == len(self._data):
            self._data, self._start = bytes(data), 0
        elif isinstance(self._data, bytearray):
            self._data += data
        else:
            self._data = bytearray(self._data[self._start :]) + data
            self._start = 0

    @property
    def buffered_bytes(self) -> int:
        return len(self._data) - self._start

    def next_startup(self) -> bytes | None:
        """The body of a startup packet, None until it is whole. Raises ProtocolError."""
        data, start = self._data, self._start
        if len(data) - start < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack_from(data, start)
        if not MIN_STARTUP_BYTES <= length <= MAX_STARTUP_BYTES:
            raise ProtocolError("invalid length of startup packet")
        if len(data) - start < length:
            return None
        return self._take(start + _LENGTH.size, start + length)

    def next_message(self, limit: int) -> tuple[int, bytes] | None:
        """(tag, body), None until it is whole. limit: on the length that the message states. Raises ProtocolError."""
        data, start = self._data, self._start
        available = len(data) - start
        if available < 5:
            return None
        tag, length = _HEAD.unpack_from(data, start)
        if length < 4 or length > limit:
            raise ProtocolError("invalid message length")
        if available <= length:
            return None
        if type(data) is bytes:
            self._start = end = start + 1 + length
            return tag, data[start + 5 : end]
        return tag, self._take(start + 5, start + 1 + length)

    def peek_bare_tag(self) -> int:
        """The tag of the next message if that is whole and has no body, else 0."""
        data, start = self._data, self._start
        if data[start + 1 : start + 5] == _BARE:
            return data[start]
        return 0

    def _take(self, start: int, end: int) -> bytes:
        data = self._data
        body = data[start:end]
        if isinstance(data, bytearray):
            if end >= _COMPACT_BYTES:
                del data[:end]
                end = 0
            body = bytes(body)
        self._start = end
        return body  # type: ignore[return-value]
