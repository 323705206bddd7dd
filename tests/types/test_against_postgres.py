"""Every type, values good and bad: what PostgreSQL reads, prints and refuses, we do, byte for byte and word for word."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from pgiris import sqlstate
from pgiris.errors import PgError
from pgiris.types.codec import Context, Oid
from pgiris.types.rows import decode_parameters, encoder
from pgiris.types.table import parse_type
from tests.types.oracle import BINARY, TEXT, Oracle, Refusal
from tests.types.samples import SAMPLES

COUNT = 25
SETTINGS = [
    Context(),
    Context("Europe/Berlin", "SQL, DMY", "postgres_verbose", "escape", 0),
    Context("America/New_York", "Postgres, MDY", "iso_8601", "hex", 3),
    Context("Asia/Kathmandu", "German, DMY", "sql_standard", "escape", -3),
    Context("<+02>-02", "ISO, YMD", "postgres", "hex", 1),
    Context("Australia/Lord_Howe", "SQL, MDY", "sql_standard", "hex", 1),
    Context("UTC", "Postgres, DMY", "postgres", "hex", -15),
]
INPUTS: dict[str, list[str]] = json.loads(Path(__file__).with_name("inputs.json").read_text())


# Types that settings change.
SENSITIVE = {"float4", "float8", "bytea", "date", "time", "timetz", "timestamp", "timestamptz", "interval"}


def use(oracle: Oracle, context: Context) -> None:
    oracle.set(
        TimeZone=context.time_zone,
        DateStyle=context.date_style,
        IntervalStyle=context.interval_style,
        bytea_output=context.bytea_output,
        extra_float_digits=context.extra_float_digits,
    )


@pytest.mark.parametrize(
    ("name", "context"),
    [(name, context) for name in SAMPLES for context in (SETTINGS if name.removesuffix("[]") in SENSITIVE else SETTINGS[:1])],
    ids=str,
)
def test_random_values_are_read_and_printed_as_postgresql_does(oracle: Oracle, name: str, context: Context) -> None:
    use(oracle, context)
    oid, typmod = parse_type(name)
    r = random.Random(f"{name} {context}")
    for _ in range(COUNT):
        text = SAMPLES[name](r)
        shown, sent = oracle.show_both(name, text)
        assert isinstance(shown, bytes) and isinstance(sent, bytes), (text, shown)
        (value,) = decode_parameters([oid], [TEXT], [text.encode()], context)
        assert encoder(oid, typmod, TEXT, context)(value) == shown, (text, value)
        assert encoder(oid, typmod, BINARY, context)(value) == sent, (text, value)
        (again,) = decode_parameters([oid], [BINARY], [sent], context)
        assert encoder(oid, typmod, BINARY, context)(again) == sent, (text, value, again)
        assert encoder(oid, typmod, TEXT, context)(again) == shown, (text, value, again)


def outcome(oid: Oid, raw: bytes, parameter_format: int, context: Context) -> bytes | Refusal:
    try:
        (value,) = decode_parameters([oid], [parameter_format], [raw], context)
        return encoder(oid, -1, TEXT, context)(value)
    except PgError as error:
        return Refusal(error.code, error.message, error.hint)


LACKING = (  # what IRIS cannot hold is refused by us, whatever PostgreSQL makes of it
    "IRIS cannot hold a timestamp outside the years 1 to 9999",
    "IRIS cannot hold a timestamp with time zone outside the years 1 to 9999",
    "IRIS cannot hold the time 24:00:00",
)


@pytest.mark.parametrize(
    ("name", "context"),
    [(name, context) for name in INPUTS for context in (SETTINGS[:4] if name in SENSITIVE else SETTINGS[:1])],
    ids=str,
)
def test_what_people_write_is_understood_or_refused_as_postgresql_does(oracle: Oracle, name: str, context: Context) -> None:
    use(oracle, context)
    oid, _ = parse_type(name)
    for text in INPUTS[name]:
        ours = outcome(oid, text.encode(), TEXT, context)
        if isinstance(ours, Refusal) and ours.code == sqlstate.FEATURE_NOT_SUPPORTED:
            assert ours.message in LACKING, text
            continue
        assert ours == oracle.show_one(name, text, TEXT), text


BAD_BINARY = [
    ("jsonpath", "0224"), ("jsonpath", "01"), ("jsonpath", "0161"),
    ("bool", "0000"), ("bool", ""), ('"char"', ""), ('"char"', "6161"),
    ("int2", "00"), ("int2", "000000"), ("int4", "000000"), ("int4", "0000000000"), ("int8", "00"),
    ("float8", "0000"), ("float4", "000000000000"), ("oid", "00"), ("text", "ff"), ("text", "610062"), ("text", "c328"),
    ("text", "e282"), ("text", "f0288c28"), ("varchar", "eda080"), ("uuid", "00"), ("uuid", "00" * 17), ("date", "00"),
    ("date", "0000000000"), ("time", "00"), ("time", "7fffffffffffffff"), ("time", "ffffffffffffffff"),
    ("timetz", "000000000000000000ffffff"), ("timestamp", "00"), ("interval", "00"), ("jsonb", "02"), ("jsonb", "017b"),
    ("jsonb", ""), ("json", "7b"), ("numeric", "0000"), ("numeric", "0001000000000000"), ("numeric", "00010000000000002711"),
    ("numeric", "0001000012340000" + "0001"), ("numeric", "000000000000ffff"), ("numeric", "000100000000000000010001"),
    ("int4[]", "00"), ("int4[]", "00000001"), ("int4[]", "0000000100000000000000170000000100000001"),
    ("int4[]", "000000010000000000000017000000010000000100000004"), 
    ("int4[]", "0000000100000000000000170000000100000001000000050000000000"),
    ("int4[]", "000000070000000000000017"), ("int4[]", "ffffffff0000000000000017"), ("int4[]", "000000000000000200000017"),
    ("int4[]", "00000000000000000000001700"), ("inet", "00"), ("inet", "0520000401020304"), ("inet", "0221000401020304"),
    ("inet", "0220000301020304"), ("cidr", "0208010401020304"), ("macaddr", "00"), ("macaddr8", "00"), ("tid", "00"),
    ("bytea", ""), ("char(3)", "ff"), ("name", "61ff"),
]  # fmt: skip


def test_bad_binary_values_are_refused_as_postgresql_does(oracle: Oracle) -> None:
    for name, digits in BAD_BINARY:
        oid, _ = parse_type(name)
        raw = bytes.fromhex(digits)
        assert outcome(oid, raw, BINARY, Context()) == oracle.read_parameter(oid, raw, BINARY), (name, digits)
