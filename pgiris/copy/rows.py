"""Rows on their way to the client: each as one CopyData message, since libpq promises its callers whole rows.

PostgreSQL: libpq-copy#LIBPQ-COPY-RECEIVE
"""

from __future__ import annotations

from collections.abc import Sequence
from struct import Struct

from pgiris.copy.options import CopyOptions, Header
from pgiris.types import native
from pgiris.types.codec import Encode
from pgiris.types.encoding import ENCODINGS, text_encoder

CellRow = Sequence[bytes | None]
_pack = Struct("!ci").pack
_TABLE_SIZE = 1 << 12
_HEADS = [_pack(b"d", size + 4) for size in range(_TABLE_SIZE)]


def messages(payloads: Sequence[bytes]) -> bytes:
    """One CopyData message each."""
    try:
        return b"".join([_HEADS[len(payload)] + payload for payload in payloads])
    except IndexError:
        return b"".join([_pack(b"d", len(payload) + 4) + payload for payload in payloads])


_UTF8 = text_encoder("UTF8")


def _encoded(text: str) -> bytes | None:
    """None for what needs a closer look: IRIS keeps UTF-16, so halves of characters may come."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return None


class LineWriter:
    """One COPY TO STDOUT in text or CSV; a subclass for each says how a cell is written.

    All methods return CopyData messages. Cells are UTF-8; encoding: the client's. Raises PgError 22P05 for what it lacks.
    """

    def __init__(self, options: CopyOptions, columns: Sequence[str], encoding: str = "UTF8") -> None:
        self._columns = tuple(columns)
        self._header = options.header
        self._delimiter = options.delimiter.encode()
        self._null = options.null.encode()
        self._specials = b""  # what no cell can hold as it is
        self._always_closely = False
        name = options.encoding or encoding
        self._encode = None if ENCODINGS[name] == "utf-8" else text_encoder(name)

    def twin(self, encoders: Sequence[Encode]) -> native.RowWriter | None:
        """What writes rows of values as this one does, if that is compiled. encoders: of the columns, in text."""
        return None if self._encode is not None else self._twin(encoders)

    def _twin(self, encoders: Sequence[Encode]) -> native.RowWriter | None:
        raise NotImplementedError

    def start(self) -> bytes:
        """The header, when there is to be one."""
        if self._header is Header.NONE:
            return b""
        return self._messages(
            [self._delimiter.join([self._name(name.encode(), place) for place, name in enumerate(self._columns)])]
        )

    def rows(self, rows: Sequence[CellRow]) -> bytes:
        """One message for each row."""
        return self._messages(self._lines(rows))

    def columns(self, columns: Sequence[Sequence[str | None]]) -> bytes:
        """The same for texts in columns: when nothing in them needs an escape, lines are joined, encoded and split at once."""
        null = self._null.decode()
        if not self._always_closely and not self._looks_like_null(columns, null):
            nulls = sum([column.count(None) for column in columns])
            filled = [[null if text is None else text for text in column] if None in column else column for column in columns]
            lines = list(map(self._delimiter.decode().join, zip(*filled, strict=True)))
            block = _encoded("\n".join(lines))
            if block is not None and len(block) - len(block.translate(None, self._specials)) == self._expected(len(lines), nulls):
                return self._messages(block.split(b"\n"))
        cells = [[None if text is None else _UTF8(text) for text in column] for column in columns]
        return self.rows(list(zip(*cells, strict=True)))

    def _looks_like_null(self, columns: Sequence[Sequence[str | None]], null: str) -> bool:
        """Whether a text could be taken for NULL if it were written as it is."""
        return False

    def end(self) -> bytes:
        return b""

    def _lines(self, rows: Sequence[CellRow]) -> list[bytes]:
        """Rows are joined first and looked at afterwards: special characters are counted in all of them at once."""
        if self._always_closely:
            return [self._line(row) for row in rows]
        join = self._delimiter.join
        nulls = 0
        try:
            lines = [join(row) for row in rows]  # type: ignore[arg-type]
        except TypeError:
            null = self._null
            filled = [[null if cell is None else cell for cell in row] if None in row else row for row in rows]
            lines = [join(row) for row in filled]  # type: ignore[arg-type]
            nulls = sum([row.count(None) for row in rows])
        block = b"\n".join(lines)
        expected = self._expected(len(lines), nulls)
        if len(block) - len(block.translate(None, self._specials)) != expected:
            return self._closely(rows, lines)
        return lines

    def _expected(self, rows: int, nulls: int) -> int:
        """How many special characters there are when none is in a cell."""
        in_null = len(self._null) - len(self._null.translate(None, self._specials))
        return rows * (len(self._columns) - 1) + rows - 1 + nulls * in_null if self._columns else max(rows - 1, 0)

    def _closely(self, rows: Sequence[CellRow], lines: list[bytes]) -> list[bytes]:
        """Only the rows that need it are written again, cell by cell."""
        specials, line_of, between = self._specials, self._line, len(self._columns) - 1
        in_null = len(self._null) - len(self._null.translate(None, specials))
        return [
            line
            if len(line) - len(line.translate(None, specials)) == between + (row.count(None) * in_null if in_null else 0)
            else line_of(row)
            for row, line in zip(rows, lines, strict=True)
        ]

    def _line(self, row: CellRow) -> bytes:
        null = self._null
        return self._delimiter.join([null if cell is None else self._cell(cell, place) for place, cell in enumerate(row)])

    def _cell(self, cell: bytes, place: int) -> bytes:
        raise NotImplementedError

    def _name(self, name: bytes, place: int) -> bytes:
        """A column's name in the header."""
        return self._cell(name, place)

    def _messages(self, lines: Sequence[bytes]) -> bytes:
        if self._encode is not None:
            lines = [self._encode(line.decode()) for line in lines]
        try:
            return b"".join([_LINE_HEADS[len(line)] + line + b"\n" for line in lines])
        except IndexError:
            return messages([line + b"\n" for line in lines])


_LINE_HEADS = _HEADS[1:]  # of lines whose newline is not counted yet
