"""Rows: columns once, then rows of values -> DataRow bytes; and back, parameter bytes -> values.

PostgreSQL: protocol-message-formats#PROTOCOL-MESSAGE-FORMATS-DATAROW
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from struct import Struct

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.types import array, cells, invalid, native, oids
from pgiris.types.codec import Context, Decode, Encode, Format, Oid, Value
from pgiris.types.numeric import is_finite
from pgiris.types.table import TYPES, codec_of, type_name

_NONE = Oid(0)
UNBOUNDED = frozenset((oids.NUMERIC, oids.FLOAT4, oids.FLOAT8))  # types with NaN and infinities, which IRIS has not


@dataclass(frozen=True)
class Column:
    """One column of a result. relation and attribute name the table column it shows, 0 when it is none.

    shown: a typmod by which values are written though the client is told typmod: the decimals of sum(numeric(10,2)), whose type
    is plain numeric. -1: as typmod says.
    """

    name: str
    oid: Oid
    typmod: int = -1
    relation: Oid = _NONE
    attribute: int = 0
    shown: int = -1


_LENGTH = Struct("!i")
_COUNT = Struct("!h")
FEW_ROWS = 4  # below, going row by row costs less


def expand_formats(formats: Sequence[int], count: int) -> tuple[int, ...]:
    """Result format codes of a Bind -> one for each of count columns. None means text, one holds for all."""
    return _expand(formats, count, "bind message has {} result formats but query has {} columns")


def expand_parameter_formats(formats: Sequence[int], count: int) -> tuple[int, ...]:
    """The same for the format codes of a Bind's parameters."""
    return _expand(formats, count, "bind message has {} parameter formats but {} parameters")


def _expand(formats: Sequence[int], count: int, complaint: str) -> tuple[int, ...]:
    for code in formats:
        if code not in (0, 1):
            raise PgError(sqlstate.INVALID_PARAMETER_VALUE, f"unsupported format code: {code}")
    if not formats:
        return (0,) * count
    if len(formats) == 1:
        return (formats[0],) * count
    if len(formats) != count:
        raise PgError(sqlstate.PROTOCOL_VIOLATION, complaint.format(len(formats), count))
    return tuple(formats)


class RowPlan:
    """How to encode rows of certain columns. formats: as Bind gives them, expanded or not.

    Rows are encoded column by column: one comprehension for each column's cells, one for the rows. If all columns are text,
    this happens in strings that stand for bytes (latin-1) and are encoded once per call: measured a third faster.
    twin: what does the same, if it is compiled.
    """

    def __init__(self, columns: Sequence[Column], formats: Sequence[int], context: Context) -> None:
        self.columns = tuple(columns)
        self.formats = expand_formats(formats, len(self.columns))
        pairs = zip(self.columns, self.formats, strict=True)
        self._encoders = [
            encoder(column.oid, column.typmod if column.shown < 0 else column.shown, code, context) for column, code in pairs
        ]
        self.twin = native.data_rows(self._encoders)
        self._count = _COUNT.pack(len(self.columns))
        mixed = Format.BINARY in self.formats
        self._text_cells = [] if mixed else [cells.text_cells(encode) for encode in self._encoders]
        self._byte_cells = [cells.byte_cells(encode) for encode in self._encoders] if mixed else []

    def encode(self, rows: Sequence[Sequence[Value]], out: bytearray) -> None:
        """Append one DataRow per row. Raises PgError 22003 or 22P05 when a value cannot be sent; out is then as before."""
        if self.twin is not None:
            out += self.twin.encode(rows)
            return
        if len(rows) < FEW_ROWS or not self.columns:
            out += b"".join([self._row(row) for row in rows])
            return
        try:
            out += self._batch(rows)
        except PgError:
            for row in rows:  # of several wrong values, the first row's is told
                self._row(row)
            raise

    def _batch(self, rows: Sequence[Sequence[Value]]) -> bytes:
        columns = zip(*rows, strict=True)
        if self._text_cells:
            return cells.rows_of_texts([make(column) for make, column in zip(self._text_cells, columns, strict=True)])
        return cells.rows_of_bytes([make(column) for make, column in zip(self._byte_cells, columns, strict=True)])

    def _row(self, row: Sequence[Value]) -> bytes:
        parts = [b"D", b"", self._count]
        size = 6
        for value, encode in zip(row, self._encoders, strict=True):
            if value is None:
                parts.append(cells.NULL)
                size += 4
            else:
                cell = encode(value)
                length = len(cell)
                size += 4 + length
                parts += (_LENGTH.pack(length), cell)
        parts[1] = _LENGTH.pack(size)
        return b"".join(parts)


def encoder(oid: Oid, typmod: int, code: int, context: Context) -> Encode:
    codec = codec_of(oid)
    return codec.binary_out(context, typmod) if code == Format.BINARY else codec.text_out(context, typmod)


def decoder(oid: Oid, code: int, context: Context) -> Decode:
    codec = codec_of(oid)
    return codec.binary_in(context) if code == Format.BINARY else codec.text_in(context)


def held_decoder(oid: Oid, code: int, context: Context) -> Decode:
    """As decoder(), for values that IRIS is to hold. Raises PgError 0A000 for those that it cannot."""
    decode = decoder(oid, code, context)
    if oid not in UNBOUNDED:
        return decode

    return lambda raw: require_held(decode(raw), oid)


def require_held(value: Value, oid: Oid) -> Value:
    """A value that IRIS is to hold. oid: one of UNBOUNDED. Raises PgError 0A000 for NaN and infinities."""
    if value is not None and not is_finite(value):
        raise invalid.unrepresentable(f"{type_name(oid)} NaN or infinity")
    return value


class Decoders(dict[tuple[Oid, int], Decode]):
    """(type, format code) -> its decoder under one Context, made when first asked for."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def __missing__(self, key: tuple[Oid, int]) -> Decode:
        self[key] = found = decoder(*key, self._context)
        return found


_decoders_under = lru_cache(maxsize=64)(Decoders)


def decode_parameters(types: Sequence[Oid], formats: Sequence[int], raw: Sequence[bytes | None], context: Context) -> list[Value]:
    """A Bind's parameter values, None for NULL.

    Raises PgError 08P01 when formats and values do not agree in number, and what the decoders raise.
    """
    codes = expand_parameter_formats(formats, len(raw))
    decoders = _decoders_under(context)
    values: list[Value] = []
    try:
        for key, data in zip(zip(types, codes, strict=True), raw, strict=True):
            values.append(None if data is None else decoders[key](data))
    except invalid.TrailingBytes as error:
        raise PgError(error.code, f"incorrect binary data format in bind parameter {len(values) + 1}") from None
    return values


def decode_array(oid: Oid, value: Value) -> list[Value]:
    """An array value as its elements' values, all dimensions in one row, for an IRIS list."""
    row = TYPES[oid]
    element_in = held_decoder(row.element, Format.TEXT, array.CANONICAL)
    return [None if item is None else element_in(item.encode()) for item in array.parse(value).items]
