from __future__ import annotations

import struct
from decimal import Decimal
from typing import Any

import pytest

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.types import oids
from pgiris.types.codec import Context, Oid
from pgiris.types.rows import Column, RowPlan, decode_array, decode_parameters, encoder, expand_formats, held_decoder
from pgiris.types.scalar import NamedOid
from pgiris.types.table import parse_type

pytestmark = pytest.mark.usefixtures("encoder")
NUMERIC_10_2 = parse_type("numeric(10,2)")


def data_row(*cells: bytes | None) -> bytes:
    body = b"".join(struct.pack("!i", -1) if cell is None else struct.pack("!i", len(cell)) + cell for cell in cells)
    return b"D" + struct.pack("!ih", 6 + len(body), len(cells)) + body


def encoded(
    columns: list[Column], formats: tuple[int, ...], rows: list[tuple[Any, ...]], context: Context | None = None
) -> bytes:
    out = bytearray()
    RowPlan(columns, formats, context or Context()).encode(rows, out)
    return bytes(out)


COLUMNS = [
    Column("a", oids.INT4),
    Column("b", oids.TEXT),
    Column("c", *NUMERIC_10_2),
    Column("d", oids.TIMESTAMP),
    Column("e", oids.BOOL),
    Column("f", oids.FLOAT8),
]
ROWS: list[tuple[Any, ...]] = [
    (1, "plain", "1.5", "2024-01-02 03:04:05", True, 1.0),
    (-2147483648, "\u00e4\u20ac\U0001f600", "-0.25", "2024-01-02 03:04:05.5", False, 1e20),
    (None, None, None, None, None, None),
    (3, "", Decimal("12345678.9"), "1999-12-31 23:59:59.999999", 1, float("nan")),
    (4, "x" * 70000, 7, "0001-01-01 00:00:00", 0, float("-inf")),
    (5, "\ud83d\ude00", "1e3", "9999-12-31 23:59:59", True, 0.1),
]
TEXTS = [
    (b"1", b"plain", b"1.50", b"2024-01-02 03:04:05", b"t", b"1"),
    (b"-2147483648", "\u00e4\u20ac\U0001f600".encode(), b"-0.25", b"2024-01-02 03:04:05.5", b"f", b"1e+20"),
    (None,) * 6,
    (b"3", b"", b"12345678.90", b"1999-12-31 23:59:59.999999", b"t", b"NaN"),
    (b"4", b"x" * 70000, b"7.00", b"0001-01-01 00:00:00", b"f", b"-Infinity"),
    (b"5", "\U0001f600".encode(), b"1000.00", b"9999-12-31 23:59:59", b"t", b"0.1"),
]


@pytest.mark.parametrize("count", [0, 1, 3, 4, 6])
@pytest.mark.parametrize("repeat", [1, 50])
def test_rows_become_data_rows_however_many_there_are(count: int, repeat: int) -> None:
    rows, texts = ROWS[:count] * repeat, TEXTS[:count] * repeat
    assert encoded(COLUMNS, (), rows) == b"".join(data_row(*cells) for cells in texts)


@pytest.mark.parametrize("formats", [(1,), (1, 0, 1, 0, 1, 0), (0, 1, 0, 1, 0, 1)])
def test_a_batch_has_the_same_bytes_as_its_rows_one_by_one(formats: tuple[int, ...]) -> None:
    one_by_one = b"".join(encoded(COLUMNS, formats, [row]) for row in ROWS)
    assert encoded(COLUMNS, formats, ROWS) == one_by_one
    assert encoded(COLUMNS, formats, ROWS * 3) == one_by_one * 3
    for index in range(len(COLUMNS)):
        column, code = [COLUMNS[index]], (formats[index % len(formats)],)
        rows = [(row[index],) for row in ROWS]
        assert encoded(column, code, rows) == b"".join(encoded(column, code, [row]) for row in rows)


def test_rows_without_columns_are_still_rows() -> None:
    assert encoded([], (), [(), ()] * 3) == data_row() * 6


