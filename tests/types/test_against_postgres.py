"""Every type, random values: what PostgreSQL reads and prints, we read and print, byte for byte."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from pgiris.types.codec import Context
from pgiris.types.rows import decode_parameters, encoder
from pgiris.types.table import parse_type
from tests.types.oracle import BINARY, TEXT, Oracle
from tests.types.samples import SAMPLES

COUNT = 60
SETTINGS = [
    Context(),
    Context("Europe/Berlin", "SQL, DMY", "postgres_verbose", "escape", 0),
    Context("America/New_York", "Postgres, MDY", "iso_8601", "hex", 3),
    Context("Asia/Kathmandu", "German, DMY", "sql_standard", "escape", -3),
    Context("<+02>-02", "ISO, YMD", "postgres", "hex", 1),
    Context("Australia/Lord_Howe", "SQL, MDY", "sql_standard", "hex", 1),
    Context("UTC", "Postgres, DMY", "postgres", "hex", -15),
]


@pytest.mark.parametrize("context", SETTINGS, ids=lambda c: f"{c.time_zone} {c.date_style} {c.interval_style}")
@pytest.mark.parametrize("name", SAMPLES)
def test_random_values_are_read_and_printed_as_postgresql_does(oracle: Oracle, name: str, context: Context) -> None:
    oracle.set(
        TimeZone=context.time_zone,
        DateStyle=context.date_style,
        IntervalStyle=context.interval_style,
        bytea_output=context.bytea_output,
        extra_float_digits=context.extra_float_digits,
    )
    oid, typmod = parse_type(name)
    r = random.Random(f"{name} {context}")
    reading = replace(context, date_style=context.date_style)
    for _ in range(COUNT):
        text = SAMPLES[name](r)
        shown, sent = oracle.show_both(name, text)
        assert isinstance(shown, bytes) and isinstance(sent, bytes), (text, shown)
        (value,) = decode_parameters([oid], [TEXT], [text.encode()], reading)
        assert encoder(oid, typmod, TEXT, context)(value) == shown, (text, value)
        assert encoder(oid, typmod, BINARY, context)(value) == sent, (text, value)
        (again,) = decode_parameters([oid], [BINARY], [sent], context)
        assert encoder(oid, typmod, BINARY, context)(again) == sent, (text, value, again)
        assert encoder(oid, typmod, TEXT, context)(again) == shown, (text, value, again)
