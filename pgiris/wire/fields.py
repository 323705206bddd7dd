"""Fields: the kinds of values that messages are made of, each read from bytes, written to bytes and shown in a trace.

A kind is read by statements instead of a function, so that layout.py can put all those of a message into one function
without calls: that halves the time of a Bind.
PostgreSQL: protocol-message-types
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from struct import Struct, pack, unpack_from
from struct import error as StructError
from textwrap import indent
from typing import Any, NoReturn

from pgiris import sqlstate
from pgiris.errors import PgError

Reader = Callable[[bytes, int, str], tuple[Any, int]]  # (body, offset, encoding) -> (value, offset behind it)


class Malformed(PgError):
    """The contents of one message are wrong while its framing is intact: the message fails, the connection lives on."""

    def __init__(self, message: str, code: str = sqlstate.PROTOCOL_VIOLATION) -> None:
        super().__init__(code, message)


@dataclass(frozen=True)
class Kind:
    """One kind of field.

    reading: Python statements that set ``value`` from ``data`` at offset ``at`` and move ``at`` behind it; texts are in the
    encoding ``encoding``. They may run into the end: see read_error().
    uses: the other names in ``reading``.
    check: what has to hold once all of the message has been read. Raises Malformed.
    """

    name: str
    reading: str
    write: Callable[[Any], bytes]
    show: Callable[[Any], str]
    uses: Mapping[str, Any] = field(default_factory=dict)
    check: Callable[[Any], None] | None = None


def read_error(error: Exception) -> Malformed:
    """What the statements of kinds stumble upon, in PostgreSQL's words.

    PostgreSQL: src/backend/libpq/pqformat.c
    """
    if isinstance(error, UnicodeDecodeError):
        return _not_in_encoding(error)
    if isinstance(error, ValueError):  # bytes.index() finds no zero byte
        return Malformed("invalid string in message")
    return Malformed("insufficient data left in message")


READ_ERRORS = (IndexError, StructError, ValueError)


def _not_in_encoding(error: UnicodeDecodeError) -> Malformed:
    raw, start, utf8 = error.object, error.start, error.encoding == "utf-8"
    sequence = raw[start : start + _utf8_length(raw[start])] if utf8 else raw[start : error.end]
    shown = " ".join(f"0x{byte:02x}" for byte in sequence)
    name = "UTF8" if utf8 else error.encoding
    return Malformed(f'invalid byte sequence for encoding "{name}": {shown}', sqlstate.CHARACTER_NOT_IN_REPERTOIRE)


def _utf8_length(first: int) -> int:
    """PostgreSQL: src/common/wchar.c, pg_utf_mblen"""
    return 1 if first < 0xC0 else 2 if first < 0xE0 else 3 if first < 0xF0 else 4 if first < 0xF8 else 1


def reader(kind: Kind) -> Reader:
    """The statements of a kind as a function, for kinds that hold others."""
    source = f"def read(data, at, encoding):\n{indent(kind.reading.strip(), '    ')}\n    return value, at"
    scope = dict(kind.uses)
    exec(source, scope)
    read: Reader = scope["read"]
    return read


# ---------------------------------------------------------------------------------------------- numbers


def _integer(name: str, code: str, show: Callable[[Any], str] = str) -> Kind:
    layout = Struct("!" + code)
    unpack = f"unpack_{code}"
    return Kind(name, f"(value,) = {unpack}(data, at)\nat += {layout.size}", layout.pack, show, {unpack: layout.unpack_from})


def _show_unsigned(value: int) -> str:
    return str(value & 0xFFFF)


def _show_byte(value: int) -> str:
    return chr(value) if 32 <= value < 127 else f"\\x{value:02x}"


INT8 = _integer("Int8", "B", _show_byte)
INT16 = _integer("Int16", "h", _show_unsigned)  # as libpq shows them
INT32 = _integer("Int32", "i")
OID = _integer("Int32", "I")


def _no_data() -> NoReturn:
    raise Malformed("no data left in message")


BYTE1 = Kind(
    "Byte1", "value = data[at : at + 1] or no_data()\nat += 1", bytes, lambda value: _show_byte(value[0]), {"no_data": _no_data}
)


def subtype(message: str) -> Kind:
    """S for a statement, P for a portal. message: as PostgreSQL names it."""

    def check(value: bytes) -> None:
        if value not in (b"S", b"P"):
            raise Malformed(f"invalid {message} message subtype {value[0]}")

    return Kind(BYTE1.name, BYTE1.reading, BYTE1.write, BYTE1.show, BYTE1.uses, check)


# ---------------------------------------------------------------------------------------------- texts and bytes

_STRING = """
end = data.index(0, at)
value = data[at:end].decode(encoding) if at < end else ""
at = end + 1
"""
_RAW_STRING = """
end = data.index(0, at)
value = data[at:end]
at = end + 1
"""
_VALUE = """
(size,) = unpack_size(data, at)
at += 4
if size >= 0:
    if at + size > len(data):
        raise IndexError
    value = data[at : at + size]
    at += size
elif size == -1:
    value = None
else:
    raise IndexError
"""
_PASSWORD = """
value = data[:-1]
at = len(data)
if data.find(0) != at - 1 or not data:
    raise malformed("invalid password packet size")