@pytest.mark.parametrize("repeat", [1, 10])
def test_a_value_that_does_not_fit_leaves_nothing_behind(repeat: int) -> None:
    out = bytearray(b"before")
    plan = RowPlan([Column("a", oids.INT4)], (1,), Context())
    with pytest.raises(PgError) as caught:
        plan.encode([(1,)] * repeat + [(2**31,)], out)
    assert (caught.value.code, caught.value.message) == (sqlstate.NUMERIC_VALUE_OUT_OF_RANGE, "integer out of range")
    assert out == b"before"


@pytest.mark.parametrize("code", [0, 1])
def test_of_several_wrong_values_the_first_rows_is_told(code: int) -> None:
    plan = RowPlan([Column("a", oids.INT4), Column("b", oids.TEXT)], (code,), Context(client_encoding="LATIN1"))
    rows = [(1, "fine")] * 5 + [(2, "\u20ac"), (2**31, "fine")]
    with pytest.raises(PgError) as caught:
        plan.encode(rows, bytearray())
    assert caught.value.code == sqlstate.UNTRANSLATABLE_CHARACTER


@pytest.mark.parametrize("repeat", [1, 10])
def test_characters_that_the_client_has_not_are_refused(repeat: int) -> None:
    plan = RowPlan([Column("a", oids.TEXT)], (), Context(client_encoding="LATIN1"))
    out = bytearray()
    plan.encode([("\u00e4",)], out)
    assert out == data_row(b"\xe4")
    with pytest.raises(PgError) as caught:
        plan.encode([("\u20ac",)] * repeat, out)
    assert caught.value.code == sqlstate.UNTRANSLATABLE_CHARACTER
    assert caught.value.message == (
        'character with byte sequence 0xe2 0x82 0xac in encoding "UTF8" has no equivalent in encoding "LATIN1"'
    )


PADDED = [
    ("numeric(10,2)", "1.5", b"1.50", "0002000000000002" "00011388"),
    ("numeric(10,2)", ".5", b"0.50", "0001ffff00000002" "1388"),
    ("numeric(10,2)", "-.05", b"-0.05", "0001ffff40000002" "01f4"),
    ("numeric(10,2)", "0", b"0.00", "0000000000000002"),
    ("numeric(10,0)", "7", b"7", "0001000000000000" "0007"),
    ("numeric(10,2)", "NaN", b"NaN", "00000000c0000000"),
    ("numeric", "Infinity", b"Infinity", "00000000d0000020"),
    ("numeric", ".5", b"0.5", "0001ffff00000001" "1388"),
    ("numeric", 1e21, b"1000000000000000000000", "0001000500000000" "000a"),
    ("character(5)", "ab", b"ab   ", "6162202020"),
    ("bpchar", "ab", b"ab", "6162"),
    ("timestamp(1)", "2000-01-01 00:00:00.25", b"2000-01-01 00:00:00.3", "00000000000493e0"),
    ("timestamp(0)", "1999-12-31 23:59:59.5", b"1999-12-31 23:59:59", "fffffffffff0bdc0"),
    ("timestamp(3)", "2000-01-01 00:00:00.5", b"2000-01-01 00:00:00.5", "000000000007a120"),
    ("time(0)", "00:00:01.5", b"00:00:02", "00000000001e8480"),
    ("bool", "1", b"t", "01"),
    ("int4", Decimal("5"), b"5", "00000005"),
    ("int4", "5", b"5", "00000005"),
    ("text", 5, b"5", "35"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "text", "digits"), PADDED)
def test_values_are_shown_by_their_columns_typmod(name: str, value: Any, text: bytes, digits: str) -> None:
    for rows in ([(value,)], [(value,)] * 5):
        assert encoded([Column("c", *parse_type(name))], (0,), rows) == data_row(text) * len(rows)
        assert encoded([Column("c", *parse_type(name))], (1,), rows) == data_row(bytes.fromhex(digits)) * len(rows)


def test_reg_values_show_names_and_send_oids() -> None:
    columns = [Column("c", oids.REGCLASS)]
    assert encoded(columns, (0,), [(NamedOid(1259, "pg_class"),), (0,), (17,)]) == b"".join(
        map(data_row, (b"pg_class", b"-", b"17"))
    )
    assert encoded(columns, (1,), [(NamedOid(1259, "pg_class"),)]) == data_row(struct.pack("!I", 1259))


