"""Framing: a growing buffer of bytes -> startup packets and tagged messages, within limits.

PostgreSQL: protocol-message-formats, src/backend/libpq/pqcomm.c
"""

from __future__ import annotations

from pgiris.errors import ProtocolError

MAX_STARTUP_BYTES = 10_000  # PostgreSQL: MAX_STARTUP_PACKET_LENGTH in src/include/libpq/pqcomm.h
MAX_UNAUTHENTICATED_BYTES = 65_535  # PostgreSQL: PG_MAX_AUTH_TOKEN_LENGTH in src/include/libpq/auth.h
MAX_MESSAGE_BYTES = 2**30 - 1  # PostgreSQL: PQ_LARGE_MESSAGE_LIMIT in src/include/libpq/libpq.h
_COMPACT_BYTES = 64 * 1024  # taken bytes stay in front of the buffer up to here


class Frames:
    """Bytes in, frames out; each byte is copied in once and out once."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._start = 0

    def feed(self, data: bytes) -> None:
        if self._start == len(self._data):
            self._data = bytearray(data)
            self._start = 0
        else:
            self._data += data

    @property
    def buffered_bytes(self) -> int:
        return len(self._data) - self._start

    def next_startup(self) -> bytes | None:
        """The body of a startup packet, None until it is whole. Raises ProtocolError."""
        body = self._peek_length(0, MAX_STARTUP_BYTES, 8, "invalid length of startup packet")
        return None if body is None else self._take(body)

    def next_message(self, limit: int) -> tuple[bytes, bytes] | None:
        """(tag, body), None until it is whole. limit: on the length that the message states."""
        start = self._start
        data = self._data
        available = len(data) - start
        if available < 5:
            return None
        length = int.from_bytes(data[start + 1 : start + 5], "big")
        if not 4 <= length <= limit:
            raise ProtocolError("invalid message length")
        if available <= length:
            return None
        tag = bytes(data[start : start + 1])
        body = bytes(data[start + 5 : start + 1 + length])
        self._advance(start + 1 + length)
        return tag, body

    def peek_tag(self) -> int:
        """The tag of the next message if that is whole and has no body, else 0."""
        start, data = self._start, self._data
        if len(data) - start >= 5 and data[start + 1 : start + 5] == b"\0\0\0\4":
            return data[start]
        return 0

    def _peek_length(self, at: int, limit: int, least: int, complaint: str) -> int | None:
        start = self._start + at
        if len(self._data) - start < 4:
            return None
        length = int.from_bytes(self._data[start : start + 4], "big")
        if not least <= length <= limit:
            raise ProtocolError(complaint)
        return length if len(self._data) - start >= length else None

    def _take(self, length: int) -> bytes:
        start = self._start
        body = bytes(self._data[start + 4 : start + length])
        self._advance(start + length)
        return body

    def _advance(self, start: int) -> None:
        if start >= _COMPACT_BYTES:
            del self._data[:start]
            start = 0
        self._start = start
