"""Cells: the values of one column -> length and bytes of each, as a DataRow holds them. The hottest loops of pgiris.

A text cell is a str that stands for bytes (latin-1), a byte cell is bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from struct import Struct, error
from typing import TypeVar

from pgiris.types.codec import Context, Encode, Value
from pgiris.types.datetime import DAY_US, EPOCH, timestamp_binary
from pgiris.types.encoding import text_encoder
from pgiris.types.numeric import float8_binary
from pgiris.types.scalar import INT2, INT4, INT8, Shown, as_is, bool_binary, bool_text

Cell = TypeVar("Cell", str, bytes)
Column = Sequence[Value]
Cells = Callable[[Column], list[Cell]]

_pack = Struct("!i").pack
NULL = _pack(-1)
_COUNT = Struct("!h")
_NULL_TEXT = NULL.decode("latin-1")
TABLE_SIZE = 1 << 14  # lengths that are looked up and not computed
_BYTES = [_pack(n) for n in range(TABLE_SIZE)]
_TEXTS = [length.decode("latin-1") for length in _BYTES]
_UTF8 = text_encoder("UTF8")
_ONLY_INT = {int}


def rows_of_texts(columns: Sequence[list[str]]) -> bytes:
    """Cells of all columns -> DataRows."""
    count = _COUNT.pack(len(columns)).decode("latin-1")
    bodies = list(map("".join, zip(*columns, strict=True)))
    try:
        rows = [f"D{_TEXTS[len(body) + 6]}{count}{body}" for body in bodies]
    except IndexError:
        rows = [f"D{_pack(len(body) + 6).decode('latin-1')}{count}{body}" for body in bodies]
    return "".join(rows).encode("latin-1")


def rows_of_bytes(columns: Sequence[list[bytes]]) -> bytes:
    count = _COUNT.pack(len(columns))
    return b"".join([b"D%b%b%b" % (_pack(len(body) + 6), count, body) for body in map(b"".join, zip(*columns, strict=True))])


def text_cells(encode: Encode) -> Cells[str]:
    """encode: the column's encoder in text format."""

    def cell(value: Value) -> str:
        raw = encode(value)
        return (_pack(len(raw)) + raw).decode("latin-1")

    fast = _shown_texts(encode.show) if isinstance(encode, Shown) else _FAST_TEXT.get(encode)
    return _tolerant(fast, cell, _NULL_TEXT) if fast else _plain(cell, _NULL_TEXT)


def byte_cells(encode: Encode) -> Cells[bytes]:
    """encode: the column's encoder in either format."""

    def cell(value: Value) -> bytes:
        raw = encode(value)
        return _pack(len(raw)) + raw

    fast = _FAST_BYTES.get(encode)
    return _tolerant(fast, cell, NULL) if fast else _plain(cell, NULL)


def _plain(cell: Callable[[Value], Cell], null: Cell) -> Cells[Cell]:
    return lambda column: [null if value is None else cell(value) for value in column]


def _tolerant(fast: Cells[Cell], cell: Callable[[Value], Cell], null: Cell) -> Cells[Cell]:
    """fast, and another way for columns with NULLs, long values or values of unexpected types, on which fast stumbles."""

    def cells(column: Column) -> list[Cell]:
        try:
            return fast(column)
        except (AttributeError, IndexError, KeyError, TypeError, UnicodeEncodeError, error):
            if None not in column:
                return [cell(value) for value in column]
        present = iter(cells([value for value in column if value is not None]))
        return [null if value is None else next(present) for value in column]

    return cells


def _string_texts(column: Column) -> list[str]:
    return [f"{_TEXTS[len(value)]}{value}" if value.isascii() else _wide(value) for value in column]


def _wide(value: str) -> str:
    raw = _UTF8(value)
    return (_pack(len(raw)) + raw).decode("latin-1")


def _integer_texts(bits: int) -> Cells[str]:
    limit = 1 << (bits - 1)

    def texts(column: Column) -> list[str]:
        if set(map(type, column)) != _ONLY_INT or not -limit <= min(column) <= max(column) < limit:
            raise TypeError
        return [f"{_TEXTS[len(text := str(value))]}{text}" for value in column]

    return texts


def _shown_texts(show: Callable[[Value], str]) -> Cells[str]:
    return lambda column: [f"{_TEXTS[len(text := show(value))]}{text}" for value in column]


_BOOL_TEXTS = {True: "\0\0\0\1t", False: "\0\0\0\1f"}
_BOOL_BYTES = {True: b"\0\0\0\1t", False: b"\0\0\0\1f"}


def _packed(layout: str) -> Cells[bytes]:
    """layout: of the length and the value. pack refuses what is too large or no number; the slow way then says why."""
    struct = Struct(layout)
    pack, size = struct.pack, struct.size - 4
    return lambda column: [pack(size, value) for value in column]


def _timestamp_bytes(column: Column) -> list[bytes]:
    pack, parse = Struct("!iq").pack, datetime.fromisoformat
    deltas = [parse(value) - EPOCH for value in column]
    return [pack(8, delta.days * DAY_US + delta.seconds * 1_000_000 + delta.microseconds) for delta in deltas]


_FAST_TEXT: dict[Encode, Cells[str]] = {
    as_is: _string_texts,
    _UTF8: _string_texts,
    INT2.text_out(Context(), -1): _integer_texts(16),
    INT4.text_out(Context(), -1): _integer_texts(32),
    INT8.text_out(Context(), -1): _integer_texts(64),
    bool_text: lambda column: [_BOOL_TEXTS[value] for value in column],
}
_FAST_BYTES: dict[Encode, Cells[bytes]] = {
    as_is: lambda column: [_BYTES[len(raw := value.encode())] + raw for value in column],
    _UTF8: lambda column: [_BYTES[len(raw := value.encode())] + raw for value in column],
    bool_text: lambda column: [_BOOL_BYTES[value] for value in column],
    bool_binary: lambda column: [(b"\0\0\0\1\0", b"\0\0\0\1\1")[value] for value in column],
    float8_binary: _packed("!id"),
    timestamp_binary: _timestamp_bytes,
    **{codec.binary_out(Context(), -1): _packed(layout) for codec, layout in ((INT2, "!ih"), (INT4, "!ii"), (INT8, "!iq"))},
}
