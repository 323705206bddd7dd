"""Lines: what text and CSV have in common when they are read: whole lines, their ends, headers, numbers of columns, errors.

In: a stream of bytes in pieces of any size. Out: rows of cells. Only the line in progress is kept.
PostgreSQL: src/backend/commands/copyfromparse.c, CopyReadLineText and NextCopyFrom
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, overload

from pgiris import sqlstate
from pgiris.copy.cells import ROW_LIMIT_BYTES, Row, in_line
from pgiris.copy.options import CopyOptions, Header
from pgiris.errors import PgError
from pgiris.types import native
from pgiris.types.codec import Decode, Oid
from pgiris.types.encoding import ENCODINGS, text_decoder

MARKER = b"\\."  # ends the data; what comes after it is ignored
_CR, _LF = b"\r\n"


class LineReader:
    """One COPY FROM STDIN in text or CSV; a subclass for each says what a line is and how it is split.

    columns: names of those that are copied. relation: the table's name, for CONTEXT. encoding: the client's.
    lines: the numbers of the lines of the rows that feed() or finish() gave last, in which each ends. records: those lines.
    decoded: whether those rows are values already, made by a compiled twin; see decode_with().
    An error is raised after the rows before it have been given, so that what is wrong with those is reported first.
    """

    quote = -1  # characters as numbers, -1: there is none
    escape = -1
    escape_anywhere = False  # not only between quotes
    stray = "literal {} found in data"
    stray_hint = 'Use "{}" to represent {}.'

    def __init__(self, options: CopyOptions, columns: Sequence[str], relation: str, encoding: str = "UTF8") -> None:
        self.lines: Sequence[int] = range(0)
        self.records: Sequence[bytes] = ()
        self.lines_taken = 0
        self.incomplete: tuple[Row, int] | None = None
        self.decoded = False
        self._twin: native.LineDecoder | None = None
        self._columns = tuple(columns)
        self._relation = relation
        self._header = options.header
        self._null = options.null.encode()
        self._default = None if options.default is None else options.default.encode()
        self._delimiter = options.delimiter.encode()
        self._terminator = b""  # of lines; the first one decides
        self._held = bytearray()  # the line in progress
        self._scanned = 0  # up to here, no line ends in it
        self._in_quote = False  # at that place
        self._skip = -1  # place of a character that is escaped
        self._ended = False
        self._failure: PgError | None = None
        marks = {_CR, _LF, self.quote, self.escape} - {-1}
        self._marks = re.compile(b"[%b]" % b"".join(re.escape(bytes((mark,))) for mark in sorted(marks)))
        self._encoding = options.encoding or encoding
        codec = ENCODINGS[self._encoding]
        self._decoder = None if codec == "utf-8" else codecs.getincrementaldecoder(codec)()

    def decode_with(self, types: Sequence[Oid], decoders: Sequence[Decode]) -> None:
        """Where a compiled twin can read lines, rows become values at once."""
        quote = None if self.quote < 0 else bytes((self.quote,))
        if self._is_simple():
            self._twin = native.line_blocks(types, decoders, self._delimiter, self._null, quote)

    def _is_simple(self) -> bool:
        """Whether the options are those that a twin knows."""
        return self._default is None

    def feed(self, data: bytes) -> Sequence[Row]:
        """The rows that these bytes complete. Raises PgError 22P04, 22021, 22P05 or 54000."""
        self.lines, self.decoded = range(0), False
        if self._failure is not None:
            raise self._failure
        if self._ended:
            return []
        if self._decoder is not None:
            data = self._recoded(data, final=False)
        block: bytes | bytearray = data
        if self._held:
            self._held += data
            block = self._held
        end = self._end_of_lines(block)
        if not end:
            self._hold(block)
            return []
        whole = data if end == len(block) and block is data else bytes(memoryview(block)[:end])
        self._held = bytearray(memoryview(block)[end:])
        self._forget()
        return self._take(whole)

    def finish(self) -> Sequence[Row]:
        """The last row, when no newline ended it. Raises as feed() does."""
        self.lines, self.decoded = range(0), False
        if self._failure is not None:
            raise self._failure
        rows: Sequence[Row] = ()
        if not self._ended:
            if self._decoder is not None:
                self._held += self._recoded(b"", final=True)
            if not self._terminator and self._first_end(self._held) >= 0:
                self._terminator = b"\r"  # alone, or its newline had come by now
            self._ended = True
            whole, self._held = bytes(self._held), bytearray()
            rows = self._take(whole, final=True)
        if self._failure is not None:
            raise self._failure
        if self._header is Header.MATCH:
            self._check_header(b"", 1)
        return rows

    # Where lines end

    def _end_of_lines(self, block: bytes | bytearray) -> int:
        """The place after the last end of a line, 0 when there is none yet."""
        if not self._terminator:
            first = self._first_end(block)
            if first < 0 or (block[first] == _CR and first + 1 == len(block)):
                return 0
            self._terminator = b"\n" if block[first] == _LF else b"\r\n" if block[first + 1] == _LF else b"\r"
            self._forget()
        return self._last_end(block)

    def _first_end(self, block: bytes | bytearray) -> int:
        """The place of the first CR or LF that is not data, -1 when there is none yet."""
        for place in self._ends(block):
            self._scanned = place
            return place
        return -1

    def _last_end(self, block: bytes | bytearray) -> int:
        """The place after the last CR or LF that could end a line, 0 when there is none yet; _scanned tells from where on."""
        raise NotImplementedError

    def _ends(self, block: bytes | bytearray) -> Iterator[int]:
        """Places of all CR and LF that are not data, walking from where the scan stood, and moving it on."""
        for match in self._marks.finditer(block, self._scanned):
            place = match.start()
            if place == self._skip:
                continue
            mark = block[place]
            if mark == self.quote:
                self._in_quote = not self._in_quote
            elif mark == self.escape:
                if self._in_quote or self.escape_anywhere:
                    self._skip = place + 1
            elif not self._in_quote:
                yield place
        self._scanned = len(block)

    def _forget(self) -> None:
        self._scanned, self._in_quote, self._skip = 0, False, -1

    def _hold(self, block: bytes | bytearray) -> None:
        check_size(len(block), self._relation, self.lines_taken + 1)
        if block is not self._held:
            self._held = bytearray(block)

    # What whole lines hold

    def _take(self, whole: bytes, final: bool = False) -> Sequence[Row]:
        """final: the last line may lack its end."""
        if self._twin is not None and not final and self._header is Header.NONE and self._terminator != b"\r":
            found = self._twin.decode(whole, self._terminator == b"\r\n")
            if found is not None:
                return self._decoded(whole, found)
        undecodable = None
        if not whole.isascii() or b"\0" in whole:
            undecodable, whole = self._undecodable(whole)
        records = None if final else self._plain_records(whole)
        failure = None
        if records is None:
            records, failure = self._walk(whole)
        numbers = self._numbers(records)
        if numbers:
            self.lines_taken = numbers[-1]
        if self._header is not Header.NONE and records:
            if self._header is Header.MATCH:
                self._check_header(records[0], numbers[0])
            self._header = Header.NONE
            records, numbers = records[1:], numbers[1:]
        rows = self._rows_before_a_failure(records, numbers)
        self.lines, self.records = numbers[: len(rows)], records[: len(rows)]
        if self._failure is None:
            self._failure = failure or undecodable
        if self._failure is not None and not rows:
            raise self._failure
        return rows

    def _decoded(self, whole: bytes, rows: Sequence[Any]) -> Sequence[Row]:
        self.decoded = True
        self.lines = range(self.lines_taken + 1, self.lines_taken + 1 + len(rows))
        self.lines_taken += len(rows)
        self.records = _Records(whole, self._terminator, len(rows))
        return rows

    def _undecodable(self, whole: bytes) -> tuple[PgError | None, bytes]:
        """What is wrong with bytes that are not UTF-8, if they are not; and the lines before, unless ends may be in quotes."""
        try:
            text_decoder("UTF8")(whole)
        except PgError as error:
            place, end = _first_undecodable(whole), self._terminator or b"\n"
            before = whole[: whole.rfind(end, 0, place) + len(end)] if end in whole[:place] else b""
            where = self._at(error, self.lines_taken + 1 + before.count(end))
            return where, b"" if self.quote >= 0 and self.quote in before else before
        return None, whole

    def _plain_records(self, whole: bytes) -> list[bytes] | None:
        """Lines without their ends, as quick as can be; None when something in them needs a closer look."""
        raise NotImplementedError

    def _next_stop(self, whole: bytes, start: int) -> int:
        """The place of what ends the line that starts here: CR, LF, the marker, or nothing more."""
        raise NotImplementedError

    def _rows(self, records: Sequence[bytes]) -> list[Row]:
        """Raises PgError without CONTEXT."""
        raise NotImplementedError

    def _fields(self, record: bytes) -> Row:
        """One line, whatever is in it. Raises PgError without CONTEXT."""
        raise NotImplementedError

    def _numbers(self, records: Sequence[bytes]) -> Sequence[int]:
        """The number of the line in which each record ends."""
        return range(self.lines_taken + 1, self.lines_taken + 1 + len(records))

    def _has_stray_ends(self, whole: bytes) -> bool:
        """Whether a CR or LF is there that belongs to no end of a line; in CSV they may be between quotes."""
        if self._terminator == b"\n":
            return b"\r" in whole
        if self._terminator == b"\r":
            return b"\n" in whole
        ends = whole.count(b"\r\n")
        return whole.count(b"\r") != ends or whole.count(b"\n") != ends

    def _walk(self, whole: bytes) -> tuple[list[bytes], PgError | None]:
        """Lines without their ends, one by one, and what is wrong with the one after them."""
        records: list[bytes] = []
        start = 0
        try:
            while start < len(whole):
                stop = self._next_stop(whole, start)
                if whole.startswith(MARKER, stop):
                    self._ended = True
                    self._check_marker(whole[stop + 2 : stop + 4])
                    if stop > start:
                        records.append(whole[start:stop])
                    break
                end = stop + self._check_end(whole[stop : stop + 2])
                records.append(whole[start:stop])
                start = end
        except PgError as error:
            numbers = self._numbers([*records, whole[start:stop]])
            return records, self._at(error, numbers[-1])
        return records, None

    def _check_end(self, end: bytes) -> int:
        """How many of these two bytes, or less at the end of the data, end a line. Raises 22P04 when they are of another kind."""
        if not end:
            return 0
        if end[0] == _LF:
            if self._terminator != b"\n":
                raise self._stray("newline", "\\n")
            return 1
        if self._terminator == b"\n" or (self._terminator == b"\r\n" and end != b"\r\n"):
            raise self._stray("carriage return", "\\r")
        return len(self._terminator)

    def _stray(self, name: str, escape: str) -> PgError:
        return wrong(self.stray.format(name), hint=self.stray_hint.format(escape, name))

    def _check_marker(self, after: bytes) -> None:
        """after: the two bytes after ``\\.``, which must end the line as others do. Raises 22P04."""
        wanted = self._terminator
        if wanted == b"\r\n":
            if after[:1] == b"\n":
                raise wrong("end-of-copy marker does not match previous newline style")
            if after[:1] != b"\r":
                raise wrong("end-of-copy marker corrupt")
            after = after[1:]
        if after[:1] not in (b"\r", b"\n"):
            raise wrong("end-of-copy marker corrupt")
        if wanted and after[:1] != wanted[-1:]:
            raise wrong("end-of-copy marker does not match previous newline style")

    # Rows

    def _rows_before_a_failure(self, records: Sequence[bytes], numbers: Sequence[int]) -> list[Row]:
        try:
            rows = self._rows(records) if self._columns else [self._fields(record) for record in records]
        except PgError:
            return self._checked_rows(records, numbers)
        if records and set(map(len, rows)) != {len(self._columns)}:
            return self._checked_rows(records, numbers)
        return rows

    def _checked_rows(self, records: Sequence[bytes], numbers: Sequence[int]) -> list[Row]:
        """The rows before the first wrong one, which is kept as failure."""
        rows: list[Row] = []
        for record, number in zip(records, numbers, strict=True):
            try:
                row = self._fields(record) if self._columns or record else []
                if len(row) < len(self._columns):
                    self.incomplete = row, number
                rows.append(self._counted(row))
            except PgError as error:
                self._failure = self._at(error, number, record)
                break
        return rows

    def _counted(self, row: Row) -> Row:
        if len(row) > len(self._columns):
            raise wrong("extra data after last expected column")
        if len(row) < len(self._columns):
            raise wrong(f'missing data for column "{self._columns[len(row)]}"')
        return row

    def _check_header(self, record: bytes, number: int) -> None:
        try:
            names = self._fields(record)
            if len(names) != len(self._columns):
                raise wrong(f"wrong number of fields in header line: got {len(names)}, expected {len(self._columns)}")
            for field, (name, column) in enumerate(zip(names, self._columns, strict=True), start=1):
                start = f"column name mismatch in header line field {field}: got"
                if not isinstance(name, bytes):
                    raise wrong(f'{start} null value ("{self._null.decode()}"), expected "{column}"')
                if name != column.encode():
                    raise wrong(f'{start} "{name.decode(errors="replace")}", expected "{column}"')
        except PgError as error:
            raise self._at(error, number, record) from None

    def _recoded(self, data: bytes, final: bool) -> bytes:
        assert self._decoder is not None
        try:
            return self._decoder.decode(data, final).encode()
        except UnicodeDecodeError as wrong_bytes:
            try:
                text_decoder(self._encoding)(wrong_bytes.object[wrong_bytes.start :])
            except PgError as error:
                raise self._at(error, self.lines_taken + 1) from None
            raise

    def _at(self, error: PgError, number: int, record: bytes | None = None) -> PgError:
        error.where = in_line(self._relation, number, record)
        return error


class _Records(Sequence[bytes]):
    """The lines of a block, which is split when one of them is asked for."""

    def __init__(self, block: bytes, terminator: bytes, count: int) -> None:
        self._block, self._terminator, self._count = block, terminator, count

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, index: int) -> bytes: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[bytes]: ...
    def __getitem__(self, index: int | slice) -> bytes | Sequence[bytes]:
        return self._lines[index]

    @cached_property
    def _lines(self) -> Sequence[bytes]:
        return self._block.split(self._terminator)[: self._count]


def _first_undecodable(whole: bytes) -> int:
    try:
        whole.decode()
    except UnicodeDecodeError as error:
        return error.start
    return whole.index(b"\0")


def wrong(message: str, hint: str | None = None) -> PgError:
    return PgError(sqlstate.BAD_COPY_FILE_FORMAT, message, hint=hint)


def check_size(size: int, relation: str, number: int) -> None:
    """size: of what is known of a row. Raises 54000 when PostgreSQL could not hold it either."""
    if size > ROW_LIMIT_BYTES:
        detail = f"A row may have {ROW_LIMIT_BYTES} bytes."
        raise PgError(sqlstate.PROGRAM_LIMIT_EXCEEDED, "out of memory", detail=detail, where=in_line(relation, number))
