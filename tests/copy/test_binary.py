"""COPY in binary: what is read and written, in pieces of every size, and that PostgreSQL agrees."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgiris.copy import CopyFormat, CopyOptions, reader
from pgiris.errors import PgError
from tests.copy.streams import PIECES, Oracle, outcome, payloads, write
from tests.copy.test_text import ROWS, tables

FROM = "COPY x FROM STDIN BINARY"
TO = "COPY x TO STDOUT (FORMAT binary)"
SIGNATURE = b"PGCOPY\n\xff\r\n\0"
HEAD = SIGNATURE + bytes(8)
END = b"\xff\xff"


def row(*cells: bytes | None) -> bytes:
    parts = [struct.pack("!i", -1) if cell is None else struct.pack("!i", len(cell)) + cell for cell in cells]
    return struct.pack("!h", len(cells)) + b"".join(parts)


STREAMS = [
    (HEAD + row(b"a", b"b") + row(None, b"") + END, "rows"),
    (HEAD + row(b"a", b"b"), "no trailer"),
    (HEAD, "nothing"),
    (HEAD + END, "the trailer alone"),
    (b"", "no bytes"),
    (SIGNATURE[:5], "half a signature"),
    (b"PGCOPY\n\xff\r\n\1" + bytes(8), "another signature"),
    (b"1\t2\n", "text"),
    (SIGNATURE, "no flags"),
    (SIGNATURE + bytes(2), "half of the flags"),
    (SIGNATURE + bytes(4), "no length"),
    (SIGNATURE + struct.pack("!ii", 1 << 16, 0), "OIDs"),
    (SIGNATURE + struct.pack("!ii", 1 << 17, 0), "a critical flag"),
    (SIGNATURE + struct.pack("!ii", 0x7FFF, 0) + row(b"a", b"b"), "flags that do not matter"),
    (SIGNATURE + struct.pack("!ii", 0, -1), "a negative length"),
    (SIGNATURE + struct.pack("!ii", 0, 3) + b"abc" + row(b"a", b"b") + END, "an extension"),
    (SIGNATURE + struct.pack("!ii", 0, 3) + b"ab", "half an extension"),
    (HEAD + row(b"a", b"b") + row(b"a"), "too few"),
    (HEAD + row(b"a", b"b", b"c"), "too many"),
    (HEAD + struct.pack("!hi", 2, -2), "a negative size"),
    (HEAD + row(b"a", b"b") + END + b"x", "data after the trailer"),
    (HEAD + row(b"a", b"b") + b"\0", "half a count"),
    (HEAD + row(b"a", b"b") + b"\0\2", "a count alone"),
    (HEAD + row(b"a", b"b") + row(b"a", b"b")[:-1], "half a cell"),
    (HEAD + row(b"a", b"b")[:-3], "half a size"),
]


@pytest.mark.parametrize("size", PIECES)
@pytest.mark.parametrize(("data", "what"), STREAMS, ids=[what for _, what in STREAMS])
def test_streams_are_read_as_by_postgresql(oracle: Oracle, data: bytes, what: str, size: int) -> None:
    assert outcome(FROM, data, size) == oracle.outcome(FROM, data)


@pytest.mark.parametrize("rows", [[], ROWS[:1], ROWS[:2], ROWS], ids=["none", "one", "two", "many"])
def test_rows_are_written_as_by_postgresql(oracle: Oracle, rows: list[list[bytes | None]]) -> None:
    assert payloads(write(TO, rows)) == oracle.sent(TO, rows)


def test_the_header_shares_the_first_rows_message() -> None:
    """psycopg reads rows message by message and expects it there."""
    assert payloads(write(TO, [[b"a", None], [b"b", b""]])) == [HEAD + row(b"a", None), row(b"b", b""), END]


def test_large_cells_are_written_and_read() -> None:
    rows: list[list[bytes | None]] = [[b"a" * 100_000, b"b" * 5000], [b"c" * 4096, None]]
    written = b"".join(payloads(write(TO, rows)))
    assert [outcome(FROM, written, size) for size in (1000, 1 << 20)] == [rows, rows]


def test_a_cell_that_cannot_be_held_is_refused_at_its_length() -> None:
    source = reader(CopyOptions(CopyFormat.BINARY), ("a", "b"), "x")
    with pytest.raises(PgError) as raised:
        source.feed(HEAD + struct.pack("!hi", 2, 0x7FFFFFFF))
    assert (raised.value.code, raised.value.where) == ("54000", "COPY x, line 1")


@given(tables, st.integers(1, 60))
def test_what_is_written_is_read_again(rows: list[list[bytes | None]], size: int) -> None:
    assert outcome(FROM, b"".join(payloads(write(TO, rows))), size) == rows


@given(st.binary(max_size=40), st.integers(1, 5))
def test_no_bytes_do_anything_but_make_rows_or_an_error(data: bytes, size: int) -> None:
    result = outcome(FROM, HEAD + data, size)
    assert isinstance(result, list) or result[0] in ("22P04", "54000")
    assert result == outcome(FROM, HEAD + data)
