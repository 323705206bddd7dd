"""COPY by the compiled twin: the same messages out, the same rows, lines and errors in."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pgiris.copy import read_options
from pgiris.copy.decode import Batch, Decoder
from pgiris.copy.encode import Encoder
from pgiris.copy.options import CopyOptions
from pgiris.errors import PgError
from pgiris.sql.copy_command import parse_copy
from pgiris.types import oids
from pgiris.types.codec import Context, Oid
from pgiris.types.rows import Column, decoder
from pgiris.types.table import TYPES
from tests.copy.streams import payloads, pieces_of
from tests.support import encoders
from tests.types.samples import SAMPLES
from tests.types.test_native import values_of

pytestmark = pytest.mark.skipif(bool(encoders.missing()), reason=encoders.missing())

FORMATS = (
    "",
    "DELIMITER '|', NULL 'nil'",
    "FORMAT csv",
    "FORMAT csv, DELIMITER ';', QUOTE '''', ESCAPE '\\', FORCE_QUOTE (a), NULL 'x'",
    "FORMAT csv, FORCE_QUOTE *",
    "DELIMITER '-', NULL '1'",
    "FORMAT csv, DELIMITER '-', NULL '0'",
    "FORMAT csv, QUOTE '1', NULL '-7.5'",
    "FORMAT binary",
)
COLUMNS = (Column("a", oids.INT4), Column("b", oids.TEXT), Column("c", oids.NUMERIC), Column("d", oids.TIMESTAMP))
NAMES = tuple(column.name for column in COLUMNS)
TEXTS = st.one_of(st.text(), st.text("\\\t\n\r|;,'\"x.n0", max_size=6), st.sampled_from(("", "nil", "x", "\\N", "\\.", '"')))


def written(
    options: str, columns: Sequence[Column], rows: Sequence[Sequence[Any]], encoder: str, encoding: str = "UTF8"
) -> object:
    found = read_options(
        parse_copy(f"COPY x TO STDOUT ({options})" if options else "COPY x TO STDOUT").options, from_client=False
    )
    names = [column.name for column in columns]
    with encoders.use(encoder):
        try:
            target = Encoder(found, names, columns, Context(client_encoding=encoding))
            return target.start() + target.rows(rows[:1]) + target.rows(rows[1:]) + target.rows([]) + target.end()
        except PgError as error:
            return error.code, error.message


@pytest.mark.parametrize("options", FORMATS)
@given(
    rows=st.lists(st.tuples(st.integers(-(2**32), 2**32) | st.none(), TEXTS | st.none(), st.just("1.50"), st.none()), max_size=4)
)
@example(rows=[(0, None, "1.50", None), (None, "\u0100", "1.50", None), (2**31, None, "1.50", None)])
def test_rows_are_written_the_same(options: str, rows: list[tuple[Any, ...]]) -> None:
    for encoding in ("UTF8", "LATIN1"):
        expected = written(options, COLUMNS, rows, "python", encoding)
        assert written(options, COLUMNS, rows, "native", encoding) == expected
    single = [(row[1],) for row in rows]
    column = (Column("a", oids.TEXT),)
    assert written(options, column, single, "native") == written(options, column, single, "python")


@pytest.mark.parametrize("options", FORMATS)
@pytest.mark.parametrize("oid", [oid for oid in TYPES if oid != oids.VOID], ids=lambda oid: TYPES[oid].name)
def test_all_types_are_written_and_read_the_same(options: str, oid: Oid) -> None:
    columns = (Column("a", oid), Column("b", oids.INT4))
    rows = [(value, number) for number, value in enumerate([*values_of(TYPES[oid], 40), None])]
    expected = written(options, columns, rows, "python")
    assert written(options, columns, rows, "native") == expected
    if isinstance(expected, bytes) and "FORCE_QUOTE" not in options:
        data = b"".join(payloads(expected))
        for size in (13, 1 << 20):
            assert read(options, columns, data, "native", size) == read(options, columns, data, "python", size)


def read(options: str, columns: Sequence[Column], data: bytes, encoder: str, size: int, encoding: str = "UTF8") -> list[object]:
    """What batches hold, as far as it tells one encoder from another, and how it ended."""
    found = read_options(
        parse_copy(f"COPY x FROM STDIN ({options})" if options else "COPY x FROM STDIN").options, from_client=True
    )
    told: list[object] = []
    with encoders.use(encoder):
        source = Decoder(
            found, [column.name for column in columns], [column.oid for column in columns], "x", Context(client_encoding=encoding)
        )
        try:
            for piece in pieces_of(data, size):
                _tell(source.feed(piece), told)
            _tell(source.finish(), told)
        except PgError as error:
            told.append(_shown(error))
    return told


def _tell(batch: Batch, told: list[object]) -> None:
    told += [
        (repr(tuple(row)), line, batch.records[index] if batch.records else b"")
        for index, (row, line) in enumerate(zip(batch.rows, batch.lines, strict=True))
    ]
    if batch.failure is not None:
        told.append(_shown(batch.failure))


def _shown(error: PgError) -> object:
    return error.code, error.message, error.hint, error.detail, error.where


READ = (
    "",
    "DELIMITER '|', NULL 'nil'",
    "HEADER",
    "FORMAT csv",
    "FORMAT csv, DELIMITER ';', NULL 'nil', QUOTE ''''",
    "FORMAT csv, ESCAPE '\\'",
    "FORMAT csv, FORCE_NULL (b), FORCE_NOT_NULL (c)",
    "DEFAULT 'dflt'",
    "ENCODING 'LATIN1'",
)
PIECES = (
    *(b"1", b"-5", b"\t", b"|", b";", b",", b"\n", b"\n", b"\r\n", b"\r", b'"', b"'", b"\\", b"\\N", b"\\.", b"nil", b"a"),
    *(b"1.50", b"2024-01-02 03:04:05", b"2024-01-02 03:04:05.500", b"99999999999", b"\xc3\xa4", b"\xff", b"\0", b" "),
    *(b"dflt", b"\\t", b"\\x41", b"\\101", b"\\\\", b""),
)
DELIMITERS = {"DELIMITER '|', NULL 'nil'": b"|", "FORMAT csv, DELIMITER ';', NULL 'nil', QUOTE ''''": b";"}


def delimiter_of(options: str) -> bytes:
    return DELIMITERS.get(options, b"," if "csv" in options else b"\t")


@pytest.mark.parametrize("options", READ)
def test_lines_are_read_the_same_whatever_is_in_them(options: str) -> None:
    r, delimiter = random.Random(options), delimiter_of(options)
    makers = [SAMPLES[name] for name in ("int4", "text", "numeric", "timestamp")]
    for _ in range(400):
        end = r.choice((b"\n", b"\n", b"\r\n", b"\r"))
        lines = []
        for _ in range(r.randrange(1, 6)):
            cells = [make(r).replace("\\", "").replace("\n", " ").encode() for make in makers]
            if r.random() < 0.3:
                cells[r.randrange(4)] = b"".join(r.choice(PIECES) for _ in range(r.randrange(4)))
            if r.random() < 0.1:
                cells = cells[: r.randrange(1, 5)] + [b"more"] * r.randrange(2)
            if r.random() < 0.3:
                cells[0] = b'"%b"' % cells[0]
            lines.append(delimiter.join(cells))
        data = end.join(lines) + r.choice((end, end, b""))
        for size in (7, 1 << 20):
            expected = read(options, COLUMNS, data, "python", size)
            assert read(options, COLUMNS, data, "native", size) == expected, (options, data, size)


def test_plain_lines_are_read_by_the_twin() -> None:
    """Else all of this would compare Python with itself."""
    for options, data in (
        ("", b"1\ta\\tb\t1.50\t\\N\n-2\t\t7\t2024-01-02 03:04:05\n"),
        ("FORMAT csv", b'1,"a ""b",1.50,\n-2,"",7,2024-01-02 03:04:05\n'),
    ):
        command = parse_copy(f"COPY x FROM STDIN ({options})" if options else "COPY x FROM STDIN")
        source = Decoder(
            read_options(command.options, from_client=True), NAMES, [column.oid for column in COLUMNS], "x", Context()
        )
        batch = source.feed(data)
        assert source.reads_values
        assert [row[0] for row in batch.rows] == [1, -2]


def damaged(r: random.Random, data: bytes) -> bytes:
    at = r.randrange(len(data) + 1)
    return data[:at] + r.choice((b"", b"\0", b"\xff", b"\0\1", r.randbytes(2))) + data[at + r.randrange(3) :]


def test_tuples_are_read_the_same_whatever_is_in_them() -> None:
    r = random.Random(5)
    makers = [SAMPLES[name] for name in ("int4", "text", "numeric", "timestamp")]
    decoders = [decoder(column.oid, 0, Context()) for column in COLUMNS]
    for _ in range(400):
        rows = [
            [None if r.random() < 0.2 else decode(make(r).encode()) for make, decode in zip(makers, decoders, strict=True)]
            for _ in range(r.randrange(1, 4))
        ]
        stream = written("FORMAT binary", COLUMNS, rows, "python")
        assert isinstance(stream, bytes)
        data = b"".join(payloads(stream))
        for each in (data, damaged(r, data)):
            for size in (11, 1 << 20):
                for encoding in ("UTF8", "LATIN1"):
                    expected = read("FORMAT binary", COLUMNS, each, "python", size, encoding)
                    assert read("FORMAT binary", COLUMNS, each, "native", size, encoding) == expected, (each, size)


def test_a_block_of_rows_is_a_sequence_of_tuples() -> None:
    data = "1\tx\n2\t\\N\n3\t\u00e4\n".encode()
    batch = Decoder(CopyOptions(), ("a", "b"), (oids.INT4, oids.TEXT), "t", Context()).feed(data)
    rows = batch.rows
    expected = [(1, "x"), (2, None), (3, "\u00e4")]
    assert not isinstance(rows, list)
    assert (len(rows), list(rows)) == (3, expected)
    assert (rows[0], rows[-1], rows[1:], rows[::-2]) == (expected[0], expected[-1], expected[1:], expected[::-2])
    for index in (3, -4):
        with pytest.raises(IndexError):
            rows[index]
