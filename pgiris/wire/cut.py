"""Cut: the values out of a batch that binds an unnamed portal, so that batches which differ in them alone are known again.

In: the bytes of [Parse,] Bind, [Describe,] Execute, Sync as they came. Out: what is the same in all executions, and the values.
Bytes are compared here and not understood: who says what a cut means has read one batch like it by the book.
PostgreSQL: protocol-message-formats
"""

from __future__ import annotations

from typing import NamedTuple

_PARSE, _BIND = b"PB"
_from_bytes = int.from_bytes


class Cut(NamedTuple):
    """before: up to the values, without Bind's length. after: behind the values. bound: how much of it belongs to Bind."""

    before: bytes
    after: bytes
    bound: int
    values: tuple[bytes | None, ...]


def cut(data: bytes) -> Cut | None:
    """None when it does not begin with a whole Bind, or with a whole Parse and Bind."""
    try:
        start = 0 if data[0] != _PARSE else 1 + _from_bytes(data[1:5], "big")
        if data[start] != _BIND:
            return None
        end = start + 1 + _from_bytes(data[start + 1 : start + 5], "big")
        at = data.index(0, data.index(0, start + 5, end) + 1, end) + 1  # behind the names of portal and statement
        at += 2 + 2 * _from_bytes(data[at : at + 2], "big")
        count = _from_bytes(data[at : at + 2], "big")
        at += 2
        before = data[: start + 1] + data[start + 5 : at]
        values: list[bytes | None] = []
        for _ in range(count):
            length = _from_bytes(data[at : at + 4], "big", signed=True)
            at += 4
            if length >= 0:
                values.append(data[at : at + length])
                at += length
            elif length == -1:
                values.append(None)
            else:
                return None
    except (IndexError, ValueError):
        return None
    if not at <= end <= len(data):
        return None
    return Cut(before, data[at:], end - at, tuple(values))


def query_text(data: bytes) -> str | None:
    """The text of a Query in UTF-8; None when it is no whole Query, or not in UTF-8."""
    if len(data) < 6 or _from_bytes(data[1:5], "big") != len(data) - 1 or data.find(0, 5) != len(data) - 1:
        return None
    try:
        return data[5:-1].decode()
    except UnicodeDecodeError:
        return None


class Pattern:
    """What is the same in batches that were cut alike: the quick way to the values of another one."""

    __slots__ = ("_at", "_bind", "_count", "_parse", "_rest", "_start", "after", "before", "bound")

    def __init__(self, before: bytes, after: bytes, bound: int) -> None:
        self.before, self.after, self.bound = before, after, bound
        self._start = start = 0 if before[0] != _PARSE else 1 + _from_bytes(before[1:5], "big")
        self._at = len(before) + 4  # of the first value
        self._parse, self._bind = before[: start + 1], before[start + 1 :]
        self._count = _from_bytes(before[-2:], "big")
        self._rest = len(after) - bound  # bytes of the messages behind Bind

    def values(self, data: bytes) -> list[bytes | None] | None:
        """None when it is another batch, or none."""
        start, at, after = self._start, self._at, self.after
        if data[: start + 1] != self._parse or data[start + 5 : at] != self._bind:
            return None
        values: list[bytes | None] = []
        for _ in range(self._count):
            length = _from_bytes(data[at : at + 4], "big", signed=True)
            at += 4
            if length >= 0:
                values.append(data[at : at + length])
                at += length
            elif length == -1:
                values.append(None)
            else:
                return None
        if data[at:] != after or _from_bytes(data[start + 1 : start + 5], "big") != len(data) - self._rest - start - 1:
            return None
        return values
