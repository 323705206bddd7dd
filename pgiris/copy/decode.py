"""Decode: CopyData -> rows of values, through a format's reader and types/.

A batch ends at the first row that is wrong, whose error it carries: those before it are to be stored first, and may be wrong too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from pgiris.copy.cells import Cell, Row, in_column, in_line
from pgiris.copy.columns import values
from pgiris.copy.formats import reader
from pgiris.copy.options import CopyFormat, CopyOptions
from pgiris.errors import PgError
from pgiris.types.codec import Context, Format, Oid, Value
from pgiris.types.encoding import ENCODINGS
from pgiris.types.rows import held_decoder

Values = Sequence[Value]  # of one row; DEFAULT where the column is to take its default


@dataclass(slots=True)
class Batch:
    """rows, the lines in which they end, what stands there in text and CSV. failure: what is wrong with the row after them."""

    rows: Sequence[Values] = ()
    lines: Sequence[int] = range(0)
    records: Sequence[bytes] = ()
    failure: PgError | None = field(default=None)


class Decoder:
    """One COPY FROM STDIN. names, oids: of the columns that are copied. relation: the table's name, for CONTEXT."""

    def __init__(self, options: CopyOptions, names: Sequence[str], oids: Sequence[Oid], relation: str, context: Context) -> None:
        self._reader = reader(options, names, relation, context.client_encoding)
        self.names = tuple(names)
        self._relation = relation
        self._binary = options.format is CopyFormat.BINARY
        self._has_defaults = options.default is not None
        if not self._binary:
            context = replace(context, client_encoding="UTF8")  # into which the reader converts whole lines
        code = Format.BINARY if self._binary else Format.TEXT
        self._decoders = [held_decoder(oid, code, context) for oid in oids]
        self._reader.decode_with(oids, self._decoders)
        utf8 = ENCODINGS[context.client_encoding] == "utf-8"
        self._columns = [
            values(oid, decode, binary=self._binary, utf8=utf8) for oid, decode in zip(oids, self._decoders, strict=True)
        ]

    def feed(self, data: bytes) -> Batch:
        """Raises PgError for what is wrong with the first row that these bytes complete."""
        return self._batch(lambda: self._reader.feed(data))

    def finish(self) -> Batch:
        return self._batch(self._reader.finish)

    def line(self, number: int, record: bytes | None = None) -> str:
        """CONTEXT of an error about a row."""
        return in_line(self._relation, number, record)

    def cell(self, number: int, name: str, value: Value) -> str:
        """CONTEXT of an error about a value."""
        return in_column(self._relation, number, name, str(value).encode(), binary=self._binary)

    @property
    def next_line(self) -> int:
        return self._reader.lines_taken + 1

    @property
    def reads_values(self) -> bool:
        """Whether the compiled twin has made the last batch."""
        return self._reader.decoded

    def _batch(self, read: Callable[[], Sequence[Row]]) -> Batch:
        reader = self._reader
        try:
            rows = read()
        except PgError:
            if reader.incomplete is not None:
                self._values(*reader.incomplete)  # what is wrong with these columns goes first
            raise
        if not rows or not self.names or reader.decoded:
            return Batch(rows, reader.lines, reader.records)
        try:
            columns = [decode(column) for decode, column in zip(self._columns, zip(*rows, strict=True), strict=True)]
        except PgError:
            return self._batch_before_failure(rows)
        return Batch(list(zip(*columns, strict=True)), reader.lines, reader.records)

    def _batch_before_failure(self, rows: Sequence[Row]) -> Batch:
        lines, records = self._reader.lines, self._reader.records
        good: list[Values] = []
        failure = None
        for row, line in zip(rows, lines, strict=True):
            try:
                good.append(self._values(row, line))
            except PgError as error:
                failure = error
                break
        return Batch(good, lines[: len(good)], records[: len(good)], failure)

    def _values(self, row: Row, line: int) -> Values:
        found: list[Value] = []
        for cell, decode, name in zip(row, self._decoders, self.names, strict=False):
            try:
                found.append(decode(cell) if isinstance(cell, bytes) else cell)
            except PgError as error:
                error.where = in_column(self._relation, line, name, _shown(cell), binary=self._binary)
                raise
        return found


def _shown(cell: Cell) -> bytes | None:
    return cell if isinstance(cell, bytes) else None
