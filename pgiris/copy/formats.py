"""Formats: the reader or writer that COPY's options ask for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from pgiris.copy.binary import BinaryReader, BinaryWriter
from pgiris.copy.cells import Row
from pgiris.copy.csv import CsvReader, CsvWriter
from pgiris.copy.options import CopyFormat, CopyOptions
from pgiris.copy.rows import LineWriter
from pgiris.copy.text import TextReader, TextWriter
from pgiris.types.codec import Decode, Oid


class Reader(Protocol):
    """Copy-in: pieces of any size -> rows of cells.

    lines: the numbers, from 1, of the lines of the rows given last, records: what stands there, nothing in binary.
    lines_taken: all up to there. incomplete: a line that is wrong, when it only lacks columns: what is there, and its number.
    decoded: whether rows given last are values, as they are made where decode_with() was called and a compiled twin is there.
    An error is raised once the rows before it have been given.
    """

    lines: Sequence[int]
    records: Sequence[bytes]
    lines_taken: int
    incomplete: tuple[Row, int] | None
    decoded: bool

    def decode_with(self, types: Sequence[Oid], decoders: Sequence[Decode]) -> None: ...
    def feed(self, data: bytes) -> Sequence[Row]: ...
    def finish(self) -> Sequence[Row]: ...


Writer = LineWriter | BinaryWriter  # copy-out: rows of cells -> CopyData messages, one for each row
_READERS: dict[CopyFormat, Callable[[CopyOptions, Sequence[str], str, str], Reader]] = {
    CopyFormat.TEXT: TextReader,
    CopyFormat.CSV: CsvReader,
    CopyFormat.BINARY: BinaryReader,
}
_WRITERS: dict[CopyFormat, Callable[[CopyOptions, Sequence[str], str], Writer]] = {
    CopyFormat.TEXT: TextWriter,
    CopyFormat.CSV: CsvWriter,
    CopyFormat.BINARY: BinaryWriter,
}


def reader(options: CopyOptions, columns: Sequence[str], relation: str, encoding: str = "UTF8") -> Reader:
    """columns: names of those that are copied. relation: the table's name, for CONTEXT. encoding: the client's.

    Raises PgError 42P10 for options about other columns.
    """
    return _READERS[options.format](options, columns, relation, encoding)


def writer(options: CopyOptions, columns: Sequence[str], encoding: str = "UTF8") -> Writer:
    """columns: names of those that are copied. encoding: the client's. Raises PgError 42P10 for options about other columns."""
    return _WRITERS[options.format](options, columns, encoding)
