"""Encode: rows of values -> CopyData messages, through types/ and a format's writer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pgiris.copy.formats import writer
from pgiris.copy.options import CopyFormat, CopyOptions
from pgiris.types.codec import Context, Encode, Format, Value
from pgiris.types.rows import Column, encoder

Row = Sequence[Value]


class Encoder:
    """One COPY TO STDOUT. names: of the columns, for the header. All methods return CopyData messages, one for each row."""

    def __init__(self, options: CopyOptions, names: Sequence[str], columns: Sequence[Column], context: Context) -> None:
        self._writer = writer(options, names, context.client_encoding)
        code = Format.BINARY if options.format is CopyFormat.BINARY else Format.TEXT
        if code is Format.TEXT:
            context = replace(context, client_encoding="UTF8")  # the writer converts whole lines
        self._cells = [
            _cells(encoder(column.oid, column.typmod if column.shown < 0 else column.shown, code, context)) for column in columns
        ]

    def start(self) -> bytes:
        return self._writer.start()

    def rows(self, rows: Sequence[Row]) -> bytes:
        """Raises PgError 22003 or 22P05 when a value cannot be sent."""
        if not rows or not self._cells:
            return self._writer.rows([()] * len(rows))
        columns = zip(*rows, strict=True)
        return self._writer.rows(
            list(zip(*[make(column) for make, column in zip(self._cells, columns, strict=True)], strict=True))
        )

    def end(self) -> bytes:
        return self._writer.end()


class _Cells:
    """The cells of one column."""

    __slots__ = ("_encode",)

    def __init__(self, encode: Encode) -> None:
        self._encode = encode

    def __call__(self, column: Sequence[Value]) -> list[bytes | None]:
        encode = self._encode
        return [None if value is None else encode(value) for value in column]


_cells = _Cells
