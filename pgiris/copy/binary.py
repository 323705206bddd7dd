"""Binary: a signature, rows of counted columns with their lengths, a trailer.

PostgreSQL: sql-copy, "Binary Format"; src/backend/commands/copyfromparse.c, ReceiveCopyBinaryHeader
"""

from __future__ import annotations

from collections.abc import Sequence
from struct import Struct, error
from typing import Any

from pgiris.copy.cells import Row, in_column, in_line
from pgiris.copy.lines import check_size, wrong
from pgiris.copy.options import CopyOptions
from pgiris.copy.rows import CellRow, messages
from pgiris.errors import PgError
from pgiris.types import native
from pgiris.types.codec import Decode, Oid
from pgiris.types.encoding import ENCODINGS

SIGNATURE = b"PGCOPY\n\xff\r\n\0"
_COUNT = Struct("!h")
_LENGTH = Struct("!i")
_TRAILER = _COUNT.pack(-1)
_HEADER_BYTES = len(SIGNATURE) + 2 * _LENGTH.size
_WITH_OIDS = 1 << 16
_NULL = _LENGTH.pack(-1)
_LENGTHS = [_LENGTH.pack(length) for length in range(1 << 12)]


class BinaryReader:
    """One COPY FROM STDIN in binary. lines: numbers of the rows that feed() gave last, from 1.

    decoded: whether those rows are values already, made by a compiled twin; see decode_with().
    """

    def __init__(self, options: CopyOptions, columns: Sequence[str], relation: str, encoding: str = "UTF8") -> None:
        self.lines: Sequence[int] = range(0)
        self.records: Sequence[bytes] = ()
        self.lines_taken = 0
        self.incomplete: tuple[Row, int] | None = None
        self.decoded = False
        self._twin: native.TupleDecoder | None = None
        self._utf8 = ENCODINGS[encoding] == "utf-8"
        self._columns = tuple(columns)
        self._relation = relation
        self._held = bytearray()  # the row in progress
        self._needed = 0  # so many bytes of it, before another look is worth while
        self._in_header = True
        self._to_skip = 0  # of the header's extension
        self._ended = False
        self._failure: PgError | None = None

    def decode_with(self, types: Sequence[Oid], decoders: Sequence[Decode]) -> None:
        """Where a compiled twin can read rows, they become values at once."""
        self._twin = native.tuple_blocks(types, decoders, utf8=self._utf8)

    def feed(self, data: bytes) -> Sequence[Row]:
        """The rows that these bytes complete, those before an error first. Raises PgError 22P04 or 54000."""
        self.lines, self.decoded = range(0), False
        self._raise_failure()
        if self._held:
            self._held += data
            if len(self._held) < self._needed:
                return []
            data, self._held = bytes(self._held), bytearray()
        at = 0
        if self._in_header or self._to_skip:
            at = self._take_header(data)
            if self._in_header or self._to_skip:
                return []
        rows, at = self._decoded_rows(data, at)
        if not rows:
            rows, at = self._take_rows(data, at)
        self._held += memoryview(data)[at:]
        self.lines = range(self.lines_taken + 1, self.lines_taken + 1 + len(rows))
        self.lines_taken += len(rows)
        if not rows:
            self._raise_failure()
        return rows

    def finish(self) -> Sequence[Row]:
        """Nothing, since rows need no end. Raises 22P04 when the data stop within the header or a row."""
        self.lines, self.decoded = range(0), False
        self._raise_failure()
        if self._in_header:
            raise wrong(self._missing_in_header())
        if self._to_skip:
            raise wrong("invalid COPY file header (wrong length)")
        if len(self._held) >= _COUNT.size and not self._ended:
            raise self._at(wrong("unexpected EOF in COPY data"), self._column_in_progress())
        return []

    def _raise_failure(self) -> None:
        if self._failure is not None:
            raise self._failure

    # The header

    def _take_header(self, data: bytes) -> int:
        """Where rows begin; what is missing of the header is waited for."""
        at = 0
        if self._in_header:
            if not SIGNATURE.startswith(data[: len(SIGNATURE)]):
                raise wrong("COPY file signature not recognized")
            if len(data) < _HEADER_BYTES:
                self._hold(data, _HEADER_BYTES)
                return 0
            (flags,) = _LENGTH.unpack_from(data, len(SIGNATURE))
            (self._to_skip,) = _LENGTH.unpack_from(data, len(SIGNATURE) + _LENGTH.size)
            _check_flags(flags)
            if self._to_skip < 0:
                raise wrong("invalid COPY file header (missing length)")
            self._in_header = False
            at = _HEADER_BYTES
        skipped = min(self._to_skip, len(data) - at)
        self._to_skip -= skipped
        return at + skipped

    def _missing_in_header(self) -> str:
        if len(self._held) < len(SIGNATURE):
            return "COPY file signature not recognized"
        if len(self._held) < len(SIGNATURE) + _LENGTH.size:
            return "invalid COPY file header (missing flags)"
        return "invalid COPY file header (missing length)"

    # Rows

    def _decoded_rows(self, data: bytes, at: int) -> tuple[Sequence[Any], int]:
        """The same by the twin, or nothing."""
        found = self._twin.decode(data, at) if self._twin is not None and not self._ended else None
        if found is None or not found[0]:
            return [], at
        self._needed, self.decoded = 0, True
        return found

    def _take_rows(self, data: bytes, at: int) -> tuple[list[Row], int]:
        """The whole rows from a place on, and where the first that is not whole begins."""
        rows: list[Row] = []
        count_at, length_at = _COUNT.unpack_from, _LENGTH.unpack_from
        columns, size = range(len(self._columns)), len(data)
        start = at
        try:
            while start < size and not self._ended:
                (count,) = count_at(data, start)
                if count != len(self._columns):
                    start = self._end(count, data, start)
                    break
                row: Row = []
                at = start + 2
                for _ in columns:
                    (length,) = length_at(data, at)
                    at += 4
                    if length >= 0:
                        end = at + length
                        if end > size:
                            check_size(end - start, self._relation, self.lines_taken + len(rows) + 1)
                            self._needed = end - start
                            return rows, start
                        row.append(data[at:end])
                        at = end
                    elif length == -1:
                        row.append(None)
                    else:
                        raise self._at(wrong("invalid field size"), self._columns[len(row)], len(rows))
                rows.append(row)
                start = at
        except error:  # the data end within a count or length
            self._needed = 0
        except PgError as failure:
            self._failure = failure if failure.where else self._at(failure, None, len(rows))
        if self._ended and start < size:
            self._failure = self._at(wrong("received copy data after EOF marker"), None, len(rows))
        return rows, start

    def _end(self, count: int, data: bytes, start: int) -> int:
        if count != -1:
            raise wrong(f"row field count is {count}, expected {len(self._columns)}")
        self._ended = True
        return start + _COUNT.size

    def _hold(self, data: bytes, needed: int) -> None:
        self._held, self._needed = bytearray(data), needed

    def _column_in_progress(self) -> str | None:
        """The column in which the held bytes stop."""
        at = _COUNT.size
        for column in self._columns:
            if at + _LENGTH.size > len(self._held):
                return column
            (length,) = _LENGTH.unpack_from(self._held, at)
            at += _LENGTH.size + max(length, 0)
            if at > len(self._held):
                return column
        return None

    def _at(self, problem: PgError, column: str | None, rows_before: int = 0) -> PgError:
        line = self.lines_taken + rows_before + 1
        if column is None:
            problem.where = in_line(self._relation, line)
        else:
            problem.where = in_column(self._relation, line, column, None, binary=True)
        return problem