"""
_size = Struct("!i")
_NULL = _size.pack(-1)
_UNPACK_SIZE = {"unpack_size": _size.unpack_from}


def _write_string(text: str) -> bytes:
    return write_raw_string(text.encode())


def write_raw_string(raw: bytes) -> bytes:
    if 0 in raw:
        raise ValueError("a String cannot hold a zero byte")
    return raw + b"\0"


def _write_value(value: bytes | None) -> bytes:
    return _NULL if value is None else _size.pack(len(value)) + value


def _show_bytes(data: bytes) -> str:
    shown = "".join(map(_show_byte, data))
    return f"'{shown}'"


def _show_raw_string(raw: bytes) -> str:
    return f'"{raw.decode(errors="backslashreplace")}"'


def _show_value(value: bytes | None) -> str:
    return "-1" if value is None else f"{len(value)} {_show_bytes(value)}"


STRING = Kind("String", _STRING, _write_string, lambda text: f'"{text}"')
RAW_STRING = Kind("String", _RAW_STRING, write_raw_string, _show_raw_string)  # in the client's encoding
PASSWORD = Kind("String", _PASSWORD, write_raw_string, _show_raw_string, {"malformed": Malformed})  # all there is in its message
REST = Kind("Byten", "value = data[at:]\nat = len(data)", bytes, _show_bytes)
VALUE = Kind("Value", _VALUE, _write_value, _show_value, _UNPACK_SIZE)  # Int32 length, -1 for NULL, and the bytes

# ---------------------------------------------------------------------------------------------- several of a kind

_pack_count = Struct("!H").pack
_COUNT = "count = data[at] << 8 | data[at + 1]\nat += 2"


def _numbers(name: str, code: str, size: int) -> Kind:
    """An Int16 count and so many integers."""
    reading = f"""
{_COUNT}
if count:
    value = unpack_one_{code}(data, at) if count == 1 else unpack_many(f"!{{count}}{code}", data, at)
    at += {size} * count
else:
    value = ()
"""
    return Kind(
        name,
        reading,
        lambda values: pack(f"!H{len(values)}{code}", len(values), *values),
        lambda values: " ".join([str(len(values)), *map(_show_unsigned if code == "h" else str, values)]),
        {f"unpack_one_{code}": Struct("!" + code).unpack_from, "unpack_many": unpack_from},
    )


INT16S = _numbers("Int16[Int16]", "h", 2)
OIDS = _numbers("Int32[Int16]", "I", 4)

# A length beyond the end takes fewer bytes than it says, after which either the next length or the last line finds nothing.
_VALUES = f"""
{_COUNT}
items = []
for _ in range(count):
    (size,) = unpack_size(data, at)
    at += 4
    if size >= 0:
        items.append(data[at : at + size])
        at += size
    elif size == -1:
        items.append(None)
    else:
        negative(size)
if at > len(data):
    raise IndexError
value = tuple(items)
"""


def _negative_size(size: int) -> NoReturn:
    raise IndexError


def _negative_argument(size: int) -> NoReturn:
    raise Malformed(f"invalid argument size {size} in function call message")


def _values(negative: Callable[[int], NoReturn]) -> Kind:
    return Kind(
        "Value[Int16]",
        _VALUES,
        lambda values: _pack_count(len(values)) + b"".join(map(_write_value, values)),
        lambda values: " ".join([str(len(values)), *map(_show_value, values)]),
        {**_UNPACK_SIZE, "negative": negative},
    )


VALUES = _values(_negative_size)
ARGUMENTS = _values(_negative_argument)


def group(*kinds: Kind) -> Kind:
    """Several fields that belong together, as a tuple."""
    readers = {f"read_{number}": reader(kind) for number, kind in enumerate(kinds)}
    lines = [f"item_{number}, at = read_{number}(data, at, encoding)" for number in range(len(kinds))]
    values = ", ".join(f"item_{number}" for number in range(len(kinds)))

    def write(items: Sequence[Any]) -> bytes:
        return b"".join([kind.write(item) for kind, item in zip(kinds, items, strict=True)])

    def show(items: Sequence[Any]) -> str:
        return " ".join([kind.show(item) for kind, item in zip(kinds, items, strict=True)])

    name = "(" + ", ".join(kind.name for kind in kinds) + ")"
    return Kind(name, "\n".join([*lines, f"value = ({values})"]), write, show, readers)


def _repeated(name: str, reading: str, item: Kind, head: Callable[[int], bytes], tail: bytes = b"") -> Kind:
    def write(items: Sequence[Any]) -> bytes:
        return head(len(items)) + b"".join(map(item.write, items)) + tail

    def show(items: Sequence[Any]) -> str:
        return " ".join([*([str(len(items))] if head(0) else []), *map(item.show, items), *(["\\x00"] if tail else [])])

    return Kind(name, reading, write, show, {"read": reader(item), **INT32.uses})


_ITEMS = """
items = []
for _ in range(count):
    value, at = read(data, at, encoding)
    items.append(value)
value = tuple(items)
"""
_UNTIL_ZERO = """
items = []
while data[at]:
    value, at = read(data, at, encoding)
    items.append(value)
at += 1
value = tuple(items)
"""


def counted(item: Kind) -> Kind:
    """An Int16 count and so many items."""
    return _repeated(f"{item.name}[Int16]", _COUNT + _ITEMS, item, _pack_count)


def until_zero(item: Kind) -> Kind:
    """Items up to a zero byte."""
    return _repeated(f"{item.name}...", _UNTIL_ZERO, item, lambda _: b"", b"\0")


_COUNT32 = INT32.reading.replace("value", "count", 1) + "\nif count < 0:\n    raise IndexError"
STRINGS = _repeated("String[Int32]", _COUNT32 + _ITEMS, STRING, _size.pack)
