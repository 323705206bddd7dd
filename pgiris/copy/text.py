r"""Text: COPY's own format: a line for each row, a delimiter between columns, backslashes before what would be mistaken.

PostgreSQL: sql-copy, "Text Format"; CopyReadAttributesText, CopyAttributeOutText
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pgiris.copy.cells import DEFAULT, Cell, Default, Row
from pgiris.copy.lines import LineReader
from pgiris.copy.options import CopyOptions
from pgiris.copy.rows import LineWriter
from pgiris.types import native
from pgiris.types.codec import Encode
from pgiris.types.encoding import text_decoder

_LETTERS = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|x[0-9A-Fa-f]{1,2}|.)", re.DOTALL)
_LINE = re.compile(rb"(?:[^\\\r\n]++|\\[^.])*+", re.DOTALL)
_CONTROLS = {byte: b"\\" + letter for letter, byte in _LETTERS.items()}
_COMMON = tuple((escape, byte) for byte, escape in _CONTROLS.items())
_verify = text_decoder("UTF8")


def unescape(raw: bytes) -> bytes:
    """Raises PgError 22021 when escapes make what is no UTF-8."""
    if b"\\\\" in raw:
        pieces = [_simply_unescaped(piece) for piece in raw.split(b"\\\\")]
        cell, literal = b"\\".join(pieces), len(pieces) - 1
    else:
        cell, literal = _simply_unescaped(raw), 0
    if cell.count(b"\\") == literal:
        return cell
    cell = _ESCAPED.sub(_unescaped, raw)
    if not cell.isascii() or b"\0" in cell:
        _verify(cell)
    return cell


def _simply_unescaped(piece: bytes) -> bytes:
    """What has no backslash that is escaped itself, as far as single letters go."""
    for escape, byte in _COMMON:
        piece = piece.replace(escape, byte)
    return piece


def _unescaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    if code[0] in b"01234567":
        return bytes((int(code, 8) & 0xFF,))
    if len(code) > 1:
        return bytes((int(code[1:], 16),))
    return _LETTERS.get(code, code)


class TextReader(LineReader):
    """COPY FROM STDIN in text format."""

    escape = b"\\"[0]
    escape_anywhere = True

    def __init__(self, options: CopyOptions, columns: Sequence[str], relation: str, encoding: str = "UTF8") -> None:
        super().__init__(options, columns, relation, encoding)
        self._escaped_delimiter = b"\\" + self._delimiter
        self._field = re.compile(rb"(?:[^\\%b]++|\\.)*+" % re.escape(self._delimiter), re.DOTALL)
        self._backslashes_in_null = self._null.count(b"\\")
        markers: list[tuple[bytes | None, Default | None]] = [(self._null, None), (self._default, DEFAULT)]
        self._plain_markers = [(marker, meaning) for marker, meaning in markers if marker is not None and b"\\" not in marker]

    def _last_end(self, block: bytes | bytearray) -> int:
        last, place = self._terminator[-1:], len(block)
        while (place := block.rfind(last, self._scanned, place)) >= 0:
            if not _is_escaped(block, place):
                return place + 1
        self._scanned = len(block)
        return 0

    def _plain_records(self, whole: bytes) -> list[bytes] | None:
        if self._has_stray_ends(whole) or (b"\\" in whole and any(mark in whole for mark in (b"\\.", b"\\\n", b"\\\r"))):
            return None
        records = whole.split(self._terminator)
        del records[-1]
        return records

    def _next_stop(self, whole: bytes, start: int) -> int:
        match = _LINE.match(whole, start)
        assert match is not None
        stop = match.end()
        return stop + (stop + 1 == len(whole) and whole.endswith(b"\\"))  # a last backslash escapes nothing

    def _rows(self, records: Sequence[bytes]) -> list[Row]:
        delimiter, escaped = self._delimiter, self._escaped_row
        rows: list[Row] = [
            escaped(record) if b"\\" in record else record.split(delimiter)  # type: ignore[misc]
            for record in records
        ]
        for marker, meaning in self._plain_markers:
            rows = [
                [meaning if cell == marker else cell for cell in row] if marker in row and b"\\" not in record else row
                for row, record in zip(rows, records, strict=True)
            ]
        return rows

    def _escaped_row(self, record: bytes) -> Row:
        """A line with backslashes, which mostly are those of NULLs."""
        null = self._null
        row: Row = [None if raw == null else raw for raw in record.split(self._delimiter)]
        if record.count(b"\\") == row.count(None) * self._backslashes_in_null:
            return row
        if self._default is not None or self._escaped_delimiter in record or record.endswith(b"\\"):
            return self._fields(record)
        return [unescape(raw) if raw is not None and b"\\" in raw else raw for raw in row]  # type: ignore[arg-type, operator]

    def _fields(self, record: bytes) -> Row:
        return [self._cell(raw) for raw in self._split(record)]

    def _cell(self, raw: bytes) -> Cell:
        if raw == self._null:
            return None
        if raw == self._default:
            return DEFAULT
        return unescape(raw) if b"\\" in raw else raw

    def _split(self, record: bytes) -> list[bytes]:
        if _is_escaped(record, len(record)):
            record = record[:-1]
        if self._escaped_delimiter not in record:
            return record.split(self._delimiter)
        cells, start = [], 0
        while True:
            match = self._field.match(record, start)
            assert match is not None
            cells.append(match[0])
            start = match.end() + 1
            if start > len(record):
                return cells


def _is_escaped(block: bytes | bytearray, place: int) -> bool:
    """Whether an odd number of backslashes stands before this place."""
    first = place
    while first and block[first - 1] == 0x5C:
        first -= 1
    return (place - first) % 2 == 1


class TextWriter(LineWriter):
    """COPY TO STDOUT in text format."""

    def __init__(self, options: CopyOptions, columns: Sequence[str], encoding: str = "UTF8") -> None:
        super().__init__(options, columns, encoding)
        self._specials = b"".join(sorted({b"\\", self._delimiter, *_CONTROLS}))
        delimiter = {} if self._delimiter in _CONTROLS else {self._delimiter: b"\\" + self._delimiter}
        self._escapes = tuple(({b"\\": b"\\\\"} | delimiter | _CONTROLS).items())  # the backslash first, as the others bring some

    def _twin(self, encoders: Sequence[Encode]) -> native.RowWriter | None:
        return native.copy_lines(encoders, self._delimiter, self._null, None, None, ())

    def _cell(self, cell: bytes, place: int) -> bytes:
        if len(cell.translate(None, self._specials)) == len(cell):
            return cell
        for byte, escape in self._escapes:
            cell = cell.replace(byte, escape)
        return cell
