"""Rows: columns once, then rows of values -> DataRow bytes; and back, parameter bytes -> values.

PostgreSQL: protocol-message-formats#PROTOCOL-MESSAGE-FORMATS-DATAROW
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from struct import Struct

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.types import array, invalid
from pgiris.types.codec import Context, Decode, Encode, Format, Oid, Value
from pgiris.types.table import TYPES, codec_of

_NONE = Oid(0)


@dataclass(frozen=True)
class Column:
    """One column of a result. relation and attribute name the table column it shows, 0 when it is none."""

    name: str
    oid: Oid
    typmod: int = -1
    relation: Oid = _NONE
    attribute: int = 0


_HEAD = Struct("!cih")
_LENGTH = Struct("!i")
_NULL = _LENGTH.pack(-1)


def expand_formats(formats: Sequence[int], count: int) -> tuple[int, ...]:
    """Result format codes of a Bind -> one for each of count columns. None means text, one holds for all."""
    return _expand(formats, count, "bind message has {} result formats but query has {} columns")


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
    """How to encode rows of certain columns. formats: as Bind gives them, expanded or not."""

    def __init__(self, columns: Sequence[Column], formats: Sequence[int], context: Context) -> None:
        self.columns = tuple(columns)
        self.formats = expand_formats(formats, len(self.columns))
        pairs = zip(self.columns, self.formats, strict=True)
        self._encoders = [encoder(column.oid, column.typmod, code, context) for column, code in pairs]

    def encode(self, rows: Sequence[Sequence[Value]], out: bytearray) -> None:
        """Append one DataRow per row. Raises PgError 22003 or 22P05 when a value cannot be sent; out is then as before."""
        encoders, count, length_of = self._encoders, len(self.columns), _LENGTH.pack
        start = len(out)
        try:
            for row in rows:
                cells: list[bytes] = []
                for value, encode in zip(row, encoders, strict=True):
                    if value is None:
                        cells.append(_NULL)
                    else:
                        cell = encode(value)
                        cells += (length_of(len(cell)), cell)
                body = b"".join(cells)
                out += _HEAD.pack(b"D", 6 + len(body), count)
                out += body
        except BaseException:
            del out[start:]
            raise


def encoder(oid: Oid, typmod: int, code: int, context: Context) -> Encode:
    codec = codec_of(oid)
    return codec.binary_out(context, typmod) if code == Format.BINARY else codec.text_out(context, typmod)


def decoder(oid: Oid, code: int, context: Context) -> Decode:
    codec = codec_of(oid)
    return codec.binary_in(context) if code == Format.BINARY else codec.text_in(context)


def decode_parameters(oids: Sequence[Oid], formats: Sequence[int], raw: Sequence[bytes | None], context: Context) -> list[Value]:
    """A Bind's parameter values, None for NULL.

    Raises PgError 08P01 when formats and values do not agree in number, and what the decoders raise.
    """
    codes = _expand(formats, len(raw), "bind message has {} parameter formats but {} parameters")
    values: list[Value] = []
    for number, (oid, code, data) in enumerate(zip(oids, codes, raw, strict=True), 1):
        if data is None:
            values.append(None)
            continue
        try:
            values.append(decoder(oid, code, context)(data))
        except invalid.TrailingBytes as error:
            message = f"incorrect binary data format in bind parameter {number}"
            raise PgError(error.code, message) from None
    return values


def decode_array(oid: Oid, value: Value) -> list[Value]:
    """An array value as its elements' values, all dimensions in one row, for an IRIS list."""
    row = TYPES[oid]
    element_in = codec_of(row.element).text_in(array.CANONICAL)
    return [None if item is None else element_in(item.encode()) for item in array.parse(value).items]
