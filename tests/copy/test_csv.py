"""COPY in CSV: what is read and written, in pieces of every size, and that PostgreSQL agrees."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgiris.copy import DEFAULT, CopyFormat, CopyOptions, reader
from pgiris.errors import PgError
from pgiris.sql.copy_command import parse_copy
from tests.copy.streams import PIECES, Oracle, outcome, payloads, read, write
from tests.copy.test_text import ROWS, tables

FROM = "COPY x FROM STDIN"
TO = "COPY x TO STDOUT"
BACKSLASH = r"(FORMAT csv, QUOTE '''', ESCAPE '\')"

STREAMS = [
    (b"", "nothing"),
    (b"1,2\n3,4\n", "rows"),
    (b"1,2\n3,4", "no newline at the end"),
    (b"1,2\r\n3,4\r\n", "CRLF"),
    (b"1,2\r3,4\r", "CR"),
    (b"\n", "an empty line"),
    (b"1\n", "too few"),
    (b"1,2\n1,2,3\n", "too many"),
    (b'"",\n,""\n', "NULL and the empty string"),
    (b'"a""b","c,d"\n', "quoted quotes and delimiters"),
    (b'a"b,c"d,e\n', "quotes within a field"),
    (b'"a"b,""x""\n', "quotes before the end of a field"),
    (b'a,""""\n"""",""""""\n', "nothing but quotes"),
    (b'"a\nb",c\nd\n', "a newline in the first line"),
    (b'x,y\n"a\n\nb",c\nd\n', "newlines in a field"),
    (b'x,y\n"a\r\nb",c\nd\n', "CRLF in a field, LF outside"),
    (b'x,y\r\n"a\r\nb",c\r\nd\r\n', "CRLF in a field and outside"),
    (b'x,y\r\n"a\nb",c\r\nd\r\n', "LF in a field, CRLF outside"),
    (b'1,"a\rb"\n3,4\n', "CR in a field"),
    (b'a,"\n\n\n"\nb,c,d\n', "an error after newlines in a field"),
    (b'a,b\nc,"d\n\n"e\r\n', "CRLF after newlines in a field"),
    (b'"abc\n', "no closing quote"),
    (b'x,y\n"abc\nd,e\nf', "no closing quote in several lines"),
    (b'"x""\n', "no closing quote after a quoted one"),
    (b"1,2\r\n3,4\n", "LF after CRLF"),
    (b"1,2\n3,4\r\n", "CRLF after LF"),
    (b"1,2\r3,4\n", "LF after CR"),
    (b"1,2\n\\.\nignored", "the marker"),
    (b"1,2\n\\.", "the marker without newline"),
    (b"1,2\n\\.x,y\n", "data that begin as the marker"),
    (b"x,\\.\n", "data that look like the marker"),
    (b'"a\n\\.\nb",c\n', "the marker in a field"),
    (b"1,2\n\\.\r\n", "the marker with CR after LF"),
    (b"1,2\r\n\\.\n", "the marker with LF after CRLF"),
    (b"1,2\r\n\\.\r\n", "the marker with CRLF"),
    (b"1,2\r\n\\.\rx", "the marker with CR after CRLF"),
    (b"\\.\n", "the marker alone"),
    (b"\\N,\\n\n", "backslashes"),
]
ESCAPED_STREAMS = [
    rb"'a\'b',c" + b"\n",
    rb"'a\\',c" + b"\n",
    rb"'a\x',c" + b"\n",
    rb"a\'b,c'" + b"\n",
    rb"'a''b',c" + b"\n",
    rb"'a" + b"\\",
    b"'a\n\\'b',c\nd\n",
    b"\\\\,b\n",
    b"'\\\n',b\n",
    b"'a\\\\\\'\nb',c\n",
    b"a,b\r\n'c\r\nd',\r\n",
]
OPTIONS = [
    "(FORMAT csv, HEADER)",
    "(FORMAT csv, HEADER MATCH)",
    "(FORMAT csv, NULL 'x')",
    "(FORMAT csv, NULL 'x', FORCE_NOT_NULL (a), FORCE_NULL (b))",
    "(FORMAT csv, FORCE_NOT_NULL (a, b), FORCE_NULL (a))",
    r"(FORMAT csv, DELIMITER '\')",
    "(FORMAT csv, ESCAPE ',')",
    "(FORMAT csv, QUOTE '^', DELIMITER ']')",
    "(FORMAT csv, ESCAPE '^')",
    "CSV HEADER QUOTE AS '''' DELIMITER AS '|' NULL AS '.'",
]
OPTION_STREAMS = [
    b"",
    b"a,b\n1,2\n",
    b'"a",b\n"1\n2",3\n',
    b"a\n",
    b"a,\n",
    b'x,"x"\n"x",x\n',
    b'"",\n,""\n',
    b'a\\"b\\"\n',
    b'"a,,b",c\n"a,"b",c\n',
    b"^a]b^]c\n^^^^]d\n",
    b'"a^"b",c\n',
    b"a|b\n'|'|.\n'.'|''''\n",
]
OUT_OPTIONS = [
    "CSV",
    "(FORMAT csv, HEADER)",
    "(FORMAT csv, NULL 'NULL')",
    "(FORMAT csv, NULL 'a', DELIMITER '|')",
    "(FORMAT csv, FORCE_QUOTE *)",
    "(FORMAT csv, FORCE_QUOTE (b))",
    r"(FORMAT csv, ESCAPE '\')",
    "(FORMAT csv, QUOTE 'a')",
    "CSV QUOTE '^' ESCAPE '|' FORCE QUOTE a",
]


@pytest.mark.parametrize("size", PIECES)
@pytest.mark.parametrize(("data", "what"), STREAMS, ids=[what for _, what in STREAMS])
def test_streams_are_read_as_by_postgresql(oracle: Oracle, data: bytes, what: str, size: int) -> None:
    assert outcome(f"{FROM} CSV", data, size) == oracle.outcome(f"{FROM} CSV", data)


@pytest.mark.parametrize("data", ESCAPED_STREAMS)
def test_an_escape_of_its_own_is_read_as_by_postgresql(oracle: Oracle, data: bytes) -> None:
    expected = oracle.outcome(f"{FROM} {BACKSLASH}", data)
    assert [outcome(f"{FROM} {BACKSLASH}", data, size) for size in PIECES] == [expected] * len(PIECES)


@pytest.mark.parametrize("data", OPTION_STREAMS)
@pytest.mark.parametrize("options", OPTIONS)
def test_options_change_reading_as_in_postgresql(oracle: Oracle, options: str, data: bytes) -> None:
    expected = oracle.outcome(f"{FROM} {options}", data)
    assert [outcome(f"{FROM} {options}", data, size) for size in PIECES] == [expected] * len(PIECES)


@pytest.mark.parametrize("options", OUT_OPTIONS)
def test_rows_are_written_as_by_postgresql(oracle: Oracle, options: str) -> None:
    assert payloads(write(f"{TO} {options}", ROWS)) == oracle.sent(f"{TO} {options}", ROWS)


def test_a_single_column_that_looks_like_the_marker_is_quoted(oracle: Oracle) -> None:
    rows = [[b"\\."], [b"\\.x"], [None], [b""]]
    sent = oracle.sent("COPY x (a) TO STDOUT CSV", [[*row, None] for row in rows])
    assert payloads(write(f"{TO} CSV", rows, columns=("a",))) == sent


def test_default_markers_ask_for_the_default_unless_quoted() -> None:
    command = parse_copy(f"{FROM} (FORMAT csv, DEFAULT 'D')")
    assert read(command, b'D,"D"\n"a",D\n')[0] == [[DEFAULT, b"D"], [b"a", DEFAULT]]


@pytest.mark.parametrize("size", PIECES)
def test_lines_are_counted_with_those_in_fields(size: int) -> None:
    data = b'a,b\n"1\n\n2",3\n4,5\n"\n",6\n'
    assert read(parse_copy(f"{FROM} (FORMAT csv, HEADER)"), data, size)[1] == [4, 5, 7]


def test_lines_in_the_last_row_are_counted_without_a_newline_after_it() -> None:
    source = reader(CopyOptions(CopyFormat.CSV, delimiter=",", null=""), ("a",), "x")
    assert [source.feed(b"1\n2\n"), source.feed(b'"\n\n"'), source.finish()] == [[[b"1"], [b"2"]], [], [[b"\n\n"]]]
    assert list(source.lines) == [5]


@pytest.mark.parametrize("data", [b"x" * 300_000 + b'"', b'"' + b'x"y' * 100_000, b'"' + b"\n" * 300_000, b'x""' * 100_000])
def test_odd_quotes_take_no_more_time_than_others(data: bytes) -> None:
    start = time.process_time()
    outcome(f"{FROM} CSV", data + b"\n", 4096)
    outcome(f"{FROM} {BACKSLASH}", data.replace(b'"', b"'") + b"\n", 4096)
    assert time.process_time() - start < 5


def test_a_row_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pgiris.copy.lines.ROW_LIMIT_BYTES", 1000)
    source = reader(CopyOptions(CopyFormat.CSV, delimiter=",", null=""), ("a",), "x")
    with pytest.raises(PgError) as raised:
        for _ in range(20):
            source.feed(b'"' + b"x" * 99)
    assert (raised.value.code, raised.value.where) == ("54000", "COPY x, line 1")


@given(
    tables,
    st.integers(1, 40),
    st.sampled_from(["", ", HEADER", ", FORCE_QUOTE *", r", ESCAPE '\'", ", QUOTE 'a', DELIMITER '|', ESCAPE 'b'", ", NULL 'x'"]),
)
def test_what_is_written_is_read_again(rows: list[list[bytes | None]], size: int, more: str) -> None:
    written = b"".join(payloads(write(f"{TO} (FORMAT csv{more})", rows)))
    back = parse_copy(f"{FROM} (FORMAT csv{more.replace(', FORCE_QUOTE *', '')})")
    assert read(back, written, size)[0] == rows


@given(st.lists(st.sampled_from([b"a", b'"', b",", b"\n", b"\r", b"\r\n", b"\\", b"."]), max_size=14).map(b"".join))
def test_pieces_do_not_matter(data: bytes) -> None:
    for options in ("CSV", r"(FORMAT csv, ESCAPE '\')"):
        whole = outcome(f"{FROM} {options}", data)
        assert all(outcome(f"{FROM} {options}", data, size) == whole for size in PIECES)


@given(st.binary(max_size=60), st.integers(1, 5))
def test_no_bytes_do_anything_but_make_rows_or_an_error(data: bytes, size: int) -> None:
    result = outcome(f"{FROM} CSV", data, size)
    assert isinstance(result, list) or result[0] in ("22P04", "22021")
