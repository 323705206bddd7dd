"""No bytes from a client may cause anything but a value or a PgError."""

from __future__ import annotations

import random

import pytest

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.types.codec import Context
from pgiris.types.rows import decode_parameters, encoder
from pgiris.types.table import TYPES, TypeRow, parse_type
from tests.types.samples import SAMPLES

PIECES = (
    *(
        b"0",
        b"1",
        b"9",
        b"-",
        b"+",
        b".",
        b":",
        b"/",
        b" ",
        b",",
        b"{",
        b"}",
        b"[",
        b"]",
        b'"',
        b"\\",
        b"=",
        b"(",
        b")",
        b"%",
        b"\n",
    ),
    *(b"e", b"P", b"T", b"Z", b"j", b"Jan", b"pm", b"bc", b"now", b"infinity", b"NaN", b"NULL", b"2024", b"99999999999999999999"),
    *(b"\\x", b"day", b"ago", b"UTC", b"null", b"true", b"::", b"\xff", b"\xc3\xa4", b"\0", b"\xe2\x82\xac", b"\xd9\xa1"),
)


def damaged(r: random.Random, raw: bytes) -> bytes:
    at = r.randrange(len(raw) + 1)
    return raw[:at] + r.choice((b"", r.choice(PIECES), r.randbytes(1))) + raw[at + r.randrange(3) :]


@pytest.mark.parametrize("row", TYPES.values(), ids=lambda row: row.name)
def test_any_bytes_are_a_value_or_an_error_of_the_clients(row: TypeRow) -> None:
    r = random.Random(row.name)
    name = f"{row.name.removeprefix('_')}[]" if row.is_array else row.name
    make = SAMPLES.get(f'"{name}"' if name.startswith("char") else name)
    context = Context(time_zone="Europe/Berlin")
    for parameter_format in (0, 1):
        for _ in range(150):
            raw = b"".join(r.choice(PIECES) for _ in range(r.randrange(8))) if r.random() < 0.5 else r.randbytes(r.randrange(40))
            if make is not None and r.random() < 0.5:
                raw = damaged(r, make(r).encode())
            check(row, raw, parameter_format, context)
        if make is not None:
            check_damaged_binary(r, row, make(r).encode(), context)


def check_damaged_binary(r: random.Random, row: TypeRow, text: bytes, context: Context) -> None:
    (value,) = decode_parameters([row.oid], [0], [text], context)
    sent = encoder(row.oid, -1, 1, context)(value)
    for _ in range(50):
        check(row, damaged(r, sent), 1, context)


def check(row: TypeRow, raw: bytes, parameter_format: int, context: Context) -> None:
    try:
        (value,) = decode_parameters([row.oid], [parameter_format], [raw], context)
    except PgError as error:
        assert error.code not in (sqlstate.INTERNAL_ERROR,) or "version number" in error.message, raw
        return
    encoder(row.oid, -1, 0, context)(value)
    if row.oid not in WITHOUT_BINARY:
        try:
            encoder(row.oid, -1, 1, context)(value)
        except PgError as error:
            assert error.code == sqlstate.FEATURE_NOT_SUPPORTED and row.name.removeprefix("_").startswith("reg")


WITHOUT_BINARY = {parse_type(name)[0] for name in ("record", "record[]", "aclitem", "aclitem[]", "anyarray")}