def _check_flags(flags: int) -> None:
    if flags & _WITH_OIDS:
        raise wrong("invalid COPY file header (WITH OIDS)")
    if flags >> 16:
        raise wrong("unrecognized critical flags in COPY file header")


class BinaryWriter:
    """COPY TO STDOUT in binary. The header shares its message with what comes next, as PostgreSQL sends it."""

    def __init__(self, options: CopyOptions, columns: Sequence[str], encoding: str = "UTF8") -> None:
        self._count = _COUNT.pack(len(columns))
        self._header = SIGNATURE + _LENGTH.pack(0) * 2

    def start(self) -> bytes:
        return b""

    def rows(self, rows: Sequence[CellRow]) -> bytes:
        """One message for each row."""
        if not rows:
            return b""
        if self._header:
            first = self.take_header() + self._payload(rows[0])
            return messages([first, *map(self._payload, rows[1:])])
        return messages([self._payload(row) for row in rows])

    def columns(self, columns: Sequence[Sequence[bytes]]) -> bytes:
        """The same for cells in columns, each with its length in front."""
        count = self._count
        payloads = [count + body for body in map(b"".join, zip(*columns, strict=True))]
        if self._header and payloads:
            payloads[0] = self.take_header() + payloads[0]
        return messages(payloads)

    def end(self) -> bytes:
        return messages([self.take_header() + _TRAILER])

    def _payload(self, row: CellRow) -> bytes:
        try:
            cells = [_NULL if cell is None else _LENGTHS[len(cell)] + cell for cell in row]
        except IndexError:
            cells = [_NULL if cell is None else _LENGTH.pack(len(cell)) + cell for cell in row]
        return self._count + b"".join(cells)

    def take_header(self) -> bytes:
        header, self._header = self._header, b""
        return header
