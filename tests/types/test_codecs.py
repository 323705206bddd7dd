"""One table, both directions, both formats: text <-> value <-> binary. The values are those that backends give and take."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pgiris.errors import PgError
from pgiris.types.codec import Context
from pgiris.types.rows import decode_parameters, encoder
from pgiris.types.table import TYPES, parse_type

DEFAULT = Context()
BERLIN = Context(time_zone="Europe/Berlin")
TYPICAL: list[tuple[str, str, Any, str]] = [
    ("bool", "t", True, "01"),
    ("bool", "f", False, "00"),
    ("int2", "-2", -2, "fffe"),
    ("int4", "1", 1, "00000001"),
    ("int8", "-9223372036854775808", -(2**63), "8000000000000000"),
    ("oid", "4294967295", 4294967295, "ffffffff"),
    ("xid8", "5", 5, "0000000000000005"),
    ("float4", "0.1", 0.10000000149011612, "3dcccccd"),
    ("float8", "0.1", 0.1, "3fb999999999999a"),
    ("float8", "-1e+20", -1e20, "c415af1d78b58c40"),
    ("numeric", "12345.670", "12345.670", "0003000100000003000109291a2c"),
    ("numeric", "-0.0001", "-0.0001", "0001ffff400000040001"),
    ("numeric", "0", "0", "0000000000000000"),
    ("numeric", "100000000", "100000000", "00010002000000000001"),
    ("text", "\u00e4\u20ac", "\u00e4\u20ac", "c3a4e282ac"),
    ("varchar", "", "", ""),
    ("bpchar", "ab", "ab", "6162"),
    ("name", "abc", "abc", "616263"),
    ('"char"', "r", "r", "72"),
    ("bytea", "\\x00ff", b"\x00\xff", "00ff"),
    ("date", "2000-01-01", "2000-01-01", "00000000"),
    ("date", "1999-12-31", "1999-12-31", "ffffffff"),
    ("time", "01:02:03.5", "01:02:03.5", "00000000ddf019e0"),
    ("timetz", "00:00:01+05:30", "00:00:01+05:30", "00000000000f4240ffffb2a8"),
    ("timestamp", "2000-01-01 00:00:01", "2000-01-01 00:00:01", "00000000000f4240"),
    ("timestamp", "1999-12-31 23:59:59.999999", "1999-12-31 23:59:59.999999", "ffffffffffffffff"),
    ("timestamptz", "2000-01-01 00:00:01+00", "2000-01-01 00:00:01", "00000000000f4240"),
    ("interval", "1 year 2 mons -3 days +04:05:06.7", "1 year 2 mons -3 days +04:05:06.7", "000000036c966ee0fffffffd0000000e"),
    ("uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "a0eebc999c0b4ef8bb6d6bb9bd380a11"),
    ("json", '{"b":1,  "a":2}', '{"b":1,  "a":2}', b'{"b":1,  "a":2}'.hex()),
    ("jsonb", '{"a": 2, "b": 1}', '{"a": 2, "b": 1}', "01" + b'{"a": 2, "b": 1}'.hex()),
    ("jsonpath", '$."a"[*]?(@ > 1)', '$."a"[*]?(@ > 1)', "01" + b'$."a"[*]?(@ > 1)'.hex()),
    ("xml", "<a/>", "<a/>", b"<a/>".hex()),
    ("inet", "10.1.2.3/8", "10.1.2.3/8", "020800040a010203"),
    ("cidr", "10.0.0.0/8", "10.0.0.0/8", "020801040a000000"),
    ("macaddr", "08:00:2b:01:02:03", "08:00:2b:01:02:03", "08002b010203"),
    ("macaddr8", "08:00:2b:01:02:03:04:05", "08:00:2b:01:02:03:04:05", "08002b0102030405"),
    ("tid", "(1,2)", "(1,2)", "000000010002"),
    ("pg_lsn", "1/A", "1/A", "000000010000000a"),
    ("vector", "[1,2.5,-0.1]", "1,2.5,-0.1", "000300003f80000040200000bdcccccd"),
    ("halfvec", "[1,2.5,-0.099975586]", "1,2.5,-0.0999755859", "000300003c004100ae66"),
    (
        "sparsevec",
        "{1:1.5,3:2}/5",
        "{1:1.5,3:2}/5",
        "00000005" + "00000002" + "00000000" + "0000000000000002" + "3fc0000040000000",
    ),
    ("sparsevec", "{}/1000000000", "{}/1000000000", "3b9aca00" + "00000000" + "00000000"),
    ("int4[]", "{1,NULL}", "{1,NULL}", "0000000100000001000000170000000200000001" + "0000000400000001" + "ffffffff"),
    ("text[]", '{"a b",c}', '{"a b",c}', "0000000100000000000000190000000200000001" + "00000003612062" + "0000000163"),
    ("int4[]", "{}", "{}", "000000000000000000000017"),
    ("int2vector", "1 2", "1 2", "0000000100000000000000150000000200000000" + "000000020001" + "000000020002"),
    ("bool[]", "[0:0]={t}", "[0:0]={t}", "0000000100000000000000100000000100000000" + "0000000101"),
    (
        "timestamptz[]",
        '{"2000-01-01 00:00:01+00"}',
        '{"2000-01-01 00:00:01+00"}',
        "0000000100000000000004a00000000100000001" + "0000000800000000000f4240",
    ),
    (
        "vector[]",
        '{"[1,2]"}',
        '{"[1,2]"}',
        "000000010000000000" + "004001" + "0000000100000001" + "0000000c" + "000200003f80000040000000",
    ),
    (
        "halfvec[]",
        '{"[1,2]"}',
        '{"[1,2]"}',
        "000000010000000000" + "004003" + "0000000100000001" + "00000008" + "000200003c004000",
    ),
    ("refcursor", "c1", "c1", "6331"),
    ("unknown", "x", "x", "78"),
    ("void", "", "", ""),
]


@pytest.mark.parametrize(("name", "text", "value", "digits"), TYPICAL)
def test_a_value_has_one_text_and_one_binary_form(name: str, text: str, value: Any, digits: str) -> None:
    oid, typmod = parse_type(name)
    assert encoder(oid, typmod, 0, DEFAULT)(value) == text.encode()
    assert encoder(oid, typmod, 1, DEFAULT)(value).hex() == digits
    assert decode_parameters([oid], [0], [text.encode()], DEFAULT) == [value]
    binary = decode_parameters([oid], [1], [bytes.fromhex(digits)], DEFAULT)
    assert [encoder(oid, typmod, 0, DEFAULT)(value) for value in binary] == [text.encode()]


def test_every_type_that_iris_stores_is_in_the_table() -> None:
    shown = {parse_type(name)[0] for name, *_ in TYPICAL}
    missing = {row.name for row in TYPES.values() if row.iris and not row.is_array and row.oid not in shown}
    assert missing == set()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2024-07-01 12:00:00+02", "2024-07-01 10:00:00"),
        ("2024-07-01 12:00", "2024-07-01 10:00:00"),
        ("2024-07-01 12:00 America/New_York", "2024-07-01 16:00:00"),
        ("2024-07-01 12:00:00Z", "2024-07-01 12:00:00"),
    ],
)
def test_moments_are_kept_in_utc(text: str, value: str) -> None:
    (oid, _) = parse_type("timestamptz")
    assert decode_parameters([oid], [0], [text.encode()], BERLIN) == [value]


def test_elements_of_arrays_follow_the_clients_settings_on_the_wire_and_utc_in_the_value() -> None:
    (oid, _) = parse_type("timestamptz[]")
    context = Context(time_zone="Europe/Berlin", date_style="German, DMY")
    (value,) = decode_parameters([oid], [0], [b'{"01.07.2024 12:00:00",NULL}'], context)
    assert value == '{"2024-07-01 10:00:00+00",NULL}'
    assert encoder(oid, -1, 0, context)(value) == b'{"01.07.2024 12:00:00 CEST",NULL}'


@pytest.mark.parametrize(
    ("text", "value"),
    [("now", None), ("today", None), ("yesterday", None), ("tomorrow", None), ("epoch", "1970-01-01 00:00:00")],
)
def test_words_for_moments_are_understood(text: str, value: str | None) -> None:
    (oid, _) = parse_type("timestamp")
    (found,) = decode_parameters([oid], [0], [text.encode()], DEFAULT)
    assert found == value if value else found > "2020"


VECTORS = {
    "[1,2,3]": "[1,2,3]",
    " [ 1 , -2.5,3e2 ] ": "[1,-2.5,300]",
    "[0.1,1e-10,1e+10]": "[0.1,1e-10,1e+10]",
    "[1.23456789,16777217]": "[1.2345679,1.6777216e+07]",
}
BAD_VECTORS = {
    "": ("22P02", 'invalid input syntax for type vector: ""'),
    "1,2": ("22P02", 'invalid input syntax for type vector: "1,2"'),
    "[1,2": ("22P02", 'invalid input syntax for type vector: "[1,2"'),
    "[1,,2]": ("22P02", 'invalid input syntax for type vector: "[1,,2]"'),
    "[1_0]": ("22P02", 'invalid input syntax for type vector: "[1_0]"'),
    "[x]": ("22P02", 'invalid input syntax for type vector: "[x]"'),
    "[]": ("22000", "vector must have at least 1 dimension"),
    "[NaN]": ("22000", "NaN not allowed in vector"),
    "[Infinity]": ("22000", "infinite value not allowed in vector"),
    "[4e38]": ("22003", '"4e38" is out of range for type vector'),
    f"[{','.join(['1'] * 16001)}]": ("54000", "vector cannot have more than 16000 dimensions"),
}


@pytest.mark.parametrize("text", VECTORS)
def test_vectors_are_shown_as_pgvector_shows_them(text: str) -> None:
    (oid, _) = parse_type("vector")
    (value,) = decode_parameters([oid], [0], [text.encode()], DEFAULT)
    assert "e" not in value and "[" not in value
    assert encoder(oid, -1, 0, DEFAULT)(value).decode() == VECTORS[text]
    (again,) = decode_parameters([oid], [1], [encoder(oid, -1, 1, DEFAULT)(value)], DEFAULT)
    assert encoder(oid, -1, 0, DEFAULT)(again).decode() == VECTORS[text]


@pytest.mark.parametrize("text", BAD_VECTORS, ids=lambda text: text[:9])
def test_bad_vectors_are_refused_in_pgvectors_words(text: str) -> None:
    with pytest.raises(PgError) as caught:
        decode_parameters([parse_type("vector")[0]], [0], [text.encode()], DEFAULT)
    assert (caught.value.code, caught.value.message) == BAD_VECTORS[text]


HALFVECS = {  # each as pgvector 0.8.5 has it
    "[1,2,3]": "[1,2,3]",
    "[0.1,65504,65519,1e-8,6e-8,-0.0]": "[0.099975586,65504,65504,0,5.9604645e-08,-0]",
}
BAD_HALFVECS = {
    "[1,2": ("22P02", 'invalid input syntax for type halfvec: "[1,2"'),
    "[]": ("22000", "halfvec must have at least 1 dimension"),
    "[NaN]": ("22000", "NaN not allowed in halfvec"),
    "[-inf]": ("22000", "infinite value not allowed in halfvec"),
    "[65520]": ("22003", '"65520" is out of range for type halfvec'),
    "[1e60]": ("22003", '"1e60" is out of range for type halfvec'),
}


@pytest.mark.parametrize("text", HALFVECS)
def test_numbers_of_halfvecs_are_rounded_when_they_are_read(text: str) -> None:
    (oid, _) = parse_type("halfvec")
    (value,) = decode_parameters([oid], [0], [text.encode()], DEFAULT)
    assert encoder(oid, -1, 0, DEFAULT)(value).decode() == HALFVECS[text]
    (again,) = decode_parameters([oid], [1], [encoder(oid, -1, 1, DEFAULT)(value)], DEFAULT)
    assert again == value


@pytest.mark.parametrize("text", BAD_HALFVECS)
def test_bad_halfvecs_are_refused_in_pgvectors_words(text: str) -> None:
    with pytest.raises(PgError) as caught:
        decode_parameters([parse_type("halfvec")[0]], [0], [text.encode()], DEFAULT)
    assert (caught.value.code, caught.value.message) == BAD_HALFVECS[text]


@pytest.mark.parametrize("binary", ["", "000100017c00", "00017c00", "000100007c00", "000100007e00", "0000", "00020000" + "3c00"])
def test_bad_binary_halfvecs_are_refused(binary: str) -> None:
    with pytest.raises(PgError):
        decode_parameters([parse_type("halfvec")[0]], [1], [bytes.fromhex(binary)], DEFAULT)


def test_what_others_wrote_into_a_halfvec_is_rounded_where_it_is_shown() -> None:
    (oid, _) = parse_type("halfvec")
    assert encoder(oid, -1, 0, DEFAULT)("0.1") == b"[0.099975586]"
    for format_ in (0, 1):
        with pytest.raises(PgError) as caught:
            encoder(oid, -1, format_, DEFAULT)("1,65520")
        assert caught.value.code == "22003"


SPARSEVECS = {  # each as pgvector 0.8.5 has it
    " { 3 : 2 , 1:1.5 } / 5 ": "{1:1.5,3:2}/5",
    "{1:0,2:-0,3:+1}/3": "{3:1}/3",
    "{1:1e-10,2:1e38,3:0.1}/3": "{1:1e-10,2:1e+38,3:0.1}/3",
}
_SYNTAX = (
    "{1:1}",
    "{1:1}/",
    "{1:1}/5x",
    "[1,2]",
    "",
    "{1:x}/5",
    "{x:1}/5",
    "{1:1,}/5",
    "{,}/5",
    "{1}/5",
    "{1:}/5",
    "{1:1_0}/5",
    "{1:1:1}/5",
)
BAD_SPARSEVECS = {
    **{text: ("22P02", f'invalid input syntax for type sparsevec: "{text}"') for text in _SYNTAX},
    "{1:1}/0": ("22000", "sparsevec must have at least 1 dimension"),
    "{1:1}/1000000001": ("54000", "sparsevec cannot have more than 1000000000 dimensions"),
    "{0:1}/5": ("22000", "sparsevec index out of bounds"),
    "{6:1}/5": ("22000", "sparsevec index out of bounds"),
    "{1:1,1:2}/5": ("22000", "sparsevec indices must not contain duplicates"),
    "{1:NaN}/5": ("22000", "NaN not allowed in sparsevec"),
    "{1:-inf}/5": ("22000", "infinite value not allowed in sparsevec"),
    "{1:1e60}/5": ("22003", '"1e60" is out of range for type sparsevec'),
    f"{{{','.join(f'{i}:1' for i in range(1, 16002))}}}/20000": (
        "54000",
        "sparsevec cannot have more than 16000 non-zero elements",
    ),
}
BAD_BINARY_SPARSEVECS = {
    "0000000500000001": "insufficient data left in message",
    "000000050000000100000001" + "00000000" + "3f800000": "expected unused to be 0, not 1",
    "000000050000000200000000" + "0000000200000000" + "3f8000003f800000": "sparsevec indices must be in ascending order",
    "000000050000000200000000" + "0000000200000002" + "3f8000003f800000": "sparsevec indices must not contain duplicates",
    "000000050000000100000000" + "00000005" + "3f800000": "sparsevec index out of bounds",
    "000000050000000100000000" + "00000000" + "00000000": "binary representation of sparsevec cannot contain zero values",
    "000000050000000100000000" + "00000000" + "7fc00000": "NaN not allowed in sparsevec",
    "0000000500000006" + "00000000": "sparsevec cannot have more elements than dimensions",
    "00000005ffffffff" + "00000000": "sparsevec cannot have negative number of elements",
    "000000050000000100000000" + "00000000" + "3f80": "insufficient data left in message",
}


@pytest.mark.parametrize("text", SPARSEVECS)
def test_sparsevecs_are_kept_as_pgvector_shows_them(text: str) -> None:
    assert decode_parameters([parse_type("sparsevec")[0]], [0], [text.encode()], DEFAULT) == [SPARSEVECS[text]]


@pytest.mark.parametrize("text", BAD_SPARSEVECS, ids=lambda text: text[:20])
def test_bad_sparsevecs_are_refused_in_pgvectors_words(text: str) -> None:
    with pytest.raises(PgError) as caught:
        decode_parameters([parse_type("sparsevec")[0]], [0], [text.encode()], DEFAULT)
    assert (caught.value.code, caught.value.message) == BAD_SPARSEVECS[text]


@pytest.mark.parametrize("binary", BAD_BINARY_SPARSEVECS)
def test_bad_binary_sparsevecs_are_refused(binary: str) -> None:
    with pytest.raises(PgError) as caught:
        decode_parameters([parse_type("sparsevec")[0]], [1], [bytes.fromhex(binary)], DEFAULT)
    assert caught.value.message == BAD_BINARY_SPARSEVECS[binary]


def test_deep_json_does_not_break_the_reader() -> None:
    (oid, _) = parse_type("jsonb")
    deep = "[" * 100_000 + "]" * 100_000
    with pytest.raises(PgError) as caught:
        decode_parameters([oid], [0], [deep.encode()], DEFAULT)
    assert (caught.value.code, caught.value.message) == ("54001", "stack depth limit exceeded")


def test_long_numbers_in_json_are_kept() -> None:
    (oid, _) = parse_type("jsonb")
    number = "123456789" * 1000
    assert decode_parameters([oid], [0], [number.encode()], DEFAULT) == [number]
    assert json.loads(decode_parameters([oid], [0], [b'{"a": 1.10}'], DEFAULT)[0]) == {"a": 1.1}


@pytest.mark.parametrize("name", ["record", "aclitem", "anyarray"])
def test_types_without_a_binary_form_are_refused_in_binary(name: str) -> None:
    with pytest.raises(PgError) as caught:
        encoder(parse_type(name)[0], -1, 1, DEFAULT)
    assert (caught.value.code, caught.value.message) == ("42883", f"no binary output function available for type {name}")
