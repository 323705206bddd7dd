"""Framing: a growing buffer of bytes -> startup packets and tagged messages, within limits.

PostgreSQL: protocol-message-formats, src/backend/libpq/pqcomm.c
"""

from __future__ import annotations

from collections.abc import Mapping
from struct import Struct
from typing import TYPE_CHECKING

from pgiris.errors import ProtocolError

if TYPE_CHECKING:
    from pgiris.wire.phases import Step

# What a length may be at most; it counts itself and what follows.
MAX_STARTUP_BYTES = 10_004  # PostgreSQL: MAX_STARTUP_PACKET_LENGTH in src/include/libpq/pqcomm.h, without the length
MIN_STARTUP_BYTES = 8  # the length and a code
MAX_UNAUTHENTICATED_BYTES = 65_535  # PostgreSQL: PG_MAX_AUTH_TOKEN_LENGTH in src/include/libpq/auth.h
MAX_SMALL_MESSAGE_BYTES = 10_000  # PostgreSQL: PQ_SMALL_MESSAGE_LIMIT in src/include/libpq/libpq.h
MAX_MESSAGE_BYTES = 2**30 - 2  # PostgreSQL: PQ_LARGE_MESSAGE_LIMIT in the same

_HEAD = Struct("!BI")
_unpack_head = _HEAD.unpack_from
_LENGTH = Struct("!I")
_BARE = b"\0\0\0\4"  # the length of a message without a body


class Frames:
    """Bytes in, frames out, in time that grows with the bytes and not with the pieces in which they come.

    ``_data`` from ``_start`` is what comes next; ``_later`` is what was fed while that was not empty.
    """

    __slots__ = ("_data", "_later", "_start")

    def __init__(self) -> None:
        self._data = b""
        self._start = 0
        self._later = bytearray()

    def feed(self, data: bytes) -> None:
        if self._start == len(self._data) and not self._later:
            self._data, self._start = bytes(data), 0
        else:
            self._later += data

    @property
    def buffered_bytes(self) -> int:
        return len(self._data) - self._start + len(self._later)

    def next_message(self, steps: Mapping[int, Step], limit: int) -> tuple[Step, bytes] | None:
        """(what its tag means, body), None until the message is whole.

        limit: on the length that the message states. Raises UnknownTag, ProtocolError.
        """
        data, start = self._data, self._start
        if len(data) - start < _HEAD.size:
            self._advance()
            data, start = self._data, self._start
            if len(data) - start < _HEAD.size:
                self._refuse_unknown(steps)
                return None
        tag, length = _unpack_head(data, start)
        step = steps.get(tag)
        if step is None:
            raise UnknownTag(tag)
        if length < 4 or length > limit or length > step.limit:
            raise invalid_length(length, min(limit, step.limit))
        end = start + 1 + length
        if end <= len(data):
            self._start = end
            return step, data[start + 5 : end]
        body = self._across(start + 5, end)
        return None if body is None else (step, body)

    def take_run(self, tag: int, limit: int) -> list[bytes]:
        """Bodies of the whole messages of this tag that are next and at hand, none of which states more than limit bytes."""
        if len(self._data) - self._start < _HEAD.size:
            self._advance()
        data, start = self._data, self._start
        last = len(data) - _HEAD.size
        bodies = []
        while start <= last:
            found, length = _unpack_head(data, start)
            end = start + 1 + length
            if found != tag or not 4 <= length <= limit or end > len(data):
                break
            bodies.append(data[start + 5 : end])
            start = end
        self._start = start
        return bodies

    def _refuse_unknown(self, steps: Mapping[int, Step]) -> None:
        """A tag that means nothing is refused before its length has come, as by PostgreSQL."""
        if self._start < len(self._data) and self._data[self._start] not in steps:
            raise UnknownTag(self._data[self._start])

    def next_startup(self) -> bytes | None:
        """The body of a startup packet, None until it is whole. Raises ProtocolError."""
        if len(self._data) - self._start < _LENGTH.size:
            self._advance()
        data, start = self._data, self._start
        if len(data) - start < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack_from(data, start)
        if not MIN_STARTUP_BYTES <= length <= MAX_STARTUP_BYTES:
            raise ProtocolError("invalid length of startup packet")
        end = start + length
        if end > len(data):
            return self._across(start + _LENGTH.size, end)
        self._start = end
        return data[start + _LENGTH.size : end]

    def take_exactly(self, raw: bytes) -> bool:
        """Take these bytes if they are all that has arrived."""
        if self._later or self._data[self._start :] != raw:
            return False
        self._start += len(raw)
        return True

    def whole_messages(self, most: int) -> list[tuple[int, bytes]] | None:
        """(tag, body) of all that has arrived, which stays; None unless it is one to so many whole messages."""
        data, at = self._data, self._start
        end = len(data)
        if self._later:
            return None
        found: list[tuple[int, bytes]] = []
        while at < end:
            if end - at < _HEAD.size or len(found) == most:
                return None
            tag, length = _unpack_head(data, at)
            stop = at + 1 + length
            if stop > end or length < 4:
                return None
            found.append((tag, data[at + 5 : stop]))
            at = stop
        return found

    @property
    def arrived(self) -> bytes:
        """All that has arrived, in whose last piece nothing has come later."""
        return self._data[self._start :]

    def take_all(self) -> None:
        """Drop all that has arrived, which the caller has seen."""
        self._start = len(self._data)
        self._later.clear()

    def next_is_bare(self, tag: int) -> bool:
        """Whether a message of this tag, without a body, has arrived and is next."""
        if len(self._data) - self._start < _HEAD.size:
            self._advance()
        data, start = self._data, self._start
        return data[start + 1 : start + 5] == _BARE and data[start] == tag

    def _advance(self) -> None:
        """What came later follows the few bytes that are left."""
        if self._later:
            self._data, self._start = self._data[self._start :] + self._later, 0
            self._later = bytearray()

    def _across(self, start: int, end: int) -> bytes | None:
        """The bytes between two offsets of which the second lies in what came later; None until they are all there."""
        missing = end - len(self._data)
        later = self._later
        if len(later) < missing:
            return None
        with memoryview(later) as view:
            body = b"".join((self._data[start:], view[:missing]))
            self._data, self._start = bytes(view[missing:]), 0
        self._later = bytearray()
        return body


class UnknownTag(Exception):
    """Nothing begins with this tag here."""

    def __init__(self, tag: int) -> None:
        super().__init__(tag)
        self.tag = tag


def invalid_length(length: int, limit: int) -> ProtocolError:
    error = ProtocolError("invalid message length")
    error.detail = f"The message states {length} bytes; from 4 to {limit} are allowed here."
    return error
