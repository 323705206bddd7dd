"""The short ways of whole columns give what the codecs give, value by value, and leave to them what is not plain."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from decimal import Decimal

import pytest

from pgiris.copy.cells import DEFAULT, Cell
from pgiris.copy.columns import texts, values
from pgiris.errors import PgError
from pgiris.types import oids
from pgiris.types.codec import Context, Oid
from pgiris.types.numeric import numeric_binary
from pgiris.types.rows import encoder, held_decoder

CELLS: dict[Oid, Sequence[bytes]] = {
    oids.INT2: [b"0", b"-1", b"32767", b"-32768", b"32768", b" 7 ", b"+7", b"007", b"1_0", b"", b"x", b"1\n2", b"9" * 30],
    oids.INT4: [b"0", b"2147483647", b"2147483648", b"-2147483648", b"-0"],
    oids.INT8: [b"9223372036854775807", b"9223372036854775808", b"-9223372036854775808"],
    oids.TEXT: [b"", b"a", "ä😀".encode(), b"a\nb", b" a ", b"\xff", b"a\0b"],
    oids.VARCHAR: [b"", b"a", "ä".encode()],
    oids.BOOL: [b"t", b"f", b"true", b"FALSE", b"yes", b"0", b"1", b" t", b"", b"maybe"],
    oids.NUMERIC: [
        b"0",
        b"-0",
        b"1.50",
        b"-1.50",
        b"007",
        b"0.5",
        b"-0.5",
        b".5",
        b"5.",
        b"1e3",
        b"NaN",
        b"",
        b"9" * 40,
        b"1\n2",
    ],
    oids.TIMESTAMP: [
        b"2024-02-29 12:30:15",
        b"2023-02-29 12:30:15",
        b"2024-02-29T12:30:15",
        b"2024-02-29 12:30:15.25",
        b"2024-02-29 12:30:15.250",
        b"2024-02-29 24:00:00",
        b"0001-01-01 00:00:00",
        b"29.2.2024",
        b"infinity",
        b"",
    ],
    oids.DATE: [b"2024-02-29", b"2023-02-29", b"1800-01-01", b"0001-01-01", b"29.2.2024", b"today at noon", b""],
    oids.FLOAT8: [b"1.5", b"1e400", b"x"],
}


def outcome(convert: object, column: Sequence[Cell]) -> object:
    assert callable(convert)
    try:
        return list(convert(column))
    except PgError as error:
        return error.code, error.message


@pytest.mark.parametrize("oid", CELLS)
def test_cells_of_a_column_are_decoded_as_each_alone(oid: Oid) -> None:
    decode = held_decoder(oid, 0, Context())
    column = values(oid, decode, binary=False, utf8=True)
    plain = [cell for cell in CELLS[oid] if isinstance(outcome(lambda cells: map(decode, cells), [cell]), list)]
    for cell in CELLS[oid]:
        if oid in (oids.TEXT, oids.VARCHAR) and b"\0" in cell:
            continue  # no reader gives it
        assert outcome(column, [cell]) == outcome(lambda cells: map(decode, cells), [cell]), cell
        assert outcome(column, [plain[0], cell]) == outcome(lambda cells: map(decode, cells), [plain[0], cell]), cell
    assert outcome(column, plain) == [decode(cell) for cell in plain]
    assert outcome(column, [None, plain[0], DEFAULT]) == [None, decode(plain[0]), DEFAULT]
    assert outcome(column, [None, None]) == [None, None]
    assert outcome(column, []) == []


BINARY: dict[Oid, Sequence[bytes]] = {
    oids.INT2: [b"\0\1", b"\xff\xff", b"\0", b"\0\0\0", b""],
    oids.INT4: [b"\0\0\0\1", b"\xff\xff\xff\xff", b"\0\0\0\0\0"],
    oids.INT8: [b"\0" * 8, b"\xff" * 8, b"\0" * 4],
    oids.TEXT: [b"", b"a", "ä".encode(), b"\xff", b"a\0b", b"\0"],
    oids.NUMERIC: [
        b"\0\1\0\0\0\0\0\0\0\7",
        b"\0\2\0\0@\0\0\2\0\1\x13\x88",
        b"\0\0\0\0\xc0\0\0\0",
        b"",
        b"\0\0\0\0\0\0\0\2",
        b"\0\0\0\0@\0\0\2",
        b"\0\1\0\0\0\0\0\0\xff\xff",
        b"\0\1\0\0\0\0\0\0\0",
        b"\0\1\0\0\0\0\0\0\0\1\0\1",
        *(
            numeric_binary(sign + text, scale)
            for text in ("0", "1", "10000", "123456789012.5", "0.5", "0.0001", "0.00012345", "99999999.99", "0.00000000001")
            for sign in ("", "-")
            for scale in (0, 2, 9)
        ),
        b"\0\2\0\0\0\0\0\1\0\1\x13\x88",  # digits behind the scale
        b"\0\1\0\3\0\0\0\2\0\1",
    ],
    oids.FLOAT8: [struct.pack("!d", number) for number in (0.0, -1.5, float("inf"), float("nan"))] + [b"\0"],
    oids.TIMESTAMP: [
        *(struct.pack("!q", us) for us in (-1, 250_000, 1_000_000, -63_000_000_000_000_000, 252_455_616_000_000_000)),
        b"\0" * 8,
        b"\0\0\0\0\0\0\0\1",
        b"\xff" * 8,
        b"\x7f" + b"\xff" * 7,
        b"\0",
    ],
    oids.BOOL: [b"\0", b"\1", b"\2", b""],
}


@pytest.mark.parametrize("oid", BINARY)
def test_binary_cells_of_a_column_are_decoded_as_each_alone(oid: Oid) -> None:
    decode = held_decoder(oid, 1, Context())
    column = values(oid, decode, binary=True, utf8=True)
    for cell in BINARY[oid]:
        for cells in ([cell], [BINARY[oid][0], cell], [cell, BINARY[oid][1]]):
            assert outcome(column, cells) == outcome(lambda cells: map(decode, cells), cells), cells


VALUES: dict[Oid, Sequence[object]] = {
    oids.INT4: [0, -1, 2147483647, True, "7", Decimal(7)],
    oids.TEXT: ["", "a", "ä😀", "a\tb", 7],
    oids.BOOL: [True, False, 1, 0],
    oids.NUMERIC: ["1.5", "0", "-1.25", 7, Decimal("1.5")],
    oids.TIMESTAMP: ["2024-02-29 12:30:15", "2024-02-29 12:30:15.25"],
    oids.FLOAT8: [1.5, -0.0, 1e100],
    oids.BYTEA: [b"\0\xff", b""],
}


@pytest.mark.parametrize("oid", VALUES)
@pytest.mark.parametrize("typmod", [-1, 655366])
def test_values_of_a_column_are_encoded_as_each_alone(oid: Oid, typmod: int) -> None:
    encode = encoder(oid, typmod if oid == oids.NUMERIC else -1, 0, Context())
    column = texts(encode)
    for value in VALUES[oid]:
        assert column([value, VALUES[oid][0]]) == [encode(value).decode(), encode(VALUES[oid][0]).decode()]
    assert column([None, *VALUES[oid], None]) == [None, *[encode(value).decode() for value in VALUES[oid]], None]


def test_an_integer_that_does_not_fit_is_an_error() -> None:
    with pytest.raises(PgError) as caught:
        texts(encoder(oids.INT2, -1, 0, Context()))([1, 40_000])
    assert caught.value.code == "22003"
