"""Encode: rows of values -> CopyData messages, through types/ and a format's writer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pgiris.copy.binary import BinaryWriter
from pgiris.copy.columns import texts
from pgiris.copy.formats import Writer, writer
from pgiris.copy.options import CopyFormat, CopyOptions
from pgiris.copy.rows import LineWriter
from pgiris.errors import PgError
from pgiris.types import native
from pgiris.types.cells import byte_cells
from pgiris.types.codec import Context, Format, Value
from pgiris.types.rows import Column, encoder

Row = Sequence[Value]


class Encoder:
    """One COPY TO STDOUT. names: of the columns, for the header. All methods return CopyData messages, one for each row."""

    def __init__(self, options: CopyOptions, names: Sequence[str], columns: Sequence[Column], context: Context) -> None:
        self._writer: Writer = writer(options, names, context.client_encoding)
        code = Format.BINARY if options.format is CopyFormat.BINARY else Format.TEXT
        if code is Format.TEXT:
            context = replace(context, client_encoding="UTF8")  # the writer converts whole lines
        encoders = [encoder(column.oid, column.typmod if column.shown < 0 else column.shown, code, context) for column in columns]
        self._texts = [texts(encode) for encode in encoders] if code is Format.TEXT else []
        self._bytes = [byte_cells(encode) for encode in encoders] if code is Format.BINARY else []
        self._width = len(columns)
        self._lines: native.RowWriter | None = None
        self._tuples: native.TupleWriter | None = None
        if isinstance(self._writer, LineWriter):
            self._lines = self._writer.twin(encoders)
        else:
            self._tuples = native.copy_tuples(encoders)

    def start(self) -> bytes:
        return self._writer.start()

    @property
    def twin(self) -> native.Taker | None:
        """What writes rows after the first as this one does, if it is compiled."""
        return (self._lines or self._tuples) if self._width else None

    def append(self, rows: Sequence[Row], out: bytearray) -> None:
        out += self.rows(rows)

    def rows(self, rows: Sequence[Row]) -> bytes:
        """Raises PgError 22003 or 22P05 when a value cannot be sent."""
        if not rows or not self._width:
            return self._writer.rows([()] * len(rows))
        if self._lines is not None:
            return self._lines.encode(rows)
        if self._tuples is not None and isinstance(self._writer, BinaryWriter):
            return self._tuples.encode(rows, self._writer.take_header())
        try:
            return self._batch(rows)
        except PgError:
            for row in rows:  # of several wrong values, the first row's is told
                self._batch([row])
            raise

    def _batch(self, rows: Sequence[Row]) -> bytes:
        columns = zip(*rows, strict=True)
        if isinstance(self._writer, BinaryWriter):
            return self._writer.columns([make(column) for make, column in zip(self._bytes, columns, strict=True)])
        return self._writer.columns([make(column) for make, column in zip(self._texts, columns, strict=True)])

    def end(self) -> bytes:
        return self._writer.end()
