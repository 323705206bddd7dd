"""COPY in text: what is read and written, in pieces of every size, and that PostgreSQL agrees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pgiris.copy import DEFAULT
from pgiris.errors import PgError
from pgiris.sql.copy_command import parse_copy
from tests.copy.streams import PIECES, Oracle, outcome, payloads, read, write

FROM = "COPY x FROM STDIN"
TO = "COPY x TO STDOUT"
LONG = b"x" * 150

# Each is compared with PostgreSQL as a whole and in pieces.
STREAMS = [
    (b"", "nothing"),
    (b"1\t2\n3\t4\n", "rows"),
    (b"1\t2\n3\t4", "no newline at the end"),
    (b"1\t2\r\n3\t4\r\n", "CRLF"),
    (b"1\t2\r3\t4\r", "CR"),
    (b"1\t2\r", "CR last"),
    (b"\n", "an empty line"),
    (b"1\n", "too few"),
    (b"1\t2\n1\t2\t3\n", "too many"),
    (LONG + b"\n", "a long line"),
    ("ä".encode() * 75 + b"\n", "a long line of two-byte characters"),
    (b"x" + "ä".encode() * 75 + b"\n", "a long line, cut within a character"),
    (b"1\t2\r\n3\t4\n", "LF after CRLF"),
    (b"1\t2\r\n3\t4\r5\t6", "CR after CRLF"),
    (b"1\t2\r\n3\t4\r", "CR at the end after CRLF"),
    (b"1\t2\n3\t4\r\n", "CRLF after LF"),
    (b"1\t2\r3\t4\n", "LF after CR"),
    (b"\\N\t\\\\N\n\\N\\\ta\n", "NULL and what looks like it"),
    (b"a\\tb\t\\b\\f\\n\\r\\v\\\\\n", "letters"),
    (b"\\101\\1\\12\\1234\t\\x41\\x4\\x4g\\xg\n", "numbers"),
    (b'\\q\\"\t\\\n\n', "characters without a meaning, and a newline"),
    (b"a\\\tb\tc\n", "the delimiter"),
    (b"a\\\\\tb\\\\\n", "backslashes before delimiter and newline"),
    (b"a\tb\\\r\nc\td\r\n", "an escaped CR of CRLF"),
    (b"a\tb\\", "a backslash at the end"),
    (b"a\t\\N\\", "a backslash after NULL at the end"),
    (b"\\303\\244\t\\xc3\\xa4\n", "escapes that make UTF-8"),
    (b"\\377\tb\n", "escapes that make no UTF-8"),
    (b"\\000\tb\n", "an escaped zero"),
    (b"1\t2\n\\.\nignored", "the marker"),
    (b"1\t2\\.\nignored", "the marker after data"),
    (b"1\t2\n\\.", "the marker without newline"),
    (b"1\t2\n\\.x\n", "the marker followed by data"),
    (b"1\t2\n\\.\r\n", "the marker with CR after LF"),
    (b"1\t2\r\n\\.\n", "the marker with LF after CRLF"),
    (b"1\t2\r\n\\.\r\n", "the marker with CRLF"),
    (b"1\t2\r\n\\.\rx", "the marker with CR after CRLF"),
    (b"1\t2\r\\.\n", "the marker with LF after CR"),
    (b"\\.\n", "the marker alone"),
    (b"a\\\\.b\tc\n", "a backslash before a full stop"),
]
OPTIONS = [
    "",
    "(HEADER)",
    "(HEADER MATCH)",
    "(NULL '')",
    "(NULL 'x')",
    "(NULL '\\')",
    "(DELIMITER '|', NULL 'NULL')",
    "(DELIMITER '^')",
    "DELIMITERS '|' WITH NULL AS 'a'",
]
OPTION_STREAMS = [
    b"",
    b"a\tb\n1\t2\n",
    b"a|b\n1\t2\n",
    b"b\ta\n1\t2\n",
    b"a\\x62\tb\n",
    b"\\N\tb\n",
    b"a\n",
    b"x\t\\x\n\\N\t\n",
    b"a|b\\|c\nNULL|\\NULL\n|\n",
    b"\t\n\\x\ty\n",
    b"\\\t\\\n",
    b"a^b\\^c\n",
    b"\\.\n",
]
VALUES = [b"", b"a", b"\\N", b"\\", b"\\.", b"a\tb\nc\rd\be\ff\vg", b"\x01\x1f|^", b'",', "äöü€😀".encode(), b"NULL", LONG, None]
ROWS = [[a, b] for a in VALUES for b in VALUES]
cells = st.none() | st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0")).map(str.encode)
tables = st.lists(st.lists(cells, min_size=2, max_size=2), max_size=8)


@pytest.mark.parametrize("size", PIECES)
@pytest.mark.parametrize(("data", "what"), STREAMS, ids=[what for _, what in STREAMS])
def test_streams_are_read_as_by_postgresql(oracle: Oracle, data: bytes, what: str, size: int) -> None:
    assert outcome(FROM, data, size) == oracle.outcome(FROM, data)


@pytest.mark.parametrize("data", OPTION_STREAMS)
@pytest.mark.parametrize("options", OPTIONS)
def test_options_change_reading_as_in_postgresql(oracle: Oracle, options: str, data: bytes) -> None:
    expected = oracle.outcome(f"{FROM} {options}", data)
    assert [outcome(f"{FROM} {options}", data, size) for size in PIECES] == [expected] * len(PIECES)


@pytest.mark.parametrize(
    "options", [*OPTIONS[:2], *OPTIONS[3:], "(DELIMITER E'\\x01')", "(DELIMITER E'\\x08')", "(DELIMITER E'\\x0b')"]
)
def test_rows_are_written_as_by_postgresql(oracle: Oracle, options: str) -> None:
    assert payloads(write(f"{TO} {options}", ROWS)) == oracle.sent(f"{TO} {options}", ROWS)


@pytest.mark.parametrize("encoding", ["LATIN1", "SJIS", "GB18030", "BIG5"])
@pytest.mark.parametrize("form", ["", "CSV"])
def test_the_clients_encoding_is_its_own_in_both_directions(oracle: Oracle, encoding: str, form: str) -> None:
    """The second bytes of SJIS and others may look like backslashes and delimiters."""
    texts = {"LATIN1": "äß|\\", "SJIS": "表ソ能\\|\t", "GB18030": "表\\€\t", "BIG5": "功\\許|"}
    rows = [[texts[encoding].encode(), b"\t"], [None, (texts[encoding] * 2).encode()]]
    options = f"{form} DELIMITER '|'"
    try:
        oracle.use_encoding(encoding)
        sent = oracle.sent(f"{TO} {options}", rows)
    finally:
        oracle.use_encoding("UTF8")
    assert payloads(write(f"{TO} {options}", rows, encoding)) == sent
    for size in PIECES:
        assert read(parse_copy(f"{FROM} {options}"), b"".join(sent), size, encoding)[0] == rows


def test_an_encoding_given_as_option_is_the_streams() -> None:
    assert payloads(write(f"{TO} ENCODING 'latin1'", [["ä".encode(), b""]])) == [b"\xe4\t\n"]
    assert read(parse_copy(f"{FROM} (ENCODING latin1)"), b"\xe4\t\n")[0] == [["ä".encode(), b""]]


def test_what_the_clients_encoding_lacks_is_refused() -> None:
    with pytest.raises(PgError) as raised:
        write(TO, [["€".encode(), b""]], "LATIN1")
    assert raised.value.code == "22P05"


@pytest.mark.parametrize("data", [b"a\tb\n\x81", b"a\tb\n\x81\n\tb\n", b"a\tb\n\xff\t\n"])
@pytest.mark.parametrize("size", PIECES)
def test_bytes_outside_of_the_clients_encoding_are_refused(data: bytes, size: int) -> None:
    code, _, _, where = outcome(FROM, data, size, "EUC_JP")
    assert (code, str(where)[:12]) == ("22021", "COPY x, line")


def test_default_markers_ask_for_the_default() -> None:
    for options, data in [
        ("(DEFAULT '\\D')", b"\\D\t\\\\D\n"),
        ("(DEFAULT 'D')", b"D\t\\\\D\n"),
    ]:
        assert read(parse_copy(f"{FROM} {options}"), data)[0] == [[DEFAULT, b"\\D"]]


@pytest.mark.parametrize("size", PIECES)
def test_rows_before_an_error_are_given_first(size: int) -> None:
    from pgiris.copy import read_options, reader

    source = reader(read_options([], from_client=True), ("a", "b"), "x")
    data, rows = b"1\t2\n3\t4\n5\n6\t7\n", []
    with pytest.raises(PgError, match="missing data"):
        for start in range(0, len(data), size):
            rows += source.feed(data[start : start + size])
        source.finish()
    assert rows == [[b"1", b"2"], [b"3", b"4"]]


@pytest.mark.parametrize("size", PIECES)
def test_lines_are_counted(size: int) -> None:
    assert read(parse_copy(f"{FROM} (HEADER)"), b"a\tb\n1\\\n2\t3\n4\t5\n6\t7", size)[1] == [2, 3, 4]


def test_a_table_without_columns_has_empty_lines() -> None:
    from pgiris.copy import read_options, reader, writer

    options = read_options([], from_client=True)
    assert reader(options, (), "x").feed(b"\n\n") == [[], []]
    with pytest.raises(PgError, match="extra data after last expected column"):
        reader(options, (), "x").feed(b"a\n")
    assert payloads(writer(options, ()).rows([[], []])) == [b"\n", b"\n"]


@given(tables, st.integers(1, 40), st.sampled_from(["", "(NULL 'x', DELIMITER '|')", "(DELIMITER E'\\x08')", "(NULL '')"]))
def test_what_is_written_is_read_again(rows: list[list[bytes | None]], size: int, options: str) -> None:
    same = [[None if cell == b"" else cell for cell in row] for row in rows] if "''" in options else rows
    same = [[None if cell == b"x" else cell for cell in row] for row in same] if "'x'" in options else same
    written = b"".join(payloads(write(f"{TO} {options}", rows)))
    assert read(parse_copy(f"{FROM} {options}"), written, size)[0] == same


@given(st.lists(st.sampled_from([b"a", b"\\", b"\t", b"\n", b"\r", b"\r\n", b".", b"N", b"0", b"x"]), max_size=14).map(b"".join))
def test_pieces_do_not_matter(data: bytes) -> None:
    whole = outcome(FROM, data)
    assert all(outcome(FROM, data, size) == whole for size in PIECES)


@given(st.binary(max_size=60), st.integers(1, 5))
def test_no_bytes_do_anything_but_make_rows_or_an_error(data: bytes, size: int) -> None:
    result = outcome(FROM, data, size)
    assert isinstance(result, list) or result[0] in ("22P04", "22021")
