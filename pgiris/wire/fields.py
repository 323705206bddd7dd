"""Fields: the kinds of values that messages are made of, each read from bytes and written to bytes.

PostgreSQL: protocol-message-types
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from struct import Struct
from typing import Any

from pgiris import sqlstate
from pgiris.errors import PgError

Read = Callable[[bytes, int], tuple[Any, int]]  # (message body, offset) -> (value, offset behind it)
Write = Callable[[Any], bytes]


@dataclass(frozen=True)
class Kind:
    """How one field is read and written."""

    name: str
    read: Read
    write: Write


def malformed(message: str) -> PgError:
    """The contents of one message are wrong while its framing is intact: the connection lives on."""
    return PgError(sqlstate.PROTOCOL_VIOLATION, message)


_TOO_SHORT = "insufficient data left in message"
_UNSIGNED = {1: Struct("!B"), 2: Struct("!H"), 4: Struct("!I")}


def _integer(size: int, code: str) -> tuple[Read, Write]:
    layout = Struct(code)
    unpack = layout.unpack_from

    def read(data: bytes, at: int) -> tuple[int, int]:
        try:
            return unpack(data, at)[0], at + size
        except Exception:
            raise malformed(_TOO_SHORT) from None

    return read, layout.pack


INT8 = Kind("Int8", *_integer(1, "!B"))
INT16 = Kind("Int16", *_integer(2, "!h"))
INT32 = Kind("Int32", *_integer(4, "!i"))
OID = Kind("Int32", *_integer(4, "!I"))


def _read_byte1(data: bytes, at: int) -> tuple[bytes, int]:
    if at >= len(data):
        raise malformed(_TOO_SHORT)
    return data[at : at + 1], at + 1


BYTE1 = Kind("Byte1", _read_byte1, bytes)


def _read_string(data: bytes, at: int) -> tuple[str, int]:
    end = data.find(0, at)
    if end == at:
        return "", at + 1
    if end < 0:
        raise malformed("invalid string in message")
    try:
        return data[at:end].decode(), end + 1
    except UnicodeDecodeError as error:
        raise invalid_utf8(error) from None


def invalid_utf8(error: UnicodeDecodeError) -> PgError:
    wrong = error.object[error.start : max(error.end, error.start + 1)]
    shown = " ".join(f"0x{byte:02x}" for byte in wrong)
    return PgError(sqlstate.CHARACTER_NOT_IN_REPERTOIRE, f'invalid byte sequence for encoding "UTF8": {shown}')


STRING = Kind("String", _read_string, lambda text: text.encode() + b"\0")


def _read_raw_string(data: bytes, at: int) -> tuple[bytes, int]:
    end = data.find(0, at)
    if end < 0:
        raise malformed("invalid string in message")
    return data[at:end], end + 1


RAW_STRING = Kind("String", _read_raw_string, lambda raw: raw + b"\0")  # in the client's encoding
REST = Kind("Byten", lambda data, at: (data[at:], len(data)), bytes)

_length = Struct("!i").unpack_from
_from_bytes = int.from_bytes
_pack_count = Struct("!H").pack
_pack_length = Struct("!i").pack
_NULL = _pack_length(-1)


def _read_value(data: bytes, at: int) -> tuple[bytes | None, int]:
    try:
        (length,) = _length(data, at)
    except Exception:
        raise malformed(_TOO_SHORT) from None
    at += 4
    if length < 0:
        if length == -1:
            return None, at
        raise malformed(_TOO_SHORT)
    end = at + length
    if end > len(data):
        raise malformed(_TOO_SHORT)
    return data[at:end], end


def _write_value(value: bytes | None) -> bytes:
    return _NULL if value is None else _pack_length(len(value)) + value


VALUE = Kind("Value", _read_value, _write_value)  # Int32 length, -1 for NULL, and the bytes


def _counted(item: Kind, name: str) -> Kind:
    """An Int16 count and so many items."""
    read_item, write_item = item.read, item.write

    def read(data: bytes, at: int) -> tuple[tuple[Any, ...], int]:
        start, at = at, at + 2
        if at > len(data):
            raise malformed(_TOO_SHORT)
        count = _from_bytes(data[start:at], "big")
        if not count:
            return (), at
        if count == 1:
            value, at = read_item(data, at)
            return (value,), at
        items = []
        for _ in range(count):
            value, at = read_item(data, at)
            items.append(value)
        return tuple(items), at

    def write(values: Sequence[Any]) -> bytes:
        return _pack_count(len(values)) + b"".join(map(write_item, values))

    return Kind(name, read, write)


INT16S = _counted(INT16, "Int16[Int16]")
OIDS = _counted(OID, "Int32[Int16]")
VALUES = _counted(VALUE, "Value[Int16]")


def group(*kinds: Kind) -> Kind:
    """Several fields that belong together, as a tuple."""

    def read(data: bytes, at: int) -> tuple[tuple[Any, ...], int]:
        items: list[Any] = []
        for kind in kinds:
            value, at = kind.read(data, at)
            items.append(value)
        return tuple(items), at

    def write(values: Sequence[Any]) -> bytes:
        return b"".join(kind.write(value) for kind, value in zip(kinds, values, strict=True))

    return Kind("(" + ", ".join(kind.name for kind in kinds) + ")", read, write)


def counted(item: Kind) -> Kind:
    return _counted(item, f"{item.name}[Int16]")


def until_zero(item: Kind) -> Kind:
    """Items up to a zero byte."""

    def read(data: bytes, at: int) -> tuple[tuple[Any, ...], int]:
        items: list[Any] = []
        while True:
            if at >= len(data):
                raise malformed("invalid message format")
            if data[at] == 0:
                return tuple(items), at + 1
            value, at = item.read(data, at)
            items.append(value)

    return Kind(f"{item.name}...", read, lambda values: b"".join(map(item.write, values)) + b"\0")


def _read_strings32(data: bytes, at: int) -> tuple[tuple[str, ...], int]:
    count, at = INT32.read(data, at)
    items = []
    for _ in range(count):
        value, at = STRING.read(data, at)
        items.append(value)
    return tuple(items), at


STRINGS = Kind("String[Int32]", _read_strings32, lambda values: _pack_length(len(values)) + b"".join(map(STRING.write, values)))
