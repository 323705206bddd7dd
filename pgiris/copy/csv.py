"""CSV: values between quotes where they need them; NULL and the empty string differ by their quotes.

PostgreSQL: sql-copy, "CSV Format"; CopyReadAttributesCSV, CopyAttributeOutCSV
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pgiris.copy.cells import DEFAULT, Cell, Default, Row
from pgiris.copy.lines import MARKER, LineReader, wrong
from pgiris.copy.options import CopyOptions, places
from pgiris.copy.rows import CellRow, LineWriter
from pgiris.errors import PgError
from pgiris.types import native
from pgiris.types.codec import Encode


class CsvReader(LineReader):
    """COPY FROM STDIN in CSV."""

    stray = "unquoted {} found in data"
    stray_hint = "Use quoted CSV field to represent {1}."

    def __init__(self, options: CopyOptions, columns: Sequence[str], relation: str, encoding: str = "UTF8") -> None:
        quote, escape, delimiter = options.quote.encode(), options.escape.encode(), options.delimiter.encode()
        self.quote = quote[0]
        self.escape = -1 if escape == quote else escape[0]  # twice the quote toggles twice, which needs no care
        super().__init__(options, columns, relation, encoding)
        self._quote_mark = quote
        self._block_has_quotes = False  # the lines at hand, as far as is known
        q, e, d = re.escape(quote), re.escape(escape), re.escape(delimiter)
        if escape == quote:
            quoted = rb"%b[^%b]*+(?:%b%b[^%b]*+)*+%b" % (q, q, q, q, q, q)
            self._escaped = re.compile(rb"%b(%b)" % (q, q))
        else:
            quoted = rb"%b(?:[^%b%b]++|%b[%b%b]?+)*+%b" % (q, q, e, e, q, e, q)
            self._escaped = re.compile(rb"%b([%b%b])" % (e, q, e))
        self._line_body = re.compile(rb"(?:[^%b\r\n]++|%b)*+" % (q, quoted))
        self._quoted = re.compile(quoted)
        self._simple_fields = re.compile(rb"(%b|[^%b%b]*+)%b|(?s:.)++" % (quoted, q, d, d)).findall
        self._field = re.compile(rb"(?:[^%b%b]++|%b)*+" % (q, d, quoted))
        markers: list[tuple[bytes | None, Default | None]] = [(self._null, None), (self._default, DEFAULT)]
        self._markers = [(marker, meaning) for marker, meaning in markers if marker is not None]
        self._not_null = places(options.force_not_null, columns, "FORCE_NOT_NULL")
        self._nullable = places(options.force_null, columns, "FORCE_NULL")

    def _is_simple(self) -> bool:
        return super()._is_simple() and self.escape < 0 and not self._not_null and not self._nullable

    def _last_end(self, block: bytes | bytearray) -> int:
        if self.escape >= 0:
            last = self._terminator[-1]
            return max([place + 1 for place in self._ends(block) if block[place] == last], default=0)
        return self._last_end_by_counting(block)

    def _last_end_by_counting(self, block: bytes | bytearray) -> int:
        """Backwards from the end: outside of quotes is where the number of quotes is even."""
        last, place, start = self._terminator[-1:], len(block), self._scanned
        at_end = inside = self._in_quote ^ (block.count(self._quote_mark, start) % 2 == 1)
        end = place
        while (place := block.rfind(last, start, end)) >= 0:
            inside ^= block.count(self._quote_mark, place, end) % 2 == 1
            if not inside:
                return place + 1
            end = place
        self._scanned, self._in_quote = len(block), at_end
        return 0

    def _plain_records(self, whole: bytes) -> list[bytes] | None:
        if self._has_stray_ends(whole) or (MARKER in whole and self._may_have_marker(whole)):
            return None
        quote = self._quote_mark
        self._block_has_quotes = quote in whole
        if self._block_has_quotes and self.escape >= 0:
            return None
        records = whole.split(self._terminator)
        del records[-1]
        if self._block_has_quotes:
            odd = [place for place, record in enumerate(records) if record.count(quote) & 1]
            if odd:
                return self._rejoined(records, odd)
        return records

    def _walk(self, whole: bytes) -> tuple[list[bytes], PgError | None]:
        self._block_has_quotes = True
        return super()._walk(whole)

    def _may_have_marker(self, whole: bytes) -> bool:
        return whole.startswith(MARKER) or self._terminator + MARKER in whole

    def _rejoined(self, pieces: Sequence[bytes], odd: Sequence[int]) -> list[bytes]:
        """Lines that were split within quotes are whole again. odd: pieces in which quotes open or close."""
        records: list[bytes] = []
        done = 0
        for first, last in zip(odd[::2], odd[1::2], strict=True):
            records += pieces[done:first]
            records.append(self._terminator.join(pieces[first : last + 1]))
            done = last + 1
        return records + list(pieces[done:])

    def _next_stop(self, whole: bytes, start: int) -> int:
        if whole.startswith(MARKER, start) and self._is_marker(whole, start):
            return start
        match = self._line_body.match(whole, start)
        assert match is not None
        stop = match.end()
        return len(whole) if whole.startswith(self._quote_mark, stop) else stop

    def _is_marker(self, whole: bytes, start: int) -> bool:
        """Only alone on its line, and at the end of the data only with an end of its own."""
        try:
            self._check_marker(whole[start + 2 : start + 4])
        except PgError as error:
            after = whole[start + 2 : start + 4]
            crlf = self._terminator == b"\r\n"
            return not error.message.endswith("corrupt") and not (crlf and after[:1] == b"\n")
        return True

    def _numbers(self, records: Sequence[bytes]) -> Sequence[int]:
        """Lines within quotes count too, by what ends the lines of the file; that of the first line is not known yet."""
        if not self._block_has_quotes:
            return super()._numbers(records)
        mark = b"\n" if self._terminator == b"\n" else b"\r"
        inside = [record.count(mark) for record in records]
        if self.lines_taken == 0 and records:
            inside[0] = records[0].count(b"\r")
        if not any(inside):
            return super()._numbers(records)
        numbers, line = [], self.lines_taken
        for more in inside:
            line += 1 + more
            numbers.append(line)
        return numbers

    def _rows(self, records: Sequence[bytes]) -> list[Row]:
        delimiter, quote, fields = self._delimiter, self._quote_mark, self._quoted_fields
        rows: list[Row] = [
            fields(record) if quote in record else record.split(delimiter)  # type: ignore[misc]
            for record in records
        ]
        for marker, meaning in self._markers:
            rows = [
                [meaning if cell == marker else cell for cell in row] if marker in row and quote not in record else row
                for row, record in zip(rows, records, strict=True)
            ]
        if self._not_null or self._nullable:
            for row in rows:
                self._force(row)
        return rows

    def _fields(self, record: bytes) -> Row:
        row = self._quoted_fields(record)
        self._force(row)
        return row

    def _quoted_fields(self, record: bytes) -> Row:
        delimiter, quote = self._delimiter, self._quote_mark
        raw: list[bytes] = self._simple_fields(record + delimiter)
        if delimiter.join(raw) != record:
            return [self._mixed(field) for field in self._mixed_fields(record)]
        if self._default is None and self.escape < 0:
            null, twice = self._null, quote * 2
            return [
                (cell[1:-1].replace(twice, quote) if twice in cell else cell[1:-1])
                if cell[:1] == quote
                else None
                if cell == null
                else cell
                for cell in raw
            ]
        return [self._mixed(field) for field in raw]

    def _mixed_fields(self, record: bytes) -> list[bytes]:
        """Fields with quotes anywhere in them."""
        fields, start = [], 0
        while True:
            match = self._field.match(record, start)
            assert match is not None
            if record.startswith(self._quote_mark, match.end()):
                raise wrong("unterminated CSV quoted field")
            fields.append(match[0])
            start = match.end() + 1
            if start > len(record):
                return fields

    def _mixed(self, raw: bytes) -> Cell:
        if self._quote_mark not in raw:
            return None if raw == self._null else DEFAULT if raw == self._default else raw
        return self._quoted.sub(lambda match: self._escaped.sub(rb"\1", match[0][1:-1]), raw)

    def _force(self, row: Row) -> None:
        """A column of both kinds changes once: what FORCE_NOT_NULL made of NULL stays."""
        before = row[:]
        for place in self._not_null:
            if place < len(row) and row[place] is None:
                row[place] = self._null
        for place in self._nullable:
            if place < len(row) and before[place] == self._null:
                row[place] = None


class CsvWriter(LineWriter):
    """COPY TO STDOUT in CSV."""

    def __init__(self, options: CopyOptions, columns: Sequence[str], encoding: str = "UTF8") -> None:
        super().__init__(options, columns, encoding)
        quote, escape = options.quote.encode(), options.escape.encode()
        self._quote, self._escape = quote, escape
        self._specials = b"\r\n" + quote + self._delimiter
        self._forced = places(options.force_quote, columns, "FORCE_QUOTE")
        self._always_closely = bool(self._forced) or len(self._columns) == 1  # a single ``\.`` is quoted

    def _twin(self, encoders: Sequence[Encode]) -> native.RowWriter | None:
        return native.copy_lines(encoders, self._delimiter, self._null, self._quote, self._escape, tuple(self._forced))

    def _looks_like_null(self, columns: Sequence[Sequence[str | None]], null: str) -> bool:
        return any(null in column for column in columns)

    def _lines(self, rows: Sequence[CellRow]) -> list[bytes]:
        null, lines = self._null, super()._lines(rows)
        return [self._line(row) if null in row else line for row, line in zip(rows, lines, strict=True)]

    def _cell(self, cell: bytes, place: int) -> bytes:
        return self._quoted(cell) if place in self._forced else self._name(cell, place)

    def _name(self, name: bytes, place: int) -> bytes:
        if len(name.translate(None, self._specials)) != len(name) or name == self._null:
            return self._quoted(name)
        return self._quoted(name) if len(self._columns) == 1 and name == MARKER else name

    def _quoted(self, cell: bytes) -> bytes:
        quote, escape = self._quote, self._escape
        if escape != quote:
            cell = cell.replace(escape, escape * 2)
        cell = cell.replace(quote, escape + quote)
        return quote + cell + quote