@pytest.mark.parametrize(
    ("formats", "count", "expanded"), [((), 3, (0, 0, 0)), ((1,), 3, (1, 1, 1)), ((0, 1), 2, (0, 1)), ((), 0, ()), ((1,), 0, ())]
)
def test_formats_hold_for_all_columns_or_one_each(formats: tuple[int, ...], count: int, expanded: tuple[int, ...]) -> None:
    assert expand_formats(formats, count) == expanded


def test_wrong_formats_are_refused_in_postgresqls_words() -> None:
    for call, code, message in (
        (lambda: expand_formats((0, 0), 3), "08P01", "bind message has 2 result formats but query has 3 columns"),
        (lambda: expand_formats((2,), 1), "22023", "unsupported format code: 2"),
        (
            lambda: decode_parameters([oids.INT4], (0, 0), [b"1"], Context()),
            "08P01",
            "bind message has 2 parameter formats but 1 parameters",
        ),
    ):
        with pytest.raises(PgError) as caught:
            call()
        assert (caught.value.code, caught.value.message, caught.value.severity) == (code, message, "ERROR")


def test_parameters_are_decoded_by_their_formats() -> None:
    raw = [b"\0\0\0\5", b"abc", None, b"{1,NULL}"]
    types = [oids.INT4, oids.TEXT, oids.INT4, oids.INT4_ARRAY]
    assert decode_parameters(types, (1, 0, 0, 0), raw, Context()) == [5, "abc", None, "{1,NULL}"]
    assert decode_parameters([], (), [], Context()) == []


def test_a_binary_value_too_long_names_its_parameter() -> None:
    with pytest.raises(PgError) as caught:
        decode_parameters([oids.INT4, oids.INT4], (1,), [b"\0\0\0\1", b"\0\0\0\1\0"], Context())
    assert (caught.value.code, caught.value.message) == ("22P03", "incorrect binary data format in bind parameter 2")


@pytest.mark.parametrize(
    ("name", "literal", "values"),
    [
        ("int[]", "{1,2,NULL}", [1, 2, None]),
        ("text[]", '{"a b",c,"NULL"}', ["a b", "c", "NULL"]),
        ("int[]", "{{1,2},{3,4}}", [1, 2, 3, 4]),
        ("timestamptz[]", '{"2024-01-02 03:04:05+00"}', ["2024-01-02 03:04:05"]),
        ("bool[]", "{t,f}", [True, False]),
        ("int[]", "{}", []),
    ],
)
def test_array_values_come_apart_for_lists(name: str, literal: str, values: list[Any]) -> None:
    assert decode_array(parse_type(name)[0], literal) == values


def test_lists_are_taken_for_arrays() -> None:
    columns = [Column("c", oids.TEXT_ARRAY), Column("d", oids.INT4_ARRAY)]
    rows = [(["a b", None, "NULL"], [[1, 2], [3, None]])]
    assert encoded(columns, (), rows) == data_row(b'{"a b",NULL,"NULL"}', b"{{1,2},{3,NULL}}")


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-inf"])
@pytest.mark.parametrize("name", ["numeric", "float4", "float8"])
@pytest.mark.parametrize("code", [0, 1])
def test_numbers_that_iris_has_not_are_read_and_written_but_not_held(name: str, text: str, code: int) -> None:
    oid: Oid = parse_type(name)[0]
    context = Context()
    value = decode_parameters([oid], (0,), [text.encode()], context)[0]
    raw = encoder(oid, -1, code, context)(value)
    (again,) = decode_parameters([oid], (code,), [raw], context)
    assert encoder(oid, -1, 0, context)(again) == (b"-Infinity" if text == "-inf" else text.encode())
    with pytest.raises(PgError) as caught:
        held_decoder(oid, code, context)(raw)
    assert caught.value.code == sqlstate.FEATURE_NOT_SUPPORTED


@pytest.mark.parametrize("text", ["infinity", "-infinity", "2024-01-02 BC", "12345-01-02"])
@pytest.mark.parametrize("name", ["date", "timestamp", "timestamptz"])
def test_days_that_iris_has_not_are_refused(name: str, text: str) -> None:
    with pytest.raises(PgError) as caught:
        decode_parameters([parse_type(name)[0]], (0,), [text.encode()], Context())
    assert caught.value.code == sqlstate.FEATURE_NOT_SUPPORTED
